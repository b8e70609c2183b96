"""The clocks, measured inside the program: `python -m bench.clocks NAME`, one JSON line.

`hours`: add and between. `found`: a million open clocks, how long it takes to find what is due. `due`: 10,000
clocks fall due at once, recorded by `--workers` processes, each once. `replay`: every ticket computed again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402

from firstline.calendars.seeds import exceptions_of  # noqa: E402
from firstline.calendars.working_time import Calendar  # noqa: E402
from firstline.lib import clock  # noqa: E402
from firstline.sla import replay  # noqa: E402
from firstline.sla.models import Clock  # noqa: E402
from firstline.tickets.models import Event, Kind, Ticket  # noqa: E402
from firstline.worker import jobs  # noqa: E402

Answer = dict[str, float]
WEEK = dict.fromkeys(range(5), ((540, 780), (840, 1080)))
AHEAD = timedelta(days=365)
MILLION, DUE, SOME = 1_000_000, 10_000, 2_000
Row = TypeVar("Row", bound=models.Model)


def hours() -> Answer:
    calendar = Calendar(ZoneInfo("Europe/Sofia"), WEEK, exceptions_of("BG", range(2015, 2040), WEEK))
    start = datetime(2026, 6, 15, 7, tzinfo=UTC)
    month, years = timedelta(minutes=480 * 21), timedelta(minutes=480 * 250 * 10)
    calendar.add(start, years)
    return {
        "add_month_us": _microseconds(lambda: calendar.add(start, month)),
        "between_month_us": _microseconds(lambda: calendar.between(start, start + timedelta(days=30))),
        "add_ten_years_us": _microseconds(lambda: calendar.add(start, years)),
        "between_ten_years_us": _microseconds(lambda: calendar.between(start, start + timedelta(days=3650))),
    }


def _microseconds(deed: Callable[[], object], times: int = 5_000) -> float:
    began = time.perf_counter()
    for _ in range(times):
        deed()
    return (time.perf_counter() - began) / times * 1e6


def found() -> Answer:
    """The statement by which the recorder finds what is due, beside a million clocks that are not."""
    row = Clock.objects.order_by("pk").values().first()
    if row is None:
        raise SystemExit("no clocks: build the data set first")
    far = clock.now() + 10 * AHEAD
    tickets = list(Ticket.objects.values_list("pk", flat=True))
    columns = [field.attname for field in Clock._meta.fields if field.attname != "id"]
    wanted = MILLION - Clock.objects.count()
    made = 0
    while made < wanted:
        rows = []
        for number in range(made, min(made + 20_000, wanted)):
            values = row | {"ticket_id": tickets[number % len(tickets)], "metric": "next_response"}
            values |= {"opened_by": -1 - number, "check_at": far + timedelta(seconds=number), "is_over": False}
            rows.append(Clock(**{name: values[name] for name in columns}))
        Clock.objects.bulk_create(rows, batch_size=500)
        made += len(rows)
    took = []
    for _ in range(200):
        began = time.perf_counter()
        list(Clock.objects.filter(check_at__lte=clock.now()).order_by("check_at", "pk")[:10])
        took.append((time.perf_counter() - began) * 1000)
    answer = {"clocks": float(Clock.objects.count()), "ms": statistics.median(took), "ms_worst": max(took)}
    Clock.objects.filter(opened_by__lt=0).delete()
    return answer


def due(workers: int) -> Answer:
    """10,000 clocks that fall due at one moment: how long until the last is recorded, and whether each was once.

    `seconds_2000` is when 2,000 of them were: nobody of 2,000 that fall due within a minute waits longer.
    """
    at = clock.now() + AHEAD
    _more_due(at, DUE)
    due_now = Clock.objects.filter(check_at__lte=at)
    waiting, before = due_now.count(), Event.objects.filter(kind=Kind.SLA_BREACH).count()
    connection.close()
    told: multiprocessing.Queue[tuple[float, int, float]] = multiprocessing.Queue()
    began = time.perf_counter()
    crew = [multiprocessing.Process(target=_record, args=(at, began, told)) for _ in range(workers)]
    for process in crew:
        process.start()
    steps = sorted(_told(told, workers))
    for process in crew:
        process.join()
    breaches_of = Event.objects.filter(kind=Kind.SLA_BREACH, learnt_at=at).values("ticket", "data__metric")
    took, done = steps[-1][0], 0
    first_2000 = took
    for moment, count, _ in steps:
        done += count
        if done >= SOME:
            first_2000 = moment
            break
    return {
        "due": waiting, "settled": sum(count for _, count, _ in steps), "seconds": took, "per_second": waiting / took,
        "seconds_2000": first_2000, "cpu_ms": sum(cpu for _, _, cpu in steps) / waiting * 1000,
        "breaches": Event.objects.filter(kind=Kind.SLA_BREACH).count() - before,
        "twice": breaches_of.annotate(times=Count("id")).filter(times__gt=1).count(),
        "left": due_now.filter(recorded_at__isnull=True).count(),
    }  # fmt: skip


def _told(told: multiprocessing.Queue[tuple[float, int, float]], workers: int) -> Iterator[tuple[float, int, float]]:
    """What the workers did, until each has said that nothing is left."""
    while workers:
        step = told.get(timeout=600)
        if step[1]:
            yield step
        else:
            workers -= 1


def _record(at: datetime, began: float, told: multiprocessing.Queue[tuple[float, int, float]]) -> None:
    connection.close()
    idle, cpu = 0, time.process_time()
    while idle < 3:
        done = jobs.judge(at)
        if done:
            now = time.process_time()
            told.put((time.perf_counter() - began, done, now - cpu))
            idle, cpu = 0, now
        else:
            idle += 1
            time.sleep(0.05)
    told.put((0.0, 0, 0.0))


def _more_due(at: datetime, wanted: int) -> None:
    """Copies of the open tickets with their histories, until so many clocks fall due."""
    while (missing := wanted - Clock.objects.filter(check_at__lte=at).count()) > 0:
        owing = Clock.objects.filter(check_at__lte=at).values("ticket")
        some = list(Ticket.objects.filter(pk__in=owing).prefetch_related("events", "clocks").order_by("pk")[:500])
        if not some:
            raise SystemExit("no open tickets: build the data set first")
        with transaction.atomic():
            _copy(some[:missing])


def _copy(tickets: Sequence[Ticket]) -> None:
    made = Ticket.objects.bulk_create([_as_new(ticket) for ticket in tickets])
    events, rows = [], []
    for ticket, copied in zip(tickets, made, strict=True):
        events += [_as_new(event, ticket=copied) for event in ticket.events.all()]
        rows += [_as_new(row, ticket=copied) for row in ticket.clocks.all()]
    for event in Event.objects.bulk_create(events, batch_size=500):
        event.ticket.version = event.pk
    Ticket.objects.bulk_update(made, ["version"], batch_size=200)
    Clock.objects.bulk_create(rows, batch_size=500)


def _as_new(row: Row, **changes: object) -> Row:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{name: value for name, value in fields.items() if name not in ("id", "ticket_id")}, **changes)


def replayed() -> Answer:
    began, spent, tickets, differences = time.perf_counter(), time.process_time(), 0, 0
    for _ticket, differing in replay.differences_of(Ticket.objects.order_by("pk").iterator(chunk_size=500)):
        tickets += 1
        differences += len(differing)
    took = time.perf_counter() - began
    return {"tickets": tickets, "seconds": took, "ms_a_ticket": took / tickets * 1000, "differences": differences,
            "cpu_ms": (time.process_time() - spent) / tickets * 1000}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.clocks")
    parser.add_argument("name", choices=["hours", "found", "due", "replay"])
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    answers = {"hours": hours, "found": found, "due": lambda: due(given.workers), "replay": replayed}
    print(json.dumps(answers[given.name]()))


if __name__ == "__main__":
    main()

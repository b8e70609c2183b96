"""The clocks, measured inside the program: `python -m bench.clocks NAME`, one JSON line.

`hours`: add and between. `found`: a million open clocks, how long it takes to find what is due. `due`: everything that
is open falls due at once, recorded by `--workers` processes, each once. `replay`: every ticket computed again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import django

django.setup()

from django.db import connection  # noqa: E402

from firstline.calendars.seeds import exceptions_of  # noqa: E402
from firstline.calendars.working_time import Calendar  # noqa: E402
from firstline.lib import clock  # noqa: E402
from firstline.sla import breaches, replay  # noqa: E402
from firstline.sla.models import Clock  # noqa: E402
from firstline.tickets.models import Event, Kind, Ticket  # noqa: E402

Answer = dict[str, float]
WEEK = dict.fromkeys(range(5), ((540, 780), (840, 1080)))
AHEAD = timedelta(days=365)
MILLION = 1_000_000


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
    """Every open clock falls due at one moment; how long until the last is recorded, and whether each was once."""
    at = clock.now() + AHEAD
    waiting = Clock.objects.filter(check_at__lte=at).count()
    before = Event.objects.filter(kind=Kind.SLA_BREACH).count()
    owed = Clock.objects.filter(check_at__lte=at, recorded_at__isnull=True).count()
    began = time.perf_counter()
    connection.close()
    crew = [multiprocessing.Process(target=_record, args=(at,)) for _ in range(workers)]
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    took = time.perf_counter() - began
    breached = Event.objects.filter(kind=Kind.SLA_BREACH).count() - before
    recorded = Clock.objects.filter(recorded_at__isnull=False).count()
    return {"due": waiting, "seconds": took, "per_second": waiting / took, "breaches": breached, "owed": owed,
            "recorded_rows": recorded, "left": Clock.objects.filter(check_at__lte=at).count()}  # fmt: skip


def _record(at: datetime) -> None:
    connection.close()
    idle = 0
    while idle < 3:
        if breaches.record_due(at=at, limit=50):
            idle = 0
        else:
            idle += 1
            time.sleep(0.05)


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

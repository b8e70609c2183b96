"""A desk that lives: tickets come by the hour of the day, twelve people work on them by the product's own verbs, the
worker's jobs run between, and time is whatever the test says.

Who is on shift is said here a second time, by plain tables, so that what the product believes can be compared with it.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from firstline.jobs.schedule import Periodic, run_due
from firstline.lines import learning
from firstline.people.models import Person
from firstline.roster import planning, reinforcement
from firstline.roster.models import Absence, Pattern
from firstline.tickets import conversation, handover, lifecycle, lists, queries
from firstline.tickets.lists import Filters
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from firstline.worker.jobs import CONTINUAL, PERIODIC
from tests import cast
from tests.conftest import CORPORA

ZONE = ZoneInfo("Europe/Moscow")
STEP, MINUTE = timedelta(minutes=10), timedelta(minutes=1)
# Arrivals by hour on a working day and on a free one, where the event logs are not here: two peaks on a working day.
WORKING = (2, 2, 2, 2, 3, 4, 8, 18, 40, 70, 78, 74, 58, 56, 72, 70, 58, 44, 28, 18, 14, 12, 8, 5)
FREE = (1, 1, 1, 1, 1, 2, 3, 4, 6, 8, 9, 8, 6, 5, 6, 6, 5, 4, 3, 3, 2, 2, 1, 1)
# Jobs that have nothing to do with who works on what; the others are THE list's, whatever comes to stand on it.
NOT_HERE = {"deliver", "index", "settle", "probe", "renew", "understand"}

Schedule = dict[str, tuple[tuple[int, ...], int, int]]
ALL, WEEKDAYS = tuple(range(7)), tuple(range(5))
# login: days of the week, from hour, to hour (after midnight: more than 24).
SHIFTS: Schedule = {
    "olga": (WEEKDAYS, 8, 16), "nadia": (WEEKDAYS, 8, 16), "w1": (WEEKDAYS, 8, 17), "w2": (WEEKDAYS, 11, 20),
    "w3": (WEEKDAYS, 12, 20), "w4": (ALL, 20, 32), "w5": ((5, 6), 10, 18),
    "emil": (WEEKDAYS, 9, 18), "e1": (WEEKDAYS, 9, 18), "e2": (WEEKDAYS, 11, 20), "e3": (ALL, 12, 20),
    "lev": (WEEKDAYS, 9, 18),
}  # fmt: skip


@cache
def arrivals() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many come in each hour of a working day and of a free one: as in the event log, if it is here."""
    log = CORPORA / "eventlogs" / "bpic2013" / "incidents.csv.gz"
    if not log.exists():
        return WORKING, FREE
    first: dict[str, str] = {}
    with gzip.open(log, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            case, at = row["case"], row["time:timestamp"]
            first[case] = min(at, first.get(case, at))
    counts = Counter((at.weekday() < 5, at.hour) for at in map(datetime.fromisoformat, first.values()))
    # Five working days share what came on them, two free ones what came on those.
    return tuple(counts[True, hour] // 5 for hour in range(24)), tuple(counts[False, hour] // 2 for hour in range(24))


@dataclass
class Worker:
    """Somebody who works: at what, and until when he is at it."""

    person: Person
    ticket: int | None = None
    until: datetime | None = None


@dataclass
class Desk:
    """The stage, its people, and what happened to be counted at the end."""

    s: SimpleNamespace
    chance: random.Random
    move_clock: Callable[[datetime], None]
    a_day: int
    workers: dict[str, Worker] = field(default_factory=dict)
    away: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    surge: tuple[datetime, datetime, float] | None = None
    called_in: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    tickets: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def here(self, at: datetime) -> set[str]:
        """Who is on shift by the tables above and not away, or was called in."""
        local = at.astimezone(ZONE)
        found = set()
        for login, (days, start, end) in SHIFTS.items():
            for back in (0, 1):
                hour = local.hour + local.minute / 60 + 24 * back
                if (local.weekday() - back) % 7 in days and start <= hour < end:
                    found.add(login)
        found |= {login for login, (start, end) in self.called_in.items() if start <= at < end}
        return {login for login in found if not self.is_away(login, at)}

    def is_away(self, login: str, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.away.get(login, ()))

    def call_in(self, start: datetime, end: datetime) -> None:
        """The manager asks three of the reserve; two come, one cannot."""
        s = self.s
        wanted = reinforcement.Wanted("Наплыв заявок", start, end, "operator", clients=(s.north, s.south), lines="1",
                                      people=(s.r1, s.r2, s.r3))  # fmt: skip
        row = reinforcement.call(wanted, by=s.maria, at=start - timedelta(minutes=10))
        for call_up in row.call_ups.select_related("person").order_by("pk"):
            comes = call_up.person != s.r3
            reinforcement.answer(call_up, accepts=comes, at=start - timedelta(minutes=5))
            if comes:
                self.called_in[call_up.person.login] = (start, end)

    def leave(self, login: str, start: datetime, end: datetime) -> None:
        """He is away; the roster is told."""
        person = self.workers[login].person
        Absence.objects.create(person=person, starts_at=start, ends_at=end)
        planning.replan_person(person, start)
        self.away.setdefault(login, []).append((start, end))

    def live(self, start: datetime, end: datetime, after: Callable[[datetime], None]) -> None:
        """Step by step; `after` is asked at each full hour."""
        at = start
        while at < end:
            self.move_clock(at)
            self._arrive(at)
            run_jobs(at)
            for login in sorted(self.here(at)):
                self._work(self.workers[login], at)
            self._clients(at)
            run_jobs(at)
            if at.minute == 0:
                after(at)
            at += STEP

    def _arrive(self, at: datetime) -> None:
        working, free = arrivals()
        local = at.astimezone(ZONE)
        shape = working if local.weekday() < 5 else free
        rate = self.a_day * shape[local.hour] / sum(working) / 6
        if self.surge and self.surge[0] <= at < self.surge[1]:
            rate *= self.surge[2]
        while rate > 0 and self.chance.random() < rate:
            rate -= 1
            s, priority = self.s, self.chance.choice((1, 2, 3, 3, 3, 4))
            asks = self.chance.choice((s.ivan, s.irina, s.stoyan, s.kira))
            ticket = cast.ticket(
                s, requester=asks, at=at, priority=priority, category=self.chance.choice((s.jam, None))
            )
            self.tickets.append(ticket.pk)
            self.done["came"] += 1

    def _work(self, worker: Worker, at: datetime) -> None:
        if worker.until is not None and worker.until > at:
            return
        if worker.ticket is not None:
            self._finish(worker, at)
        worker.ticket = self._next(worker.person, at)
        if worker.ticket is not None:
            worker.until = at + self.chance.choice((1, 1, 2, 2, 3, 5)) * STEP

    def _next(self, person: Person, at: datetime) -> int | None:
        """His own first, then the head of his line's queue."""
        held = {one.ticket for one in self.workers.values()}
        mine = lists.found(person, Filters(assignee="me"), at).filter(status__in=("new", "in_progress"))
        free = lists.found(person, Filters(assignee="none", line=str(person.line)), at)
        for rows in (mine, free.filter(status__in=("new", "in_progress"))):
            for number in rows.order_by("queue_at", "id").values_list("pk", flat=True)[:20]:
                if number not in held:
                    lifecycle.take(queries.get_for(person, number), by=person, at=at)
                    self.done["taken"] += 1
                    return int(number)
        return None

    def _finish(self, worker: Worker, at: datetime) -> None:
        person, ticket = worker.person, Ticket.objects.get(pk=worker.ticket)
        worker.ticket = worker.until = None
        if ticket.assignee_id != person.pk or not ticket.is_open:
            self.done["gone meanwhile"] += 1
            return
        fate = self.chance.random()
        if ticket.status != "in_progress":
            return
        if ticket.line < 3 and fate < (0.25 if ticket.line == 1 else 0.1):
            self._hand_over(ticket, ticket.line + 1, person, at)
        elif ticket.line > 1 and fate > 0.8 and handover.open_card(ticket) is not None:
            handover.send_back(ticket, why="Не хватает доступа.", by=person, at=at)
            self.done["returned"] += 1
        elif ticket.line > 1 and fate > 0.75:
            self._hand_over(ticket, ticket.line - 1, person, at)
        elif fate < 0.4:
            conversation.answer(ticket, Words(text="Проверьте, пожалуйста, ещё раз."), by=person, at=at)
            lifecycle.wait(ticket, on="client", reason="проверка", by=person, at=at)
            self.done["waits"] += 1
        else:
            lifecycle.resolve(ticket, how="Драйвер переустановлен.", remote=True, by=person, at=at)
            self.done["solved"] += 1

    def _hand_over(self, ticket: Ticket, to: int, by: Person, at: datetime) -> None:
        handover.hand_over(
            ticket, to_line=to, symptom="не печатает", tried="драйвер", impact="", reason="too_complex", by=by, at=at
        )
        self.done["handed over"] += 1

    def _clients(self, at: datetime) -> None:
        """Who is waited for answers some time; who was helped confirms, or comes again."""
        waited = Ticket.objects.filter(status="waiting_for_client").select_related("requester").order_by("pk")
        for ticket in waited:
            if self.chance.random() < 0.1:
                conversation.reply(ticket, Words(text="Проверили."), by=ticket.requester, at=at, channel=Channel.PORTAL)
        for ticket in Ticket.objects.filter(status="resolved").select_related("requester").order_by("pk"):
            fate = self.chance.random()
            if fate < 0.005:
                lifecycle.reopen(ticket, why="Снова не печатает.", by=ticket.requester, at=at)
                self.done["reopened"] += 1
            elif fate < 0.05:
                lifecycle.confirm(ticket, by=ticket.requester, at=at)


def run_jobs(at: datetime) -> None:
    """What the worker does by itself, until nothing is due."""
    for job in CONTINUAL:
        while job.__name__ not in NOT_HERE and job(at):
            pass
    run_due([job for job in PERIODIC if is_ours(job)], at=at)


def is_ours(job: Periodic) -> bool:
    """The jobs of lines, roster and board: those of letters and the index are tried elsewhere. Learning is a child with
    a database of its own, which knows nothing of this week and would be started at each step of the night."""
    if job.run is learning.see_to:
        return False
    return job.run.__module__.startswith(("firstline.lines", "firstline.roster", "firstline.reports"))


def open_desk(chance: random.Random, move_clock: Callable[[datetime], None], *, a_day: int, begins: date) -> Desk:
    """The cast with five more operators and three engineers, their shifts in the roster: twelve people."""
    s = cast.stage()
    both = (s.north, s.south)
    more = [(f"w{n}", "operator", s.line1) for n in range(1, 6)] + [(f"e{n}", "engineer", s.line2) for n in range(1, 4)]
    more += [(f"r{n}", "operator", s.line1) for n in range(1, 4)]  # the reserve: no shifts of their own
    for login, role, team in more:
        setattr(s, login, cast.person(login, f"Сотрудник {login}", role, team=team, scope=both))
    desk = Desk(s, chance, move_clock, a_day)
    monday = begins - timedelta(days=7 + begins.weekday())  # the days of a pattern are counted from where it begins
    morning = datetime(begins.year, begins.month, begins.day, tzinfo=ZONE)
    for login, (days, start, end) in SHIFTS.items():
        person = getattr(s, login)
        desk.workers[login] = Worker(person)
        hours = [[day, f"{start:02}:00", f"{end % 24:02}:00"] for day in days]
        Pattern.objects.create(slug=login, person=person, time_zone=ZONE.key, begins_on=monday, days=hours)
    for one in (s.r1, s.r2, s.r3):
        reinforcement.mark(one, in_reserve=True, by=s.maria, at=morning)
        desk.workers[one.login] = Worker(one)
    planning.replan([worker.person.pk for worker in desk.workers.values()], morning)
    return desk

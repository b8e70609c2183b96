"""The live board: what stands where now, who does what, what is about to break, what came and went.

Numbers of now are counted from the tickets themselves, by the same filters by which the queue lists them, so that a
number and its list are the same; what is past comes from the roll-ups. A person sees his lines (`lines_of`) and, as
everywhere, only the tickets that he may see. The number of statements does not grow with anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    OuterRef,
    PositiveSmallIntegerField,
    QuerySet,
    Sum,
    Value,
    When,
)  # fmt: skip

from firstline.lib import counting
from firstline.lib.asked_often import Among, Given, GivenMoment, Question
from firstline.people import asking
from firstline.people.models import Person
from firstline.people.roles import SEES_ALL, SOLVERS, Role
from firstline.reports import course, hindrances, rollups
from firstline.reports.models import Flow, Hourly, Standing
from firstline.roster import duty
from firstline.tickets import lists
from firstline.tickets.lists import LATELY, OPEN, Filters
from firstline.tickets.models import Event, Kind, Ticket
from firstline.worklog import timers
from firstline.worklog.timers import Running

LINES = (1, 2, 3)
SOON, AHEAD = 60, 240  # minutes
WEEK = timedelta(weeks=1)
SHOWN, SHOWN_LATE, MOST_PEOPLE = 8, 4, 40
HOURS_SHOWN, WEEKS_SHOWN = 24, 4
READ_BACK = 200  # hand-overs, the newest, among which those of his lines are looked for
TIMER = "timer"  # what somebody does whose timer runs
# A number of the board: the words of the queue's address bar that list its tickets.
ASKED: dict[str, dict[str, str]] = {
    "open": {},
    "soon": {"due": str(SOON)},
    "overdue": {"due": "overdue"},
    "unassigned": {"assignee": "none"},
    "ahead": {"due": str(AHEAD)},
    "handed_over": {"status": "any", "lately": "handed_over"},
    "returned": {"status": "any", "lately": "returned"},
    "reopened": {"status": "any", "lately": "reopened"},
}
Numbers = dict[str, int]


@dataclass(frozen=True)
class Waiting:
    """The oldest of its kind: which ticket, since when."""

    ticket: int
    since: datetime


@dataclass
class OfLine:
    """One line's queue: its numbers, the oldest on it and the oldest unanswered, what came and left in this hour and
    the one before."""

    line: int
    numbers: Numbers
    oldest: Waiting | None = None
    unanswered: Waiting | None = None
    came: int = 0
    left: int = 0
    came_before: int = 0
    left_before: int = 0
    here: int | None = None


@dataclass(frozen=True)
class AtWork:
    """Somebody of a line: how many open tickets are his, and what he does: the ticket in which his timer runs since
    then, else the last that he did, and when. `is_here` is None while no shifts are kept."""

    person: Person
    load: int
    ticket: int | None = None
    deed: str = ""
    since: datetime | None = None
    is_here: bool | None = None


@dataclass(frozen=True)
class HandedOver:
    event: Event
    came_back: bool


@dataclass
class Board:
    at: datetime
    lines: list[OfLine]
    before: Mapping[str, int]
    people: list[AtWork]
    to_come: list[dict[str, Any]]
    handed: list[HandedOver]
    hours: list[tuple[datetime, int, int]]
    heat: dict[datetime, int] = field(default_factory=dict)
    waiting: list[hindrances.Waiting] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(line.numbers[name] for line in self.lines)

    @property
    def unanswered(self) -> Waiting | None:
        """The oldest of all lines."""
        found = [line.unanswered for line in self.lines if line.unanswered]
        return min(found, key=lambda one: one.since, default=None)


def lines_of(person: Person) -> tuple[int, ...]:
    """A lead looks after his own line, the manager and the administrator after all."""
    if person.role == Role.LEAD:
        return (person.line,) if person.line else ()
    return LINES


def filters(name: str, lines: Sequence[int] = LINES, line: int | None = None) -> Filters:
    """What the queue is asked for to list the tickets of a number, of one line or of all of the board."""
    only = line if line is not None else lines[0] if len(lines) == 1 else None
    return Filters.of(ASKED[name] | ({"line": str(only)} if only else {}))


def of(person: Person, at: datetime) -> Board:
    """Everything that the board of this person shows at a moment."""
    lines = lines_of(person)
    numbers = _numbers_for(person, lines, at)
    whole = _sees_whole(person)
    hours = flows(lines, at)
    made = Board(
        at=at,
        lines=[OfLine(line, numbers[line]) for line in lines],
        before=_before(lines, at) if whole else {},
        people=at_work(person, lines, at),
        to_come=to_come(person, lines, at),
        handed=handed_over(person, lines, at),
        hours=[(one.hour, one.came, one.left) for one in hours],
        heat=heat(lines, at),
        waiting=hindrances.waiting(None if whole else lists.in_order(person), lines),
    )
    for one in made.lines:
        if any(who.is_here is not None for who in made.people):
            one.here = sum(bool(who.is_here) for who in made.people if who.person.line == one.line)
        _oldest(one, person)
        one.came, one.left = hours[-1].by_line[one.line]
        one.came_before, one.left_before = hours[-2].by_line[one.line]
    return made


def numbers_of(found: Callable[[Filters], QuerySet[Ticket]], lines: Iterable[int]) -> dict[int, Numbers]:
    """Each line's numbers, in one statement."""
    return _by_line(counting.exactly(_each(found, lines)), lines)


def _numbers_for(person: Person, lines: Sequence[int], at: datetime) -> dict[int, Numbers]:
    """The same of what a person may see, in words that are made once for all who are alike."""
    kind = asking.kind_of(person)
    who = asking.stand_in(person) if kind else person
    counts = _COUNTS.asked(kind and (kind, lines), who, lines, stands=asking.STANDS, asks=person.pk, at=at)
    return _by_line(counts, lines)


def _each(found: Callable[[Filters], QuerySet[Ticket]], lines: Iterable[int]) -> dict[str, QuerySet[Ticket]]:
    return {f"{line} {name}": found(filters(name, line=line)) for line in lines for name in ASKED}


_COUNTS = counting.Counts(
    lambda person, lines: _each(lambda asked: lists.found(person, asked, GivenMoment("at")), lines), most=None
)


def _by_line(counts: Mapping[str, int], lines: Iterable[int]) -> dict[int, Numbers]:
    return {line: {name: counts[f"{line} {name}"] for name in ASKED} for line in lines}


def note(at: datetime) -> None:
    """A job: keeps the numbers of the hour, of the whole desk."""
    if rollups.is_noted(at):
        return
    numbers = numbers_of(lambda asked: lists.narrowed(Ticket.objects.all(), asked, None, at), LINES)
    rollups.keep_hourly(at, numbers)


def _before(lines: Sequence[int], at: datetime) -> Numbers:
    """The same numbers in the same hour a week ago; empty where nobody noted them."""
    noted = list(
        Hourly.objects.filter(hour=rollups.hour_of(at - WEEK), line__in=lines).values_list("numbers", flat=True)
    )
    if len(noted) < len(lines):
        return {}
    return {name: sum(one.get(name, 0) for one in noted) for name in ASKED}


def _sees_whole(person: Person) -> bool:
    return person.role in SEES_ALL or person.scope_all


def _standing(person: Person) -> QuerySet[Standing]:
    """What stands on a line, of what he may see."""
    rows = Standing.objects.filter(line=Given("line", PositiveSmallIntegerField()))
    return rows if _sees_whole(person) else rows.filter(Exists(lists.in_order(person).filter(pk=OuterRef("ticket"))))


_OLDEST = asking.OfSomebody(
    lambda person: (
        _standing(person).filter(is_open__in=[True]).order_by("line_since").values_list("ticket_id", "line_since")[:1]
    )
)
_UNANSWERED = asking.OfSomebody(
    lambda person: (
        _standing(person)
        .filter(unanswered_since__isnull=False)
        .order_by("unanswered_since")
        .values_list("ticket_id", "unanswered_since")[:1]
    )
)


def _oldest(one: OfLine, person: Person) -> None:
    on_line, unanswered = _OLDEST.first(person, line=one.line), _UNANSWERED.first(person, line=one.line)
    one.oldest = Waiting(*on_line) if on_line else None
    one.unanswered = Waiting(unanswered[0], unanswered[1]) if unanswered and unanswered[1] else None


@cache
def _people(lines: Sequence[int]) -> Question[Person]:
    """Who stands on these lines, those first who are here."""
    comes = Case(When(pk__in=Among("here", BigIntegerField()), then=Value(0)), default=Value(1))
    people = Person.objects.filter(is_active=True, role__in=SOLVERS, team__line__in=lines)
    rows = people.annotate(comes=comes).select_related("team", "last_deed")
    return Question(lambda: rows.order_by("comes", "team__line", "name", "id")[:MOST_PEOPLE])


_LOAD = asking.OfSomebody(
    lambda person: (
        lists.in_order(person)
        .filter(OPEN, assignee__in=Among("people", BigIntegerField()))
        .order_by()
        .values_list("assignee")
        .annotate(Count("pk"))
    )
)


def at_work(viewer: Person, lines: Sequence[int], at: datetime) -> list[AtWork]:
    """Who stands on these lines, who is here first, by line and name; at most MOST_PEOPLE. The load is of tickets that
    the viewer may see."""
    here = duty.on_duty(at) if duty.is_kept() else None
    found = _people(lines).all(here=here or ()) if lines else []
    numbers = [person.pk for person in found]
    load = dict(_LOAD.all(viewer, people=numbers))
    running = timers.running(numbers)
    return [
        _at_work(person, load.get(person.pk, 0), running.get(person.pk), None if here is None else person.pk in here)
        for person in found
    ]


def _at_work(person: Person, load: int, running: Running | None, is_here: bool | None) -> AtWork:
    if running is not None:
        return AtWork(person, load, running.ticket_id, TIMER, running.since, is_here)
    deed = getattr(person, "last_deed", None)
    if deed is None:
        return AtWork(person, load, is_here=is_here)
    return AtWork(person, load, deed.ticket_id, deed.kind, deed.at, is_here)


COLUMNS = (
    "id", "subject", "status", "priority", "line", "version", "queue_at", "assignee_id", "assignee__name",
    "assignee__login", "client__name", "client__names", "requester__name",
)  # fmt: skip


def to_come(person: Person, lines: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """What is overdue, the latest first, and what breaks next if nobody acts."""
    late, ahead = _coming(lines)
    return [*late.all(person, at=at)[::-1], *ahead.all(person, at=at)]


@cache
def _coming(lines: Sequence[int]) -> tuple[asking.OfSomebody[dict[str, Any]], asking.OfSomebody[dict[str, Any]]]:
    """What is overdue and what will be; there are as many boards as lines, and the one of all."""
    at = GivenMoment("at")

    def late(person: Person) -> QuerySet[Ticket, dict[str, Any]]:
        rows = lists.found(person, filters("overdue", lines), at).order_by("-queue_at", "-id")
        wanted: QuerySet[Ticket, dict[str, Any]] = rows.values(*COLUMNS)[:SHOWN_LATE]
        return wanted

    def ahead(person: Person) -> QuerySet[Ticket, dict[str, Any]]:
        rows = lists.found(person, filters("ahead", lines), at).order_by("queue_at", "id")
        wanted: QuerySet[Ticket, dict[str, Any]] = rows.values(*COLUMNS)[:SHOWN]
        return wanted

    return asking.OfSomebody(late), asking.OfSomebody(ahead)


def _moved(kind: Kind) -> Question[Event]:
    """The newest moves of a kind: each has an index of its own."""
    events = Event.objects.filter(kind=kind, happened_at__gt=GivenMoment("at") - LATELY)
    return Question(lambda: events.select_related("ticket", "by").order_by("-happened_at", "-pk")[:READ_BACK])


_MOVED = (_moved(Kind.HANDED_OVER), _moved(Kind.RETURNED))
_TICKETS = Among("tickets", BigIntegerField())
# Asked for these few only: for who sees all, "his tickets" are a million that nobody should collect first.
_HIS = asking.OfSomebody(lambda person: lists.in_order(person).filter(pk__in=_TICKETS).values_list("pk", flat=True))
_EARLIER = Question(
    lambda: (
        Event.objects.filter(ticket__in=_TICKETS, kind=Kind.HANDED_OVER)
        .order_by()
        .values_list("pk", "ticket_id", "data__from_line")
    )
)


def handed_over(person: Person, lines: Sequence[int], at: datetime) -> list[HandedOver]:
    """The hand-overs and returns of the shift, the newest first, and which of them went where the ticket had been."""
    rows = [event for question in _MOVED for event in question.all(at=at)]
    his = set(_HIS.all(person, tickets={row.ticket_id for row in rows}))
    rows = [row for row in rows if row.ticket_id in his and row.ticket.line in lines]
    rows = sorted(rows, key=lambda row: (row.happened_at, row.pk), reverse=True)[:SHOWN]
    left: dict[int, list[tuple[int, int]]] = {}
    for number, ticket, line in _EARLIER.all(tickets={row.ticket_id for row in rows}):
        left.setdefault(ticket, []).append((number, line))
    return [
        HandedOver(
            row,
            any(line == row.data.get("to_line") and pk < row.pk for pk, line in left.get(row.ticket_id, ())),
        )
        for row in rows
    ]


class Flowed(NamedTuple):
    """What came and left in an hour, as a whole and by line: (in, out), moves between lines included."""

    hour: datetime
    came: int
    left: int
    by_line: dict[int, tuple[int, int]]


def flows(lines: Sequence[int], at: datetime) -> list[Flowed]:
    """Hour by hour until now. From one to another of these lines is no coming, where all of them are asked for."""
    last = rollups.hour_of(at)
    hours = [last - timedelta(hours=back) for back in range(HOURS_SHOWN - 1, -1, -1)]
    found: dict[datetime, dict[tuple[int, str], int]] = {hour: {} for hour in hours}
    rows = Flow.objects.filter(hour__gte=hours[0], hour__lte=last, line__in=lines)
    for hour, line, what, count in rows.values_list("hour", "line", "what", "count"):
        found[hour][line, what] = count
    made = []
    for hour, moved in found.items():
        by_line = {
            line: (
                sum(n for (of_line, what), n in moved.items() if of_line == line and what in course.INTO),
                sum(n for (of_line, what), n in moved.items() if of_line == line and what not in course.INTO),
            )
            for line in lines
        }
        between = sum(n for (_line, what), n in moved.items() if what == "in") if len(lines) == len(LINES) else 0
        came = sum(one[0] for one in by_line.values()) - between
        made.append(Flowed(hour, came, sum(one[1] for one in by_line.values()) - between, by_line))
    return made


def heat(lines: Sequence[int], at: datetime) -> dict[datetime, int]:
    """How many new tickets came in each hour of the last weeks; hours without any are not there."""
    since = rollups.hour_of(at) - timedelta(weeks=WEEKS_SHOWN)
    rows = Flow.objects.filter(what="came", hour__gte=since, hour__lte=at, line__in=lines).order_by()
    return dict(rows.values_list("hour").annotate(Sum("count")))

"""What was judged, solved and measured under a contract in a period, as values for penalties and indicators.

Read from the rows that follow the history (clocks, tickets, ratings, outages): a month costs as many statements as its
tables, not as its tickets; only how late somebody was is asked of the histories themselves, many at once. A clock
belongs to the period in which its verdict falls, a ticket to that of its last solution
(research/features_itsm.md §3.2). What was merged into another ticket is that ticket's, or one request
would be charged twice; but a breach that the other has not stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from firstline.calendars.timetables import timetable_of
from firstline.contracts.coverage import Coverage
from firstline.contracts.models import Contract, ContractVersion, Outage
from firstline.contracts.outages import of_service, touching
from firstline.contracts.terms import coverage_of
from firstline.lib.periods import Period
from firstline.sla import clocks
from firstline.sla.attribution import late_by
from firstline.sla.facts import Fact
from firstline.sla.indicators import Down, Solved, uptime
from firstline.sla.models import Clock, ClockState
from firstline.sla.penalties import Judged, Share
from firstline.sla.reading import Reading, derive
from firstline.sla.terms_of_contract import ContractTerms, Hours
from firstline.tickets.models import Event, Kind, Rating

# The events that say on which line a ticket was, and whether it was solved.
TELLING = (Kind.CREATED, *clocks.GIVING, Kind.HANDED_OVER, Kind.TAKEN, Kind.RESOLVED, Kind.REOPENED)
OF_ITS_OWN = Q(ticket__merged_into__isnull=True)
# One request is charged once, and a merge forgives nothing: what was merged away still answers for a breach that the
# ticket it became has not.
_SAME_OF_THE_TARGET = Clock.objects.filter(
    ticket=OuterRef("ticket__merged_into"), metric=OuterRef("metric"), state=ClockState.BREACHED
)
COUNTS = OF_ITS_OWN | (Q(state=ClockState.BREACHED) & ~Exists(_SAME_OF_THE_TARGET))
AT_ONCE = 500  # clocks whose tickets' histories are fetched together
Row = TypeVar("Row", bound=Model)


class Lateness(NamedTuple):
    """Minutes past the deadline, and how many of them were whose time."""

    minutes: Fraction
    by: Mapping[str, Fraction]


NOT_LATE = Lateness(Fraction(0), {})


def judged(version: ContractVersion, within: Period, *, at: datetime) -> list[Judged]:
    """Every clock of the version's tickets whose verdict falls into the period, the broken ones with how late they
    were and by whose time.

    A clock that still runs past its deadline is late until `at`, one that was stopped until then. The histories of
    those that are late are read again, some hundred at once.
    """
    terms, found, waiting = _Hours(), [], _verdicts(version, within).iterator(chunk_size=2000)
    while some := list(islice(waiting, AT_ONCE)):
        late = _lateness([row for row in some if row.state == ClockState.BREACHED], terms, at)
        found += [_judged(row, late.get(row.pk, NOT_LATE)) for row in some]
    return found


def counted(version: ContractVersion, within: Period) -> list[Judged]:
    """The same without how late they were: for who only counts."""
    return [_judged(row, NOT_LATE) for row in _verdicts(version, within).iterator(chunk_size=2000)]


def solved(of: ContractVersion | Contract, within: Period, *, at: datetime) -> list[Solved]:
    """Every ticket of a version, or of all versions of a contract, that was solved in the period, by its last solution
    in it; `reopened` is one that came back after that."""
    solved_here = Event.objects.filter(OF_ITS_OWN, _under(of, "ticket__contract"), kind=Kind.RESOLVED)
    solutions = _in(solved_here, "happened_at", within)
    lives: dict[int, _Life] = {}
    told = Event.objects.filter(ticket__in=solutions.values("ticket_id"), kind__in=TELLING).order_by("id")
    rows = told.values_list("ticket_id", "kind", "happened_at", "data", "ticket__window_ends_at")
    for number, kind, moment, data, window in rows.iterator(chunk_size=2000):
        lives.setdefault(number, _Life(number, window)).hear(kind, moment, data, within)
    return [life.solved(at) for life in lives.values()]


def scores(of: ContractVersion | Contract, within: Period) -> list[int]:
    """The ratings that stand, of those given in the period."""
    rows = Rating.objects.filter(OF_ITS_OWN, _under(of, "ticket__contract"))
    return list(_in(rows, "at", within).values_list("score", flat=True))


def availability(version: ContractVersion, within: Period, service: int | None, *, at: datetime) -> Share:
    """Agreed time without an outage of this service (None: of anything that the contract covers)."""
    if within.end is None:
        raise ValueError("availability is of a period that ends")
    client = version.contract.client_id
    rows = Outage.objects.filter(touching(client), is_notice=False, starts_at__lt=within.end)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=within.start))
    rows = of_service(rows, service)
    covered = coverage_of(version)
    downs = [
        Down(Period(row.starts_at, row.ends_at), planned=row.planned, excused=row.excused)
        for row in rows.prefetch_related("services")
        if service is not None or _touches_covered(row, covered)
    ]
    return uptime(timetable_of(version.calendar), within, downs, at)


def _touches_covered(row: Outage, covered: Coverage) -> bool:
    """Whether any of its services is of the contract; it is where it names none."""
    named = row.services.all()
    return not named or any(covered.of(one.pk) != "excluded" for one in named)


def has_verdicts(version: ContractVersion, within: Period) -> bool:
    """Whether any of its tickets was judged then."""
    return _verdicts(version, within).exists()


def missed(version: ContractVersion, within: Period) -> QuerySet[Clock]:
    """The breached clocks of the period, excused or not, for who opens the number."""
    broken = Clock.objects.filter(COUNTS, ticket__contract=version, state=ClockState.BREACHED)
    return _in(broken, "verdict_at", within).select_related("ticket").order_by("verdict_at", "id")


def lateness(facts: Sequence[Fact], reading: Reading) -> Lateness:
    """How many minutes a clock is late at its moment, exactly, and by whose time."""
    if reading.state != "breached":
        return NOT_LATE
    by = {party: _minutes(length) for party, length in late_by(facts, reading).items()}
    return Lateness(_minutes(max(reading.consumed - reading.promise.target, timedelta())), by)


def _verdicts(version: ContractVersion, within: Period) -> QuerySet[Clock]:
    return (
        _in(Clock.objects.filter(COUNTS, ticket__contract=version), "verdict_at", within)
        .filter(Q(state=ClockState.MET) | Q(state=ClockState.BREACHED, recorded_at__isnull=False))
        .select_related("ticket", "ticket__service")
        .order_by("ticket_id", "id")
    )


class _Hours:
    """The terms by the hours that a verdict was given by; those of today where nothing was edited since."""

    def __init__(self) -> None:
        self._newest = clocks.newest_hours()
        self._known: dict[Hours | None, ContractTerms] = {}

    def of(self, clock: Clock) -> ContractTerms:
        then = clocks.judged_by(clock, self._newest)
        return self._known.setdefault(then, ContractTerms(then))


def _lateness(rows: Sequence[Clock], terms: _Hours, at: datetime) -> dict[int, Lateness]:
    """By the clock's number."""
    histories = clocks.histories([row.ticket for row in rows]) if rows else {}
    found = {}
    for row in rows:
        facts = histories[row.ticket_id]
        reading = next((one for one in derive(facts, terms.of(row), at) if clocks.is_of(row, one)), None)
        if reading is not None:
            found[row.pk] = lateness(facts, reading)
    return found


def _judged(row: Clock, lateness: Lateness) -> Judged:
    ticket = row.ticket
    return Judged(
        ticket=ticket.pk,
        metric=row.metric,
        met=row.state == ClockState.MET,
        priority=ticket.priority,
        type=ticket.type,
        service=ticket.service.slug if ticket.service else "",
        late=lateness.minutes,
        late_by=lateness.by,
        excused=row.excused is not None,
    )


def _minutes(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 60_000_000)


@dataclass
class _Life:
    """A ticket's lines and solutions, event by event."""

    ticket: int
    window_ends_at: datetime | None
    began_on: int = 0
    highest: int = 0
    highest_then: int = 0
    remote: bool = False
    reopened: bool = False

    def hear(self, kind: str, moment: datetime, data: dict[str, Any], within: Period) -> None:
        for line in (data.get("from_line"), data.get("to_line"), data.get("line")):
            if isinstance(line, int):
                self.began_on = self.began_on or line
                self.highest = max(self.highest, line)
        if kind == Kind.RESOLVED and within.covers(moment):
            self.remote, self.reopened, self.highest_then = bool(data.get("remote")), False, self.highest
        elif kind == Kind.REOPENED:
            self.reopened = self.highest_then > 0

    def solved(self, at: datetime) -> Solved:
        sure = self.reopened or self.window_ends_at is None or self.window_ends_at <= at
        return Solved(
            self.ticket,
            self.began_on or 1,
            self.highest_then or 1,
            remote=self.remote,
            reopened=self.reopened,
            sure=sure,
        )


def _under(of: ContractVersion | Contract, path: str) -> Q:
    """What is under this version, or under any version of this contract."""
    return Q(**{path if isinstance(of, ContractVersion) else f"{path}__contract": of})


def _in(rows: QuerySet[Row], field: str, within: Period) -> QuerySet[Row]:
    rows = rows.filter(**{f"{field}__gte": within.start})
    return rows if within.end is None else rows.filter(**{f"{field}__lt": within.end})

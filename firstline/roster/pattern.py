"""When a pattern of shifts is worked: from wall time in a zone, day after day of a cycle, to periods. Pure.

A cycle of seven days is a week, of fourteen two weeks in turn, of eight "two days, two nights, four off". A shift
begins at the first moment at which the clock on the wall has reached its start, and ends when the clock has shown less
than its end for the last time: where the clocks change, one shift ends no earlier than the next one begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from firstline.lib.periods import Period, clipped, merged, minus

DAY = timedelta(days=1)
MINUTES_OF_DAY = 24 * 60
LONGEST_CYCLE = 366
_SECOND = timedelta(seconds=1)


class Span(NamedTuple):
    """Minutes of a day; an end that is not after the start lies on the next day."""

    start: int
    end: int


class Worked(NamedTuple):
    """One shift: the local day on which it begins, and when that is."""

    day: date
    period: Period


@dataclass(frozen=True)
class Cycle:
    """Spans by the day of the cycle, from 0; `begins_on` is a day 0, `ends_on` the last day on which a shift begins."""

    zone: ZoneInfo
    begins_on: date
    length: int
    days: Mapping[int, tuple[Span, ...]]
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.length <= LONGEST_CYCLE:
            raise ValueError("length")
        if any(not 0 <= day < self.length for day in self.days):
            raise ValueError("days")

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """What begins on this local day."""
        if day < self.begins_on or (self.ends_on is not None and day > self.ends_on):
            return ()
        return self.days.get((day - self.begins_on).days % self.length, ())

    def worked(self, within: Period) -> Iterator[Worked]:
        """Every shift that reaches into the period (its end must be known), in order of their days, whole."""
        for day in days_of(self.zone, within):
            for span in self.spans_on(day):
                period = period_of(self.zone, day, span)
                if period is not None and clipped([period], within):
                    yield Worked(day, period)


class Given(NamedTuple):
    """The shifts of `day` go from one person to another."""

    day: date
    giver: int
    taker: int


def days_of(zone: ZoneInfo, within: Period) -> Iterator[date]:
    """The local days on which something may begin that reaches into the period."""
    if within.end is None:
        raise ValueError("the end of the period is not known")
    day = within.start.astimezone(zone).date() - DAY
    last = within.end.astimezone(zone).date()
    while day <= last:
        yield day
        day += DAY


def period_of(zone: ZoneInfo, day: date, span: Span) -> Period | None:
    """The moments of a span that begins on this day; None where the clocks leave nothing of it."""
    midnight = datetime.combine(day, time())
    length = span.end - span.start if span.end > span.start else span.end + MINUTES_OF_DAY - span.start
    begin = midnight + timedelta(minutes=span.start)
    start, end = reached(zone, begin), left(zone, begin + timedelta(minutes=length))
    return Period(start, end) if start < end else None


def reached(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first moment at which the clock on the wall shows `wall`, or more because it was put forward over it."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment if _shown(zone, moment) == wall else _jump(zone, wall)


def left(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment after the last one at which the clock on the wall shows less than `wall`."""
    moment = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if _shown(zone, moment) != wall:
        return _jump(zone, wall)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment if _shown(zone, moment - _SECOND) < wall else first


def shifts(
    cycles: Mapping[int, Sequence[Cycle]],
    changed: Mapping[tuple[int, date], Sequence[Period]],
    given: Iterable[Given],
    within: Period,
) -> dict[int, list[Worked]]:
    """What each person works in a period: his cycles, then the days that were changed, then what was given away."""
    have: dict[int, list[Worked]] = {}
    for person, own in cycles.items():
        works = [shift for cycle in own for shift in cycle.worked(within) if (person, shift.day) not in changed]
        have[person] = works
    for (person, day), periods in changed.items():
        have.setdefault(person, []).extend(Worked(day, period) for period in periods if clipped([period], within))
    for day, giver, taker in given:
        moved = [shift for shift in have.get(giver, ()) if shift.day == day]
        have[giver] = [shift for shift in have.get(giver, ()) if shift.day != day]
        have.setdefault(taker, []).extend(moved)
    return {person: sorted(works) for person, works in have.items()}


def present(works: Iterable[Worked], away: Iterable[Period], within: Period) -> list[Period]:
    """When somebody is really here: his shifts without his absences, inside the period, in order."""
    return clipped(minus([shift.period for shift in works], away), within)


def turns(
    zone: ZoneInfo, begins_on: date, changes_at: int, length: int, people: Sequence[int], within: Period
) -> list[tuple[int, Period]]:
    """Who of a rotation has it when: each for `length` days, changing at a minute of the day, one after the other."""
    if not people:
        return []
    if within.end is None or length < 1:
        raise ValueError("the end of the period, or the length of a turn, is not known")
    number = max(0, (within.start.astimezone(zone).date() - begins_on).days // length - 1)
    found: list[tuple[int, Period]] = []
    while True:
        start = _change(zone, begins_on, changes_at, length * number)
        if start >= within.end:
            return found
        period = Period(start, _change(zone, begins_on, changes_at, length * (number + 1)))
        if clipped([period], within):
            found.append((people[number % len(people)], period))
        number += 1


def only_within(periods: Iterable[Period], hours: Sequence[Period]) -> list[Period]:
    """The parts of the periods that lie in the hours."""
    return merged(part for hour in hours for part in clipped(periods, hour))


def _change(zone: ZoneInfo, begins_on: date, changes_at: int, days: int) -> datetime:
    wall = datetime.combine(begins_on + timedelta(days=days), time()) + timedelta(minutes=changes_at)
    return reached(zone, wall)


def _shown(zone: ZoneInfo, moment: datetime) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _jump(zone: ZoneInfo, wall: datetime) -> datetime:
    """When the clock is put forward over `wall`, which it never shows: found by halving between its two readings."""
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if _shown(zone, middle) < wall else (low, middle)
    return high


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The date of a moment in a zone."""
    return moment.astimezone(zone).date()

"""Working-time arithmetic: which moments are open, and when so much open time has passed. Pure: zones in, UTC out.

A calendar is judged by the clock on its wall: a moment is open when the local date and time it shows there lie in an
interval of that date, or in the night interval that began the day before. From this one sentence follows what happens
when the clocks change: of an interval that reaches into the hour that does not exist only the rest is open, and the
hour that comes twice is open both times. Sums are made in UTC, so such days are 23 or 25 hours long by themselves.

An interval belongs to the date on which it begins: an exception on a date replaces what begins that day, and a night
shift that began on the evening before runs to its end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

Interval = tuple[int, int]  # minutes of the local day, (0, 1440) = all of it; an end before the start is the next day's
Span = tuple[datetime, datetime]  # half-open, both ends in UTC

MINUTES_OF_DAY = 24 * 60
FIRST_YEAR, LAST_YEAR = 1900, 2500  # what is outside is a slip of the pen, and Python's dates end not far beyond
HORIZON_YEARS = 50  # how far a deadline is looked for: an almost empty calendar must not be searched for ever

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_NOTHING = timedelta()


class NeverOpen(Exception):
    """The calendar has too little working time to reach the asked moment."""


class OutOfRange(ValueError):
    """A moment before the year 1900 or after 2500."""


class WorkingTime(Protocol):
    """What a Calendar and a Timetable can both do. All moments are aware; answers are in UTC."""

    def add(self, start: datetime, work: timedelta) -> datetime:
        """Return the moment at which `work` of open time has passed since `start`; raise NeverOpen."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`; nothing when the end is not after the start."""

    def is_open(self, at: datetime) -> bool:
        """Say whether the moment is working time."""

    def next_open(self, at: datetime) -> datetime:
        """Return the first open moment at or after `at`; raise NeverOpen."""

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Yield the open spans inside [start, end), in order."""


@dataclass(frozen=True)
class Calendar:
    """The working hours of one place, the same for ever.

    `weekly` maps Monday = 0 … Sunday = 6 to intervals in minutes of the local day; a missing weekday is closed.
    `exceptions` maps local dates to the intervals that hold instead; no intervals = closed.
    Intervals may overlap (their union counts). ValueError: an interval that is empty or outside of the day.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[Interval]]
    exceptions: Mapping[date, Sequence[Interval]] = field(default_factory=dict)
    _table: _Table = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        weekly = {day: _checked(intervals) for day, intervals in self.weekly.items()}
        if not set(weekly) <= set(range(7)):
            raise ValueError(f"weekdays are 0 to 6, not {sorted(weekly)}")
        exceptions = {day: _checked(intervals) for day, intervals in self.exceptions.items()}
        object.__setattr__(self, "weekly", MappingProxyType(weekly))
        object.__setattr__(self, "exceptions", MappingProxyType(exceptions))
        object.__setattr__(self, "_table", _Table())

    def __hash__(self) -> int:
        return hash((self.zone.key, tuple(sorted(self.weekly.items())), tuple(sorted(self.exceptions.items()))))

    def add(self, start: datetime, work: timedelta) -> datetime:
        """Return the moment at which `work` of open time has passed since `start`.

        A deadline that falls exactly on closing time stays there; adding nothing gives the first open moment.
        Raises NeverOpen where the calendar does not hold so much within HORIZON_YEARS, ValueError for negative work.
        """
        if work <= _NOTHING:
            if work < _NOTHING:
                raise ValueError("working time cannot be added backwards")
            return self.next_open(start)
        start = start.astimezone(UTC)
        table = self._covering(start, start)
        goal = table.used(start) + work
        while goal > table.total:
            table = self._longer(table, start)
            goal = table.used(start) + work
        i = bisect_left(table.used_at_close, goal)
        return table.closes[i] - (table.used_at_close[i] - goal)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`; nothing when the end is not after the start."""
        if end <= start:
            return _NOTHING
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        table = self._covering(start, end)
        return table.used(end) - table.used(start)

    def is_open(self, at: datetime) -> bool:
        """Say whether the moment is working time; closing time itself is not."""
        at = at.astimezone(UTC)
        table = self._covering(at, at)
        i = bisect_right(table.opens, at) - 1
        return i >= 0 and at < table.closes[i]

    def next_open(self, at: datetime) -> datetime:
        """Return the first open moment at or after `at`. Raises NeverOpen as `add` does."""
        at = at.astimezone(UTC)
        table = self._covering(at, at)
        while not table.closes or table.closes[-1] <= at:
            table = self._longer(table, at)
        return max(at, table.opens[bisect_right(table.closes, at)])

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Yield the open spans inside [start, end), in order; spans that touch come as one."""
        if end <= start:
            return
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        table = self._covering(start, end)
        for i in range(bisect_right(table.closes, start), bisect_left(table.opens, end)):
            yield max(table.opens[i], start), min(table.closes[i], end)

    def _covering(self, start: datetime, end: datetime) -> _Table:
        table = self._table
        if table.valid_from <= start and end < table.valid_to:
            return table
        first, last = start.year, (end + timedelta(days=1)).year  # 31 December belongs to the next year's table too
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise OutOfRange(f"{start.isoformat()} … {end.isoformat()} is outside the years {FIRST_YEAR}–{LAST_YEAR}")
        if table.first_year:
            first, last = min(first, table.first_year), max(last, table.last_year)
        return self._keep(first, last)

    def _longer(self, table: _Table, start: datetime) -> _Table:
        last = min(start.year + HORIZON_YEARS, LAST_YEAR)
        dated = max((day.year for day in self.exceptions if self.exceptions[day]), default=0)
        if not any(self.weekly.values()):
            last = min(last, dated)  # only single dates are open: behind the last one there is nothing to find
        if table.last_year >= last:
            raise NeverOpen(f"not enough working time within {HORIZON_YEARS} years from {start.isoformat()}")
        # Twice as far each time: near deadlines stay cheap, far ones cost few rebuilds.
        grown = table.last_year + (table.last_year - table.first_year + 1)
        return self._keep(table.first_year, min(last, grown))

    def _keep(self, first_year: int, last_year: int) -> _Table:
        # Built aside and put in place by one assignment, so threads that share a calendar need no lock:
        # the worst that can happen is that two of them build the same table.
        spans = _spans(self, first_year, last_year)
        table = _Table(first_year, last_year, spans)
        object.__setattr__(self, "_table", table)
        return table


@dataclass(frozen=True)
class Timetable:
    """A calendar over its life: versions, each valid from a local date (of its own zone) until the next one begins.

    Each moment is judged by the version that holds at it, so an edit changes nothing before its day (product.md,
    "calendar edited"). The first version also holds before its date, which may be None; of two from the same date the
    later one holds. ValueError: no versions, or dates not in order. `number` is the last version's, for who must say by
    which hours he judged.
    """

    versions: Sequence[tuple[date | None, Calendar]]
    number: int = field(default=0, compare=False)
    _begins: tuple[datetime, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.versions:
            raise ValueError("a timetable needs at least one calendar")
        object.__setattr__(self, "versions", tuple(self.versions))
        begins = []
        for day, calendar in self.versions[1:]:
            if day is None:
                raise ValueError("only the first version may have no beginning")
            begins.append(local_midnight(calendar.zone, day))
        if any(later < earlier for earlier, later in pairwise(begins)):
            raise ValueError("the versions of a timetable must be in order of their dates")
        object.__setattr__(self, "_begins", tuple(begins))

    def __hash__(self) -> int:
        return hash(self.versions)

    def at(self, moment: datetime) -> Calendar:
        """Return the version that holds at a moment."""
        return self.versions[bisect_right(self._begins, moment)][1]

    def add(self, start: datetime, work: timedelta) -> datetime:
        """As Calendar.add, each day by the version that holds on it."""
        if work == _NOTHING:
            return self.next_open(start)
        for calendar, begin, end in self._reigns(start):
            if end is None:
                return calendar.add(begin, work)
            used = calendar.between(begin, end)
            if work <= used:
                return calendar.add(begin, work)
            work -= used
        raise NeverOpen(start.isoformat())

    def between(self, start: datetime, end: datetime) -> timedelta:
        """As Calendar.between, each day by the version that holds on it."""
        total = _NOTHING
        for calendar, begin, finish in self._reigns(start):
            if begin >= end:
                break
            total += calendar.between(begin, end if finish is None else min(end, finish))
        return total

    def is_open(self, at: datetime) -> bool:
        """As Calendar.is_open, by the version that holds at the moment."""
        return self.at(at).is_open(at)

    def next_open(self, at: datetime) -> datetime:
        """As Calendar.next_open, by the versions that hold from the moment on."""
        for calendar, begin, end in self._reigns(at):
            if end is None or calendar.between(begin, end):
                return calendar.next_open(begin)
        raise NeverOpen(at.isoformat())

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """As Calendar.open_spans; a span is cut where another version begins."""
        for calendar, begin, finish in self._reigns(start):
            if begin >= end:
                break
            yield from calendar.open_spans(begin, end if finish is None else min(end, finish))

    def _reigns(self, start: datetime) -> Iterator[tuple[Calendar, datetime, datetime | None]]:
        first = bisect_right(self._begins, start)
        for i in range(first, len(self.versions)):
            end = self._begins[i] if i < len(self._begins) else None
            yield self.versions[i][1], start if i == first else self._begins[i - 1], end


class _Table:
    """The open spans of some years with the time used up to each, so that every question is a search by halves."""

    __slots__ = ("closes", "first_year", "last_year", "opens", "total", "used_at_close", "valid_from", "valid_to")

    def __init__(self, first_year: int = 0, last_year: int = 0, spans: Sequence[tuple[int, int]] = ()) -> None:
        self.first_year, self.last_year = first_year, last_year
        # Intervals begin on local dates; a day is left out at the end because zones are ahead of UTC and behind it.
        self.valid_from = datetime(first_year, 1, 1, tzinfo=UTC) if first_year else datetime.max.replace(tzinfo=UTC)
        self.valid_to = datetime(last_year, 12, 31, tzinfo=UTC) if last_year else datetime.min.replace(tzinfo=UTC)
        self.opens = [_EPOCH + timedelta(seconds=begin) for begin, _ in spans]
        self.closes = [_EPOCH + timedelta(seconds=end) for _, end in spans]
        self.used_at_close: list[timedelta] = []
        self.total = _NOTHING
        for begin, end in spans:
            self.total += timedelta(seconds=end - begin)
            self.used_at_close.append(self.total)

    def used(self, moment: datetime) -> timedelta:
        """Return the open time from the beginning of the table to a moment in it."""
        i = bisect_left(self.closes, moment)
        if i == len(self.closes):
            return self.total
        left = self.closes[i] - max(moment, self.opens[i])
        return self.used_at_close[i] - left


def local_midnight(zone: ZoneInfo, day: date) -> datetime:
    """Return the first moment (UTC) whose date in the zone is `day`, also where midnight itself is skipped."""
    wall = _wall_seconds(day)
    for begin, end, offset in _offsets(zone, day.year - 1, day.year + 1):
        if wall - offset < end:
            return _EPOCH + timedelta(seconds=max(wall - offset, begin))
    raise OutOfRange(f"{day} in {zone.key}")


def _checked(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    for start, end in intervals:
        if not (0 <= start < MINUTES_OF_DAY and 0 <= end <= MINUTES_OF_DAY and start != end):
            raise ValueError(f"({start}, {end}) is not an interval of the minutes of a day")
    return tuple(sorted((start, end) for start, end in intervals))


def _spans(calendar: Calendar, first_year: int, last_year: int) -> list[tuple[int, int]]:
    """Return the open spans, in seconds since 1970, of all intervals that begin in the years (and the night before)."""
    offsets = _offsets(calendar.zone, first_year, last_year)
    spans: list[tuple[int, int]] = []
    current = 0
    for ordinal in range(date(first_year, 1, 1).toordinal() - 2, date(last_year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        intervals = calendar.exceptions.get(day)
        if intervals is None:
            intervals = calendar.weekly.get(day.weekday(), ())
        for start, end in intervals:
            begin = _wall_seconds(day) + start * 60
            finish = _wall_seconds(day) + (end if end > start else end + MINUTES_OF_DAY) * 60
            while offsets[current][1] + offsets[current][2] + 2 * 86400 < begin:
                current += 1
            for since, until, offset in offsets[current : current + 4]:
                if max(begin - offset, since) < min(finish - offset, until):
                    spans.append((max(begin - offset, since), min(finish - offset, until)))
    return _joined(spans)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _offsets(zone: ZoneInfo, first_year: int, last_year: int) -> list[tuple[int, int, int]]:
    """Return the stretches (from, to, offset) in seconds during which the zone keeps one offset to UTC."""
    begin = _wall_seconds(date(first_year, 1, 1)) - 5 * 86400
    finish = _wall_seconds(date(last_year, 12, 31)) + 5 * 86400
    changes = [c for year in range(first_year - 1, last_year + 2) for c in _changes(zone, year)]
    changes = [(at, offset) for at, offset in changes if begin < at < finish]
    edges = [(begin, _offset(zone, begin)), *changes, (finish, 0)]
    return [(at, until, offset) for (at, offset), (until, _) in pairwise(edges)]


@lru_cache(maxsize=4096)
def _changes(zone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    """Return the moments of a UTC year at which the zone's offset changes, each with the new offset, in seconds.

    zoneinfo does not tell them, so each day's ends are compared and the second found by halving. A zone that changed
    twice within a day and back would be missed; there is none.
    """
    found = []
    low = _wall_seconds(date(year, 1, 1))
    before = _offset(zone, low)
    while low < _wall_seconds(date(year + 1, 1, 1)):
        high = low + 86400
        after = _offset(zone, high)
        if after != before:
            same, changed = low, high
            while changed - same > 1:
                middle = (same + changed) // 2
                same, changed = (middle, changed) if _offset(zone, middle) == before else (same, middle)
            found.append((changed, after))
        low, before = high, after
    return tuple(found)


def _offset(zone: ZoneInfo, seconds: int) -> int:
    offset = (_EPOCH + timedelta(seconds=seconds)).astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101  # a ZoneInfo always knows it
    return int(offset.total_seconds())


def _wall_seconds(day: date) -> int:
    return (day.toordinal() - _EPOCH_DAY) * 86400

"""Periods of time, half-open: [start, end), end None = still open. Pure: no clock, no time zones.

All moments compared with one another must be aware (or all naive); nothing here looks at the zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """The moments t with start ≤ t < end; an `end` of None means that no end is known yet."""

    start: datetime
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Say whether the moment lies in the period; the end itself does not."""
        return self.start <= moment and (self.end is None or moment < self.end)


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the same moments as periods in order that neither overlap nor touch; empty ones are dropped."""
    result: list[Period] = []
    for period in sorted(periods, key=lambda p: p.start):
        if period.end is not None and period.end <= period.start:
            continue
        if result and _reaches(result[-1], period.start):
            result[-1] = Period(result[-1].start, _later(result[-1].end, period.end))
        else:
            result.append(period)
    return result


def minus(periods: Iterable[Period], holes: Iterable[Period]) -> list[Period]:
    """Return the moments that lie in one of `periods` and in none of `holes`, in order."""
    result: list[Period] = []
    away = merged(holes)
    for period in merged(periods):
        result.extend(_without(period, away))
    return result


def clipped(periods: Iterable[Period], within: Period) -> list[Period]:
    """Return the part of each period that lies inside `within`; periods that do not reach into it are dropped."""
    result = []
    for period in periods:
        start = max(period.start, within.start)
        end = _earlier(period.end, within.end)
        if end is None or start < end:
            result.append(Period(start, end))
    return result


def total(periods: Iterable[Period], until: datetime) -> timedelta:
    """Return how long the periods last together, open ones counted up to `until` (periods must not overlap)."""
    return sum(
        (max((until if p.end is None else p.end) - p.start, timedelta()) for p in periods),
        timedelta(),
    )


def _without(period: Period, holes: list[Period]) -> Iterator[Period]:
    start = period.start
    for hole in holes:
        if hole.end is not None and hole.end <= start:
            continue
        if period.end is not None and hole.start >= period.end:
            break
        if hole.start > start:
            yield Period(start, hole.start)
        if hole.end is None:
            return
        start = hole.end
    if period.end is None or start < period.end:
        yield Period(start, period.end)


def _reaches(period: Period, moment: datetime) -> bool:
    return period.end is None or period.end >= moment


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


FIRST_YEAR, LAST_YEAR = 1970, 2400  # what people mean by a moment; calendars and time zones are good for a bit more


def in_this_age(year: int) -> bool:
    """Whether a day or moment of this year is taken at all."""
    return FIRST_YEAR <= year <= LAST_YEAR

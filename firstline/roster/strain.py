"""What a swap would make of two people's days: so long at a stretch, or so short a rest, as neither has now, a shift
while one is away.

It is said to those who ask, answer and approve; it forbids nothing, for the two may have their reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, UTC, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from firstline.lib.periods import Period, clipped
from firstline.roster import pattern, planning
from firstline.roster.models import Swap
from firstline.roster.pattern import Worked

LONG = timedelta(hours=12)
REST = timedelta(hours=2)  # less between two shifts is a break and no rest
RESTED = timedelta(hours=11)  # between two days of work, as the Union's directive on working time asks
AROUND = timedelta(days=3)


class Strain(NamedTuple):
    """`kind`: long (so long at a stretch), rest (so short between two stretches) or away (a shift during an absence);
    `period`: which hours."""

    person: int
    kind: str
    period: Period

    @property
    def hours(self) -> int:
        return int((_end(self.period) - self.period.start) / timedelta(hours=1))


def of_all(swaps: Sequence[Swap]) -> dict[int, list[Strain]]:
    """By the number of the swap; the statements do not grow with the swaps."""
    around = {one.pk: _around(one) for one in swaps}
    windows = [window for of_one in around.values() for window in of_one]
    if not windows:
        return {one.pk: [] for one in swaps}
    whole = Period(min(one.start for one in windows), max(_end(one) for one in windows))
    known = planning.known({who for one in swaps for who in (one.asker_id, one.asked_id)}, whole)
    return {
        one.pk: list(dict.fromkeys(strain for window in around[one.pk] for strain in _of(one, known, window)))
        for one in swaps
    }


def of(swap: Swap) -> list[Strain]:
    """Of one swap."""
    return of_all([swap])[swap.pk]


def _of(swap: Swap, known: planning.Known, within: Period) -> list[Strain]:
    before, after = known.works(within), known.works(within, [swap])
    both = (swap.asker_id, swap.asked_id)
    now = [stretches(before.get(who, ())) for who in both]
    usual = max((_length(one) for stretch in now for one in stretch), default=timedelta())
    least = min((_length(one) for stretch in now for one in rests(stretch)), default=RESTED)
    found = []
    for who in both:
        worked = stretches(after.get(who, ()))
        long = [one for one in worked if _length(one) > max(LONG, usual)]
        short = [one for one in rests(worked) if _length(one) < min(RESTED, least)]
        new = [one.period for one in after.get(who, ()) if one not in before.get(who, ())]
        away = [one for one in new if clipped(known.away.get(who, ()), one)]
        for kind, periods in (("long", long), ("rest", short), ("away", away)):
            found += [Strain(who, kind, one) for one in periods]
    return found


def stretches(works: Iterable[Worked]) -> list[Period]:
    """Shifts with less than REST between them are one stretch."""
    made: list[Period] = []
    for one in sorted(shift.period for shift in works):
        if made and one.start - _end(made[-1]) < REST:
            made[-1] = Period(made[-1].start, max(_end(made[-1]), _end(one)))
        else:
            made.append(one)
    return made


def rests(worked: Sequence[Period]) -> list[Period]:
    """What lies between the stretches of one person."""
    return [Period(_end(one), following.start) for one, following in pairwise(worked)]


def _around(swap: Swap) -> list[Period]:
    """Around each of its days, long enough that every shift beside it lies there whole; none at the end of time."""
    days = [day for day in (swap.gives_on, swap.takes_on) if day is not None and day.year < MAXYEAR]
    begins = [datetime.combine(day, time(), UTC) for day in days]
    return [Period(begin - AROUND, begin + AROUND + pattern.DAY) for begin in begins]


def _length(one: Period) -> timedelta:
    return _end(one) - one.start


def _end(one: Period) -> datetime:
    assert one.end is not None  # noqa: S101  # a shift has an end
    return one.end

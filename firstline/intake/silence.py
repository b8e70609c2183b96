"""Is a mailbox silent for longer than is usual for it? Learnt from its own last weeks, quarter of an hour by quarter.

A week has 672 quarters. Of each we remember in how many of the last weeks a letter came in it; that says how likely the
next one is to pass without any. A silence is unusual when all its quarters together were that unlikely to be empty:
half an hour at noon for a desk that gets a letter every minute, days for one that gets a letter a day, and no night at
all where nothing ever comes at night. A public holiday is like a night.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK, QUARTER = timedelta(weeks=1), timedelta(minutes=15)
QUARTERS = WEEK // QUARTER
WEEKS = 6  # how far back is looked
FEWEST_WEEKS = 2  # before that nothing is known, and nothing is said
ONE_IN = 10_000
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True)
class Usual:
    """`counts`: in how many of `weeks` weeks a letter came in each quarter of the week, from Monday midnight on."""

    weeks: int
    counts: tuple[int, ...]

    def kept(self) -> dict[str, object]:
        """As it is stored: a digit a quarter."""
        return {"weeks": self.weeks, "quarters": "".join(map(str, self.counts))}


def from_kept(kept: dict[str, object]) -> Usual | None:
    """What `kept` gave, or None where nothing was learnt."""
    weeks, quarters = kept.get("weeks"), kept.get("quarters")
    if not isinstance(weeks, int) or not isinstance(quarters, str) or len(quarters) != QUARTERS:
        return None
    return Usual(weeks, tuple(map(int, quarters)))


def learnt(arrivals: Iterable[datetime], *, until: datetime, zone: ZoneInfo) -> Usual:
    """What is usual, from the arrivals of at most the last WEEKS weeks (older ones are left out)."""
    seen: set[tuple[int, int]] = set()
    first = until
    for moment in arrivals:
        age = until - moment
        if not timedelta() <= age < WEEKS * WEEK:
            continue
        first = min(first, moment)
        seen.add((age // WEEK, quarter_of(moment, zone)))
    counts = [0] * QUARTERS
    for _week, quarter in seen:
        counts[quarter] += 1
    return Usual(min(WEEKS, math.ceil((until - first) / WEEK)), tuple(counts))


def quarter_of(moment: datetime, zone: ZoneInfo) -> int:
    """Which quarter of the local week it is."""
    local = moment.astimezone(zone)
    return (local.weekday() * 24 + local.hour) * 4 + local.minute // 15


def likelihood(
    usual: Usual, last: datetime, now: datetime, zone: ZoneInfo, holidays: frozenset[date] = frozenset()
) -> float:
    """How likely it is, in weeks like those, that nothing comes between the two moments: 1.0 down to 0.0. What does not
    come on a holiday says nothing."""
    if now - last >= WEEKS * WEEK:
        return 0.0 if any(usual.counts) else 1.0
    log, moment = 0.0, last
    while moment < now:
        local = moment.astimezone(zone)
        into = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
        end = min(now, moment + QUARTER - into)
        # One week more than was seen: even what came every time may stay away once.
        share = usual.counts[quarter_of(moment, zone)] / (usual.weeks + 1)
        if local.date() not in holidays:
            log += math.log1p(-share) * ((end - moment) / QUARTER)
        moment = end
    return math.exp(log)


def is_unusual(
    usual: Usual | None,
    last: datetime | None,
    now: datetime,
    zone: ZoneInfo,
    holidays: frozenset[date] = frozenset(),
) -> bool:
    """Whether somebody should look why nothing comes."""
    if usual is None or last is None or usual.weeks < FEWEST_WEEKS or now - last < SHORTEST:
        return False
    return likelihood(usual, last, now, zone, holidays) < 1 / ONE_IN

"""Which ticket first, by what waiting costs: (penalty + worth of the priority) × chance of breach ÷ work that is left.
Pure: values in, values out.

The lower the rank, the sooner. Nothing that waits longer than OLDEST is hidden behind anything: it stands on top, the
oldest first. Whether a promise will be broken is learnt from the desk's own history: of the clocks that had reached the
same share of their time, how many broke.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

OLDEST = timedelta(days=7)
WORTH = {1: 16.0, 2: 8.0, 3: 4.0, 4: 2.0}  # what an hour of waiting is worth without any penalty
USUAL = timedelta(minutes=20)  # work that a ticket takes where nothing is known
LEAST = timedelta(minutes=5)  # nearly done is never nothing
UNPROMISED = 0.1  # the chance where no clock runs: somebody waits nevertheless
OLD_FIRST = -1e12  # far before every cost
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    """A ticket as it is weighed. `penalty`: what the first late hour costs; `due` None: no clock runs."""

    priority: int
    created: datetime
    started: datetime | None = None
    due: datetime | None = None
    penalty: Decimal = Decimal(0)
    usual: timedelta = USUAL
    spent: timedelta = timedelta()


@dataclass(frozen=True)
class Weight:
    """The rank with what it was made of."""

    rank: float
    chance: float
    left: timedelta
    is_old: bool


@dataclass(frozen=True)
class Chances:
    """What clocks did before: the shares of their time that they had used when they ended (above 1: broken)."""

    shares: tuple[float, ...] = field(default=())

    @classmethod
    def of(cls, shares: Iterable[float]) -> Chances:
        return cls(tuple(sorted(shares)))

    def at(self, share: float) -> float:
        """The chance that a clock which has used this share of its time, and is not over, breaks. Without a history
        (and where it is thin) the share itself says it."""
        if share >= 1:
            return 1.0
        reached = len(self.shares) - bisect_left(self.shares, share)
        broke = len(self.shares) - bisect_left(self.shares, 1.0000001)
        return (broke + 4 * share) / (reached + 4)


def weigh(facts: Facts, chances: Chances, at: datetime) -> Weight:
    """Where the ticket stands at a moment."""
    left = max(facts.usual - facts.spent, LEAST)
    chance = chances.at(share_used(facts, at)) if facts.due is not None else UNPROMISED
    if at - facts.created >= OLDEST:
        return Weight(OLD_FIRST + (facts.created - EPOCH).total_seconds(), chance, left, is_old=True)
    cost = (float(facts.penalty) + WORTH[facts.priority]) * chance
    return Weight(-cost / (left / timedelta(hours=1)), chance, left, is_old=False)


def share_used(facts: Facts, at: datetime) -> float:
    """How much of the time until it is due is gone."""
    if facts.due is None or facts.started is None or facts.due <= facts.started or at >= facts.due:
        return 1.0 if facts.due is not None else 0.0
    return max(0.0, (at - facts.started) / (facts.due - facts.started))

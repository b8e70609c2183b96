"""The arithmetic of touch: how long somebody worked in a ticket, from periods that never overlap. Pure.

Idle is cut after three minutes: what follows an activity counts as work until the next one, but for no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from firstline.lib.periods import Period, clipped, merged, minus, total

IDLE = timedelta(minutes=3)
# How often a page says that somebody works in it. Whoever is back sooner was not away.
BEAT = timedelta(seconds=30)
# A longer absence is no gap that anybody is asked about: he went home.
LONGEST_GAP = timedelta(hours=4)
MINUTE = timedelta(minutes=1)


def live_until(seen_at: datetime, at: datetime) -> datetime:
    """Up to when a running timer counts at `at`, if the last activity was at `seen_at`."""
    return min(at, seen_at + IDLE)


def is_gap(left_at: datetime, back_at: datetime) -> bool:
    """Whether somebody who left and is back is asked what the time between was."""
    return IDLE <= back_at - left_at <= LONGEST_GAP


def only_free(wanted: Period, taken: Iterable[Period]) -> list[Period]:
    """The parts of `wanted` in which the person worked on nothing yet: nobody is counted twice."""
    return minus([wanted], taken)


def free_before(at: datetime, length: timedelta, taken: Iterable[Period], since: datetime) -> list[Period]:
    """The latest free time before `at` that is `length` together, as far back as `since`; shorter where there is no
    more of it."""
    found: list[Period] = []
    left = length
    for period in reversed(minus([Period(since, at)], taken) if since < at else []):
        if left <= timedelta():
            break
        end = period.end or at
        start = max(period.start, end - left)
        found.append(Period(start, end))
        left -= end - start
    return found[::-1]


def touched(periods: Iterable[Period], at: datetime) -> timedelta:
    """How long the periods last together up to `at`."""
    return total(clipped(merged(periods), Period(datetime.min.replace(tzinfo=at.tzinfo), at)), at)


def reached(periods: Iterable[Period], amount: timedelta, at: datetime) -> datetime | None:
    """The first moment up to `at` at which the periods add up to `amount`; None where they do not yet."""
    so_far = timedelta()
    for period in merged(periods):
        end = min(at, period.end or at)
        if end <= period.start:
            continue
        if so_far + (end - period.start) >= amount:
            return period.start + (amount - so_far)
        so_far += end - period.start
    return None


def whole_minutes(length: timedelta) -> int:
    """Begun minutes count as whole ones, as a work log is kept."""
    return -(-length // MINUTE) if length > timedelta() else 0


def to_log(touched: timedelta, logged: int) -> int:
    """The minutes of work that are not yet in the time log, where `logged` minutes are."""
    return max(0, whole_minutes(touched) - logged)

"""The time-box of a line: how long one person may work in a ticket on a line before it goes on. Pure.

At 70 % a quiet hint, at 100 % the card is ready; five minutes later, if nobody decided, the policy acts. *Five minutes
more* makes the box longer, and what was full is full again only then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HINT_PERCENT = 70
GRACE = timedelta(minutes=5)
EXTENSION = timedelta(minutes=5)
DEFAULT_MINUTES = {1: 20}  # on the first line, unless set; the others have no box unless set


class Policy(StrEnum):
    REMIND = "remind"
    TELL_LEAD = "tell_lead"
    HAND_OVER = "hand_over"


class State(StrEnum):
    NONE = "none"
    CALM = "calm"
    HINT = "hint"
    FULL = "full"
    OVER = "over"


@dataclass(frozen=True)
class Limit:
    """What is set for a category on a line; no `minutes`: no box."""

    minutes: int | None
    policy: Policy = Policy.REMIND


@dataclass(frozen=True)
class Marks:
    """What was recorded of a stay already. `full_at` is since the last extension."""

    extensions: int = 0
    hinted: bool = False
    full_at: datetime | None = None
    over: bool = False


def default(line: int) -> Limit:
    return Limit(DEFAULT_MINUTES.get(line))


def size(limit: Limit, extensions: int) -> timedelta | None:
    """How long the box is with its extensions."""
    return timedelta(minutes=limit.minutes) + extensions * EXTENSION if limit.minutes else None


def hint_after(whole: timedelta) -> timedelta:
    return whole * HINT_PERCENT / 100


def state(touched: timedelta, limit: Limit, marks: Marks, at: datetime) -> State:
    """How a stay stands at `at`, of which one person worked `touched`."""
    whole = size(limit, marks.extensions)
    if whole is None:
        return State.NONE
    if touched < hint_after(whole):
        return State.CALM
    if touched < whole:
        return State.HINT
    return State.OVER if marks.full_at is not None and at >= marks.full_at + GRACE else State.FULL


def due(touched: timedelta, limit: Limit, marks: Marks, at: datetime) -> list[State]:
    """What has come to pass and is not recorded yet, in order."""
    whole = size(limit, marks.extensions)
    found: list[State] = []
    if whole is None:
        return found
    if not marks.hinted and touched >= hint_after(whole):
        found.append(State.HINT)
    if marks.full_at is None and touched >= whole:
        found.append(State.FULL)
    if marks.full_at is not None and not marks.over and touched >= whole and at >= marks.full_at + GRACE:
        found.append(State.OVER)
    return found


def next_look(touched: Iterable[tuple[timedelta, bool]], limit: Limit, marks: Marks, at: datetime) -> datetime | None:
    """The first moment at which something can come to pass. `touched`: of each person how long, and whether he works
    in it now. None while only somebody's work can change something, and nobody works."""
    whole = size(limit, marks.extensions)
    if whole is None:
        return None
    if marks.full_at is not None:
        return None if marks.over else marks.full_at + GRACE
    people = list(touched)
    wanted = [whole] if marks.hinted else [hint_after(whole), whole]
    moments = [at + max(timedelta(), goal - so_far) for so_far, works in people if works for goal in wanted]
    if any(so_far >= goal for so_far, _works in people for goal in wanted):
        moments.append(at)
    return min(moments, default=None)

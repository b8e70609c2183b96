"""What the API answers of the lines' work: the timer, periods of touch, boxes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema

from firstline.api.whole import Whole


class TimerState(Schema):
    """`gap_from` and `gap_until`: what the page did not see and the caller has not yet said what it was."""

    state: Literal["running", "paused", "stopped"]
    ticket: str | None
    since: datetime | None
    gap_from: datetime | None
    gap_until: datetime | None


class TouchCorrection(Schema):
    """What the period was before."""

    by: str
    at: datetime
    reason: str
    started_at: datetime
    ended_at: datetime


class TouchPeriod(Schema):
    id: int
    ticket: str
    person: str
    line: int
    how: str
    started_at: datetime
    ended_at: datetime
    corrections: list[TouchCorrection]


class TouchPeriods(Whole):
    items: list[TouchPeriod]


class BoxOfTicket(Schema):
    """Seconds are of work; `minutes` null: no box."""

    line: int
    minutes: int | None
    policy: str
    extensions: int
    state: Literal["none", "calm", "hint", "full", "over"]
    touched_seconds: int
    own_seconds: int
    full_at: datetime | None
    decide_until: datetime | None
    works_along: list[str]
    to_log_minutes: int


class BoxLimitSet(Schema):
    line: int
    category: str | None
    minutes: int | None
    policy: str


class Boxes(Schema):
    """`straight_to`: categories that go to a line at once."""

    items: list[BoxLimitSet]
    straight_to: dict[str, int]


class OverItsBox(Schema):
    ticket: str
    line: int
    minutes: int
    extensions: int
    full_at: datetime | None
    over_at: datetime | None


class AllOverTheirBox(Whole):
    items: list[OverItsBox]


class HowABoxWasKept(Schema):
    """Stays of tickets on a line, by category ("": none)."""

    line: int
    category: str
    stays: int
    kept: int
    extended: int
    over: int
    solved: int
    handed_over: int


class HowBoxesWereKept(Whole):
    items: list[HowABoxWasKept]

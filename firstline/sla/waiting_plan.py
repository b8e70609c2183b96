"""What happens to a ticket that waits for its client: reminders, a warning, its closing. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from firstline.calendars.working_time import NeverOpen, WorkingTime

Deed = Literal["remind", "warn", "close"]
DAY = 480  # working minutes between the warning and the closing, where the contract names no warning


class Step(NamedTuple):
    """After so many working minutes of waiting this is done."""

    minutes: int
    deed: Deed


def plan(reminders: Sequence[int], warn_minutes: int | None, close_minutes: int | None) -> list[Step]:
    """Return the steps in order. Nobody is closed without a warning: where none is named, one comes a day before, or
    at half the time where there is no day."""
    if close_minutes is not None and warn_minutes is None:
        warn_minutes = close_minutes - DAY if close_minutes > DAY else close_minutes // 2
    steps = [Step(minutes, "remind") for minutes in reminders if close_minutes is None or minutes < close_minutes]
    if warn_minutes is not None:
        steps.append(Step(warn_minutes, "warn"))
    if close_minutes is not None:
        steps.append(Step(close_minutes, "close"))
    return sorted(steps, key=lambda step: (step.minutes, ("remind", "warn", "close").index(step.deed)))


def moment(step: Step, began_at: datetime, timetable: WorkingTime) -> datetime | None:
    """Return when a step is due; None where the calendar never opens long enough."""
    try:
        return timetable.add(began_at, timedelta(minutes=step.minutes))
    except NeverOpen:
        return None


class Now(NamedTuple):
    """The one thing to do now (None: nothing), the steps that are done by it, and when to look again."""

    deed: Deed | None
    done: int
    again_at: datetime | None


def what_now(
    steps: Sequence[Step], done: int, *, began_at: datetime, at: datetime, timetable: WorkingTime, warned: bool
) -> Now:
    """Return what is due at `at` of a plan of which `done` steps are done.

    After an outage several steps may be due: only the last of them is done. A closing waits until the client has been
    warned and has had the time between the two. Outside of the hours nothing is done.
    """
    moments = [moment(step, began_at, timetable) for step in steps]
    due = [i for i in range(done, len(steps)) if (m := moments[i]) is not None and m <= at]
    if not due:
        return Now(None, done, moments[done] if done < len(steps) else None)
    if not timetable.is_open(at):
        return Now(None, done, _next_open(timetable, at))
    last = due[-1]
    if steps[last].deed == "close" and not warned:
        gap = steps[last].minutes - next(step.minutes for step in steps if step.deed == "warn")
        return Now("warn", last, moment(Step(gap, "close"), at, timetable))
    following = moments[last + 1] if last + 1 < len(steps) else None
    return Now(steps[last].deed, last + 1, following)


def _next_open(timetable: WorkingTime, at: datetime) -> datetime | None:
    try:
        return timetable.next_open(at)
    except NeverOpen:
        return None

"""Who does not answer is reminded in his hours, warned, and only then let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.calendars.working_time import Calendar
from firstline.sla.waiting_plan import Now, Step, plan, what_now
from tests.sla.histories import OFFICE, SOFIA, at

STEPS = plan([480, 960], 1440, 1920)  # Sofia's office: eight hours a day
BEGAN = at("2026-06-15 10:00")  # a Monday


def now(moment: str, done: int = 0, *, warned: bool = False) -> Now:
    return what_now(STEPS, done, began_at=BEGAN, at=at(moment), timetable=OFFICE, warned=warned)


def test_the_steps_are_in_order_and_nobody_is_closed_without_a_warning() -> None:
    assert [(step.minutes, step.deed) for step in STEPS] == [
        (480, "remind"), (960, "remind"), (1440, "warn"), (1920, "close"),
    ]  # fmt: skip
    assert plan([], None, 1920) == [Step(1440, "warn"), Step(1920, "close")]
    assert plan([], None, 60) == [Step(30, "warn"), Step(60, "close")]
    assert plan([100], 200, None) == [Step(100, "remind"), Step(200, "warn")]
    assert plan([5000], 1440, 1920) == [Step(1440, "warn"), Step(1920, "close")]
    assert plan([], None, None) == []


@pytest.mark.parametrize(
    ("moment", "done", "warned", "deed", "next_at"),
    [
        ("2026-06-15 11:00", 0, False, None, "2026-06-16 10:00"),
        ("2026-06-16 10:00", 0, False, "remind", "2026-06-17 10:00"),
        ("2026-06-17 10:00", 1, False, "remind", "2026-06-18 10:00"),
        ("2026-06-18 10:01", 2, False, "warn", "2026-06-19 10:00"),
        ("2026-06-19 10:00", 3, True, "close", None),
    ],
)
def test_each_step_comes_at_its_time(moment: str, done: int, warned: bool, deed: str, next_at: str | None) -> None:
    found = now(moment, done, warned=warned)
    assert (found.deed, found.again_at) == (deed, next_at and at(next_at))


def test_nobody_is_written_to_at_night() -> None:
    assert now("2026-06-16 23:00") == Now(None, 0, at("2026-06-17 09:00"))


def test_after_an_outage_one_letter_stands_for_those_that_were_missed() -> None:
    assert now("2026-06-17 16:00") == Now("remind", 2, at("2026-06-18 10:00"))


def test_a_closing_that_is_due_first_warns_and_leaves_the_time_between() -> None:
    found = now("2026-06-26 12:00")
    assert found == Now("warn", 3, at("2026-06-29 12:00"))
    assert now("2026-06-29 12:00", 3, warned=True).deed == "close"


def test_where_it_is_never_open_nothing_is_ever_due() -> None:
    closed = Calendar(SOFIA, {})
    assert what_now(STEPS, 0, began_at=BEGAN, at=BEGAN + timedelta(days=9), timetable=closed, warned=False) == Now(
        None, 0, None
    )

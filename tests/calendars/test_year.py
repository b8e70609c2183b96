"""A year as people look at it, and hours as they type them."""

from __future__ import annotations

from datetime import date

import pytest

from firstline.calendars import hours
from firstline.calendars.question import WrongCalendar
from firstline.calendars.working_time import Calendar
from firstline.calendars.year import days_of, months
from tests.sla.histories import OFFICE, SOFIA

EIGHT = ((540, 1020),)
YEAR = Calendar(
    SOFIA,
    dict.fromkeys(range(5), EIGHT),
    {date(2026, 5, 1): (), date(2026, 5, 2): EIGHT, date(2026, 12, 31): ((540, 780),), date(2026, 6, 7): ()},
)


def kind(day: date) -> str:
    return next(one.kind for one in days_of(YEAR, 2026, {date(2026, 5, 1): "Ден на труда"}) if one.day == day)


def test_each_day_is_called_what_it_is() -> None:
    assert kind(date(2026, 5, 1)) == "holiday"
    assert kind(date(2026, 5, 2)) == "extra"  # a Saturday that is worked
    assert kind(date(2026, 12, 31)) == "other"  # half a day
    assert kind(date(2026, 6, 7)) == "off"  # a Sunday that an exception closes too
    assert kind(date(2026, 5, 4)) == "work"
    assert kind(date(2026, 5, 3)) == "off"


def test_months_are_weeks_from_monday() -> None:
    grid = months(days_of(YEAR, 2026, {}))
    assert len(grid) == 12
    assert [one.day.day if one else None for one in grid[4][0]] == [None, None, None, None, 1, 2, 3]
    assert sum(one is not None for month in grid for week in month for one in week) == 365
    leap = months(days_of(OFFICE, 2028, {}))
    assert sum(one is not None for week in leap[1] for one in week) == 29


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("09:00-13:00, 14:00-18:00", [["09:00", "13:00"], ["14:00", "18:00"]]),
        ("14.00 – 18.00; 9:00-13:00", [["09:00", "13:00"], ["14:00", "18:00"]]),
        ("22:00-06:00", [["22:00", "06:00"]]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, stored: list[list[str]]) -> None:
    assert hours.parse("2026-05-02", typed) == stored


@pytest.mark.parametrize("typed", ["nine", "9-18", "09:00-09:00", "25:00-26:00", "09:00-13:00 14:00-18:00"])
def test_what_are_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(WrongCalendar):
        hours.parse("2026-05-02", typed)

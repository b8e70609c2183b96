"""The hours that a calendar begins with, as it keeps them: the week, and the days of its country written down, so that
people may edit them. Pure: no Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firstline.calendars.question import WEEKDAYS, WrongCalendar, parse_calendar
from firstline.calendars.seeds import UnknownCountry, exceptions_of, weekly_default
from firstline.calendars.working_time import Interval

FIRST_SEEDED_YEAR = 2015
YEARS_AHEAD = 3


def hours_of(
    time_zone: str, *, weekly: Mapping[str, Any] | None, exceptions: Mapping[str, Any], country: str, year: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return week and exceptions; without a week the country's usual office hours. What is given of exceptions goes
    before the days of the country, which are written down until a few years after `year`. Raises WrongCalendar.
    """
    try:
        week = dict(_written_week(weekly_default(country)) if weekly is None else weekly)
        parsed = parse_calendar({"time_zone": time_zone, "weekly": week, "exceptions": dict(exceptions)})
        seeded: dict[str, Any] = {}
        if country:
            days = exceptions_of(country, range(FIRST_SEEDED_YEAR, year + YEARS_AHEAD + 1), parsed.weekly)
            seeded = {day.isoformat(): _written(hours) for day, hours in sorted(days.items())}
    except UnknownCountry as unknown:
        raise WrongCalendar(f"country: {unknown}") from unknown
    except ValueError as wrong:
        raise WrongCalendar(str(wrong).removeprefix("calendar").lstrip(".")) from wrong
    if not any(parsed.weekly.values()) and not any(parsed.exceptions.values()):
        raise WrongCalendar("weekly: never opens")
    return week, {**seeded, **exceptions}


def _written_week(weekly: Mapping[int, Sequence[Interval]]) -> dict[str, Any]:
    return {WEEKDAYS[day]: _written(hours) for day, hours in weekly.items()}


def _written(intervals: Sequence[Interval]) -> list[list[str]]:
    return [[_clock(begin), _clock(end)] for begin, end in intervals]


def _clock(minutes: int) -> str:
    of_day = minutes if minutes <= 24 * 60 else minutes - 24 * 60
    return f"{of_day // 60:02d}:{of_day % 60:02d}"

"""A year of a calendar, day by day, as people look at it: working, off, a holiday with its name, other hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from firstline.calendars.working_time import Calendar, Interval

DayKind = Literal["work", "off", "holiday", "extra", "other"]


@dataclass(frozen=True)
class Day:
    """`kind`: an ordinary working day or day off of the week, or by exception: a holiday (off instead of work), an
    extra working day (work instead of off), other hours than the week has. `exceptional`: an exception stands there."""

    day: date
    kind: DayKind
    hours: tuple[Interval, ...]
    name: str = ""
    exceptional: bool = False

    @property
    def minutes(self) -> int:
        """The length of the hours; overlaps are not looked for."""
        return sum((end - begin) % 1440 or 1440 for begin, end in self.hours)


def days_of(calendar: Calendar, year: int, names: Mapping[date, str]) -> list[Day]:
    """Return every day of a year; `names` are those of the holidays."""
    first = date(year, 1, 1)
    return [_day(calendar, first + timedelta(days=n), names) for n in range((date(year + 1, 1, 1) - first).days)]


def months(days: Sequence[Day]) -> list[list[list[Day | None]]]:
    """Return the days as months of weeks that begin on Monday; None where a week reaches over the month."""
    found: list[list[list[Day | None]]] = [[] for _ in range(12)]
    for day in days:
        weeks = found[day.day.month - 1]
        if not weeks or day.day.weekday() == 0:
            weeks.append([None] * 7)
        weeks[-1][day.day.weekday()] = day
    return found


def _day(calendar: Calendar, day: date, names: Mapping[date, str]) -> Day:
    usual = tuple(calendar.weekly.get(day.weekday(), ()))
    name = names.get(day, "")
    if day not in calendar.exceptions:
        return Day(day, "work" if usual else "off", usual, "")
    hours = tuple(calendar.exceptions[day])
    if not hours:
        return Day(day, "holiday" if usual or name else "off", hours, name, exceptional=True)
    if not usual:
        return Day(day, "extra", hours, name, exceptional=True)
    return Day(day, "work" if hours == usual else "other", hours, name, exceptional=True)

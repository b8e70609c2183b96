"""Counting working days, for windows that are promised in days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import Calendar as Hours
from firstline.calendars.working_time import WorkingTime, local_midnight

LONGEST_SEARCH_DAYS = 366
_WEEKDAYS = dict.fromkeys(range(5), ((0, 1440),))


def after(at: datetime, *, days: int, calendar: Calendar | None) -> datetime:
    """The end of the `days`-th working day after the day of `at`: local midnight, so that a whole last day counts.

    A working day is one with any open time. Without a calendar: Monday to Friday of the desk's zone. Where a calendar
    is closed for a year, the days are counted as they come.
    """
    zone = ZoneInfo(calendar.time_zone if calendar else settings.TIME_ZONE)
    hours: WorkingTime = timetable_of(calendar) if calendar else Hours(zone, _WEEKDAYS)
    day, left = at.astimezone(zone).date(), days
    for _ in range(LONGEST_SEARCH_DAYS):
        day += timedelta(days=1)
        begins, ends = local_midnight(zone, day), local_midnight(zone, day + timedelta(days=1))
        if hours.between(begins, ends):
            left -= 1
            if left == 0:
                return ends.astimezone(UTC)
    return at + timedelta(days=days)

"""Brute force for the tests of working time: looks at the wall clock once a minute and knows no trick.

Everything is on whole minutes, as all offsets since 1980 are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from firstline.calendars.working_time import Calendar

MINUTE = timedelta(minutes=1)
DAY = 1440

# Zones whose clocks change: at night, at midnight, by half an hour, by hours in one go, across the date line, never.
ZONES = [
    "Europe/Sofia",
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Tehran",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "UTC",
]


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Look at the wall: is its date and minute in an interval of today, or in the night of yesterday?"""
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    today = _intervals(calendar, wall.date())
    yesterday = _intervals(calendar, wall.date() - timedelta(days=1))
    return any(start <= minute < (end if end > start else DAY) for start, end in today) or any(
        end < start and minute < end for start, end in yesterday
    )


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Count the open minutes."""
    count, at = 0, start
    while at < end:
        count += is_open(calendar, at)
        at += MINUTE
    return count * MINUTE


def add(calendar: Calendar, start: datetime, minutes: int, give_up_after: int) -> datetime | None:
    """Walk until so many open minutes have passed; None after so many minutes in vain."""
    at, left = start, minutes
    for _ in range(give_up_after):
        opened = is_open(calendar, at)
        if left == 0 and opened:
            return at
        at += MINUTE
        left -= opened
        if opened and left == 0 and minutes:
            return at
    return None


def changes_of(zone: ZoneInfo, year: int) -> list[datetime]:
    """Return the hours of a year in which the zone's offset changes, found by looking at each."""
    at, found = datetime(year, 1, 1, tzinfo=UTC), []
    while at.year == year:
        if at.astimezone(zone).utcoffset() != (at + timedelta(hours=1)).astimezone(zone).utcoffset():
            found.append(at)
        at += timedelta(hours=1)
    return found


CHANGES = {
    name: [at for year in (2011, 2015, 2018, 2026) for at in changes_of(ZoneInfo(name), year)]
    or [datetime(2026, 12, 30, tzinfo=UTC)]
    for name in ZONES
}

edges = st.sampled_from([0, 30, 60, 90, 120, 150, 180, 210, 240, 540, 780, 840, 1080, 1200, 1320, 1380, 1410, 1439])
intervals = st.tuples(edges, st.one_of(edges, st.just(DAY))).filter(lambda pair: pair[0] != pair[1])
days = st.lists(intervals, max_size=3).map(tuple)


@st.composite
def calendars_near(draw: Any) -> tuple[Calendar, datetime]:
    """Draw a calendar and a moment within two days of a change of its clocks (or of New Year)."""
    name = draw(st.sampled_from(ZONES))
    moments = [*CHANGES[name], datetime(2025, 12, 31, 23, tzinfo=UTC)]
    start = draw(st.sampled_from(moments)) + draw(st.integers(-2 * DAY, DAY)) * MINUTE
    weekly = draw(st.dictionaries(st.integers(0, 6), days, max_size=7))
    near = [start.date() + timedelta(days=n) for n in range(-2, 5)]
    exceptions: dict[date, Any] = draw(st.dictionaries(st.sampled_from(near), days, max_size=3))
    return Calendar(ZoneInfo(name), weekly, exceptions), start


def _intervals(calendar: Calendar, day: date) -> Any:
    return calendar.exceptions.get(day, calendar.weekly.get(day.weekday(), ()))

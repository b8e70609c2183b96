"""Calendars of an apply file: an edit is a new version from the day of the edit (product.md, Conventions)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import WEEKDAYS, WrongCalendar, parse_calendar
from firstline.calendars.seeds import UnknownCountry, exceptions_of, weekly_default
from firstline.calendars.working_time import Interval
from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, named, put
from firstline.sla import clocks

FIRST_SEEDED_YEAR = 2015
YEARS_AHEAD = 3


def put_calendar(row: Row, path: str, at: datetime) -> str:
    """Creates or changes one calendar; the days of its country are written down, so that a person may edit them."""
    weekly, exceptions = _hours(row, path, at)
    values = {
        "slug": row["slug"],
        **named(row.get("name", row["slug"])),
        "time_zone": row["time_zone"],
        "country": row.get("country", "").upper(),
    }
    calendar, result = put(Calendar, Calendar.objects.filter(slug=row["slug"]).first(), values)
    newest = CalendarVersion.objects.filter(calendar=calendar).order_by("-number").first()
    wanted = {"time_zone": row["time_zone"], "weekly": weekly, "exceptions": exceptions}
    if newest is not None and all(getattr(newest, name) == value for name, value in wanted.items()):
        return str(result)
    today = at.astimezone(ZoneInfo(row["time_zone"])).date()
    valid_from, number = None, 1
    if newest is not None:
        valid_from, number = today, newest.number + 1
    CalendarVersion.objects.create(calendar=calendar, number=number, valid_from=valid_from, created_at=at, **wanted)
    clocks.read_again(calendar.slug, at=at)
    return CREATED if result == CREATED else CHANGED if newest is not None or result != UNCHANGED else CREATED


def _hours(row: Row, path: str, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        weekly = row.get("weekly") or _written_week(weekly_default(row.get("country", "")))
        given = {str(day): hours for day, hours in (row.get("exceptions") or {}).items()}
        parsed = parse_calendar({"time_zone": row["time_zone"], "weekly": weekly, "exceptions": given})
        seeded: dict[str, Any] = {}
        if row.get("country"):
            years = range(FIRST_SEEDED_YEAR, at.year + YEARS_AHEAD + 1)
            days = exceptions_of(row["country"], years, parsed.weekly)
            seeded = {day.isoformat(): _written(hours) for day, hours in sorted(days.items())}
    except (WrongCalendar, UnknownCountry, ValueError) as wrong:
        words = str(wrong).removeprefix("calendar").lstrip(".")
        raise WrongFile([f"{path}.{words}" if ": " in words else f"{path}: {words}"]) from wrong
    if not any(parsed.weekly.values()) and not any(parsed.exceptions.values()):
        raise WrongFile([f"{path}.weekly: never opens"])
    return weekly, {**seeded, **given}


def _written_week(weekly: Mapping[int, Sequence[Interval]]) -> dict[str, Any]:
    return {WEEKDAYS[day]: _written(hours) for day, hours in weekly.items()}


def _written(intervals: Sequence[Interval]) -> list[list[str]]:
    return [[_clock(begin), _clock(end)] for begin, end in intervals]


def _clock(minutes: int) -> str:
    of_day = minutes if minutes <= 24 * 60 else minutes - 24 * 60
    return f"{of_day // 60:02d}:{of_day % 60:02d}"

"""Calendars of an apply file: an edit is a new version from the day of the edit (product.md, Conventions)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from firstline.calendars import first_hours
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import WrongCalendar
from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, named, put
from firstline.sla import clocks


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
    given = {str(day): hours for day, hours in (row.get("exceptions") or {}).items()}
    try:
        return first_hours.hours_of(
            row["time_zone"], weekly=row.get("weekly"), exceptions=given, country=row.get("country", ""), year=at.year
        )
    except WrongCalendar as wrong:
        words = str(wrong)
        raise WrongFile([f"{path}.{words}" if ": " in words else f"{path}: {words}"]) from wrong

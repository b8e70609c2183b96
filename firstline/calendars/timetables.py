"""From the stored versions of a calendar to the pure arithmetic."""

from __future__ import annotations

from datetime import datetime

from django.db.models import BigIntegerField, QuerySet

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import parse_calendar
from firstline.calendars.working_time import Timetable
from firstline.lib.asked_often import Given, Question

# calendar id → (its newest version's id and birth, the timetable): building one costs milliseconds, asking for the
# newest one statement. Versions are never changed, only added, so the newest says whether what we have is still right;
# the id alone does not, where a transaction was undone and SQLite gives the number again.
_built: dict[int, tuple[tuple[int, datetime], Timetable]] = {}


def timetable_of(
    calendar: Calendar,
    *,
    known_at: datetime | None = None,
    number: int | None = None,
    newest: tuple[int, datetime] | None = None,
) -> Timetable:
    """The hours of a calendar over its life, or as they were known at a moment, or with its version of a number: what
    was judged then is judged by them for ever. `newest`: key and moment of its newest version, where the caller knows
    them. ValueError: it has no version (the apply file always makes one)."""
    versions = CalendarVersion.objects.filter(calendar_id=calendar.pk).order_by("number")
    if number is not None:
        return _built_of(versions.filter(number__lte=number))
    if known_at is not None:
        known = versions.filter(created_at__lte=known_at)
        return _built_of(known if known.exists() else versions[:1])
    if newest is None:
        last = _NEWEST.first(calendar=calendar.pk)
        newest = (last["pk"], last["created_at"]) if last else None
    kept = _built.get(calendar.pk)
    if kept is not None and newest is not None and kept[0] == newest:
        return kept[1]
    made = _built_of(versions)
    if newest is not None:
        _built[calendar.pk] = (newest, made)
    return made


def _built_of(found: QuerySet[CalendarVersion]) -> Timetable:
    versions = list(found)
    return Timetable(
        [
            (
                version.valid_from,
                parse_calendar(
                    {"time_zone": version.time_zone, "weekly": version.weekly, "exceptions": version.exceptions}
                ),
            )
            for version in versions
        ],
        number=versions[-1].number if versions else 0,
    )


_NEWEST = Question(
    lambda: (
        CalendarVersion.objects.filter(calendar_id=Given("calendar", BigIntegerField()))
        .order_by("-number")
        .values("pk", "created_at")[:1]
    )
)

"""From the stored versions of a calendar to the pure arithmetic."""

from __future__ import annotations

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import parse_calendar
from firstline.calendars.working_time import Timetable

# calendar id → (its newest version's id, the timetable): building one costs milliseconds, asking for the newest id one
# statement. Versions are never changed, only added, so the newest id says whether what we have is still right.
_built: dict[int, tuple[int, Timetable]] = {}


def timetable_of(calendar: Calendar) -> Timetable:
    """The hours of a calendar over its life. ValueError: it has no version (the apply file always makes one)."""
    newest = (
        CalendarVersion.objects.filter(calendar_id=calendar.pk).order_by("-number").values_list("pk", flat=True).first()
    )
    kept = _built.get(calendar.pk)
    if kept is not None and newest is not None and kept[0] == newest:
        return kept[1]
    made = Timetable(
        [
            (
                version.valid_from,
                parse_calendar(
                    {"time_zone": version.time_zone, "weekly": version.weekly, "exceptions": version.exceptions}
                ),
            )
            for version in CalendarVersion.objects.filter(calendar_id=calendar.pk).order_by("number")
        ]
    )
    if newest is not None:
        _built[calendar.pk] = (newest, made)
    return made

"""Is it open now? Said wherever a client or his calendar is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import NeverOpen, WorkingTime
from firstline.lib import durations

NEAR_HOURS = 24
HORIZON = timedelta(days=2)


@dataclass(frozen=True)
class Openness:
    """`words` say it whole: "open until 18:00 (Europe/Sofia)", "closed, opens in 2 h"."""

    is_open: bool
    words: str


def of(calendar: Calendar, at: datetime, newest: tuple[int, datetime] | None = None) -> Openness:
    """By the calendar as it is, in its own zone; `newest` as in timetable_of."""
    zone = ZoneInfo(calendar.time_zone)
    timetable: WorkingTime = timetable_of(calendar, newest=newest)
    if timetable.is_open(at):
        end = next((closes for _opens, closes in timetable.open_spans(at, at + HORIZON)), None)
        if end is None or end >= at + HORIZON:
            return Openness(True, _("open around the clock"))
        return Openness(True, _("open until %(time)s") % {"time": date_format(end.astimezone(zone), "TIME_FORMAT")})
    try:
        opens = timetable.next_open(at)
    except NeverOpen:
        return Openness(False, _("closed, and never opens again"))
    if (opens - at).total_seconds() < NEAR_HOURS * 3600:
        return Openness(False, _("closed, opens in %(length)s") % {"length": durations.words(opens - at)})
    return Openness(
        False, _("closed, opens %(moment)s") % {"moment": date_format(opens.astimezone(zone), "D j E, H:i")}
    )

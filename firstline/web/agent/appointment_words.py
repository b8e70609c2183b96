"""When an invitation is, for its reader: in his zone, where the letter says in which zone it was written."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from firstline.intake.reading.appointments import Appointment
from firstline.lib.periods import Period
from firstline.lib.zones import is_zone
from firstline.web import roster_words


def when(event: Appointment) -> str:
    """ "Thu 3 December 11:00–12:30". As it was written, with the zone that was named, where nobody knows that zone, for
    a day as a whole, and at the ends of time."""
    try:
        start, end = _moment(event.begins, event.zone), _moment(event.ends, event.ends_zone)
        if start is None:
            return event.period
        if end is None or end <= start:
            return roster_words.moment(start)
        return roster_words.shown(Period(start, end))
    except (OverflowError, ValueError):
        return event.period


def _moment(written: datetime | date | None, zone: str) -> datetime | None:
    """Outlook names zones in its own way."""
    known = WINDOWS_TO_OLSON.get(zone, zone)
    if not isinstance(written, datetime) or not known or not is_zone(known):
        return None
    return written.replace(tzinfo=ZoneInfo(known))

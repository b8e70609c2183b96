"""Absences read from a calendar file (RFC 5545): each event that is not cancelled is one, known by its UID."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from icalendar import Calendar, Event

from firstline.people.models import Person
from firstline.roster import shifts
from firstline.roster.models import Absence
from firstline.roster.refusals import WrongRoster

LARGEST, MOST = 1024 * 1024, 500


def take(person: Person, content: bytes, *, by: Person, at: datetime) -> list[Absence]:
    """What is over is left out, what repeats is taken once. A second time the same file changes nothing; what an event
    says anew replaces what it said. Raises WrongRoster where nothing can be read."""
    if len(content) > LARGEST:
        raise WrongRoster("file", "at most 1 MB a file")
    zone = shifts.zone_of(person)
    events = _events(content)
    found = [one for one in (_absence(event, zone) for event in events) if one is not None and one[2] > at]
    called_off = [_uid(event) for event in events if _is_cancelled(event)][:MOST]
    if not found and not called_off:
        raise WrongRoster("file", "no absence")
    with transaction.atomic():
        for absence in Absence.objects.filter(person=person, uid__in=called_off).exclude(ends_at__lte=at):
            shifts.come_back(absence, by=by, at=at)
        return [
            shifts.tell_absence(
                person, why=Absence.Why.HOLIDAY, starts_at=start, ends_at=end, note=words, uid=uid, by=by, at=at
            )
            for uid, start, end, words in found[:MOST]
        ]


def _events(content: bytes) -> list[Event]:
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as unreadable:  # what the parser raises
        raise WrongRoster("file", "no calendar") from unreadable
    return [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def _is_cancelled(event: Event) -> bool:
    return str(event.get("status", "")).upper() == "CANCELLED"


def _uid(event: Event) -> str:
    """One that repeats has one UID for all its days (RFC 5545, 3.8.4.4): a day that was moved is named with it."""
    moved = event.get("recurrence-id")
    return f"{event.get('uid', '')}{f' {moved.to_ical().decode()}' if moved is not None else ''}"[:255]


def _absence(event: Event, zone: ZoneInfo) -> tuple[str, datetime, datetime, str] | None:
    """UID, from, until and words; None where it is cancelled or says no period."""
    if _is_cancelled(event):
        return None
    try:
        start, end = event.get("dtstart"), event.get("dtend")
        length = event.get("duration")
        begins = _moment(start.dt, zone)
        if end is not None:
            ends = _moment(end.dt, zone)
        elif length is not None:
            ends = begins + length.dt
        else:
            ends = begins + timedelta(days=1)
    except (ValueError, AttributeError, TypeError, OverflowError):
        return None
    if not begins < ends <= begins + shifts.LONGEST_ABSENCE:
        return None
    return _uid(event) or begins.isoformat(), begins, ends, str(event.get("summary", ""))[:200]


def _moment(said: date | datetime, zone: ZoneInfo) -> datetime:
    """A day begins at midnight where the person is; a time without a zone is his, too."""
    if not isinstance(said, datetime):
        said = datetime.combine(said, time())
    return (said if said.tzinfo is not None else said.replace(tzinfo=zone)).astimezone(UTC)

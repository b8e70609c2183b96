"""A day of a calendar gets other hours: a new version from today, audited, and open clocks are read again."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from firstline.audit import trail
from firstline.calendars import hours
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import WrongCalendar
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import clocks
from firstline.tickets.refusals import WrongValue


def set_day(calendar: Calendar, day: date, typed: str | None, *, by: Person, at: datetime) -> CalendarVersion:
    """`typed` are the hours, nothing = off, None = as the week has them. What was judged stays; a day that is over
    cannot be changed any more (product.md: an edit holds from its day). Raises WrongValue, NotAllowed."""
    demand(by, "edit calendars")
    with transaction.atomic():
        rows = Calendar.objects.select_for_update() if connection.vendor == "postgresql" else Calendar.objects
        held = rows.get(pk=calendar.pk)
        newest = held.versions.order_by("-number").first()
        if newest is None:
            raise WrongValue("calendar", "never opens")
        today = at.astimezone(ZoneInfo(newest.time_zone)).date()
        if day < today or day.year > today.year + 10:
            raise WrongValue("day", "from today on")
        exceptions = dict(newest.exceptions)
        before = exceptions.pop(day.isoformat(), None)
        if typed is not None:
            exceptions[day.isoformat()] = _hours(day, typed)
        if not any(newest.weekly.values()) and not any(exceptions.values()):
            raise WrongValue("hours", "never opens")
        if exceptions == newest.exceptions:
            return newest
        made = CalendarVersion.objects.create(
            calendar=held, number=newest.number + 1, valid_from=today, time_zone=newest.time_zone,
            weekly=newest.weekly, exceptions=exceptions, created_at=at,
        )  # fmt: skip
        trail.note(
            at=at, actor=f"person:{by.pk}", action="calendar edited", target=f"calendar:{held.slug}",
            day=day.isoformat(), before=before, after=exceptions.get(day.isoformat()), version=made.number,
        )  # fmt: skip
        clocks.read_again(held.slug, at=at)
        return made


def _hours(day: date, typed: str) -> list[list[str]]:
    try:
        return hours.parse(day.isoformat(), typed)
    except WrongCalendar as wrong:
        raise WrongValue("hours", "hours of a day") from wrong

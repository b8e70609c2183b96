"""Calendars are made and get other hours: each change is a new version from today, audited, and open clocks are read
again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from firstline.audit import trail
from firstline.calendars import first_hours, hours
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import WrongCalendar, parse_calendar
from firstline.lib.language import filled, named
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import clocks
from firstline.tickets.refusals import WrongValue

LONGEST_NAME = 200


def make(
    slug: str,
    *,
    names: Mapping[str, str],
    time_zone: str,
    country: str = "",
    weekly: Mapping[str, Any] | None = None,
    by: Person,
    at: datetime,
) -> Calendar:
    """A new calendar; without a week the usual office hours, with a country its public holidays, which are written down
    and may be edited. Raises WrongValue, NotAllowed."""
    demand(by, "edit calendars")
    name, texts = _named(names)
    try:
        week, exceptions = first_hours.hours_of(time_zone, weekly=weekly, exceptions={}, country=country, year=at.year)
    except WrongCalendar as wrong:
        raise _unfit(wrong) from wrong
    with transaction.atomic():
        if Calendar.objects.filter(slug=slug).exists():
            raise WrongValue("slug", "there already")
        made = Calendar.objects.create(slug=slug, name=name, names=texts, time_zone=time_zone, country=country)
        CalendarVersion.objects.create(
            calendar=made, number=1, time_zone=time_zone, weekly=week, exceptions=exceptions, created_at=at
        )
        _note(made, "calendar made", by, at, names=texts, time_zone=time_zone, country=country, weekly=week)
    return made


def rename(calendar: Calendar, names: Mapping[str, str], *, by: Person, at: datetime) -> Calendar:
    """Raises WrongValue, NotAllowed."""
    demand(by, "edit calendars")
    name, texts = _named(names)
    with transaction.atomic():
        held = _held(calendar)
        if (held.name, held.names) != (name, texts):
            before = held.names
            held.name, held.names = name, texts
            held.save(update_fields=["name", "names"])
            _note(held, "calendar renamed", by, at, before=before, names=texts)
    return held


def set_week(calendar: Calendar, weekly: Mapping[str, Any], *, by: Person, at: datetime) -> CalendarVersion:
    """Other hours of the week, from today on: {"mon": [["09:00", "18:00"]]}; a day that is not named is off. The
    exceptions stay. Raises WrongValue, NotAllowed."""
    demand(by, "edit calendars")
    with transaction.atomic():
        held = _held(calendar)
        newest = _newest(held)
        try:
            parsed = parse_calendar({"time_zone": newest.time_zone, "weekly": dict(weekly), "exceptions": {}})
        except WrongCalendar as wrong:
            raise _unfit(wrong) from wrong
        if not any(parsed.weekly.values()) and not any(newest.exceptions.values()):
            raise WrongValue("weekly", "never opens")
        week = {day: sorted(spans) for day, spans in weekly.items() if spans}
        if week == {day: sorted(spans) for day, spans in newest.weekly.items() if spans}:
            return newest
        made = _next(newest, at, weekly=week)
        _note(held, "calendar edited", by, at, before=newest.weekly, after=week, version=made.number)
        clocks.read_again(held.slug, at=at)
        return made


def set_day(calendar: Calendar, day: date, typed: str | None, *, by: Person, at: datetime) -> CalendarVersion:
    """`typed` are the hours, nothing = off, None = as the week has them. What was judged stays; a day that is over
    cannot be changed any more (product.md: an edit holds from its day). Raises WrongValue, NotAllowed."""
    demand(by, "edit calendars")
    with transaction.atomic():
        held = _held(calendar)
        newest = _newest(held)
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
        made = _next(newest, at, exceptions=exceptions)
        _note(
            held, "calendar edited", by, at, day=day.isoformat(), before=before,
            after=exceptions.get(day.isoformat()), version=made.number,
        )  # fmt: skip
        clocks.read_again(held.slug, at=at)
        return made


def _hours(day: date, typed: str) -> list[list[str]]:
    try:
        return hours.parse(day.isoformat(), typed)
    except WrongCalendar as wrong:
        raise WrongValue("hours", "hours of a day") from wrong


def _held(calendar: Calendar) -> Calendar:
    rows = Calendar.objects.select_for_update() if connection.vendor == "postgresql" else Calendar.objects
    return rows.get(pk=calendar.pk)


def _newest(calendar: Calendar) -> CalendarVersion:
    newest = calendar.versions.order_by("-number").first()
    if newest is None:
        raise WrongValue("calendar", "never opens")
    return newest


def _next(newest: CalendarVersion, at: datetime, **changed: Any) -> CalendarVersion:
    return CalendarVersion.objects.create(
        calendar_id=newest.calendar_id, number=newest.number + 1, created_at=at, time_zone=newest.time_zone,
        valid_from=at.astimezone(ZoneInfo(newest.time_zone)).date(),
        **{"weekly": newest.weekly, "exceptions": newest.exceptions, **changed},
    )  # fmt: skip


def _named(names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    name, texts = named(filled(names), settings.LANGUAGE_CODE)
    if not name:
        raise WrongValue("names", "empty")
    if any(len(text) > LONGEST_NAME for text in texts.values()):
        raise WrongValue("names", f"at most {LONGEST_NAME} characters")
    return name, texts


def _unfit(wrong: WrongCalendar) -> WrongValue:
    """The part of the hours that cannot be, in the words of a form's field."""
    place, _colon, what = str(wrong).removeprefix("calendar.").partition(": ")
    field = place.split(".")[0] if place.split(".")[0] in {"time_zone", "country", "weekly"} else "weekly"
    if "for the country" in str(wrong):
        field = "country"
    never = what == "never opens"
    return WrongValue(field, "never opens" if never else "hours of a day" if field == "weekly" else "unknown")


def _note(calendar: Calendar, action: str, by: Person, at: datetime, **data: Any) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"calendar:{calendar.slug}", **data)

"""Calendars: when people work. A change is a new version from today; what was judged stays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.calendars import question, seeds
from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import FIRST_YEAR, LAST_YEAR
from firstline.calendars.year import days_of
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import calendar_edits
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Calendars"])


@router.get("", response={200: terms_schemas.Calendars, **FOR_READING}, summary="List calendars")
def index(request: HttpRequest) -> HttpResponse:
    """Every calendar with the hours of its week."""
    demand(caller(request).person, "see calendars")
    return answering.plain({"items": [_calendar(one) for one in Calendar.objects.prefetch_related("versions")]})


@router.post("", response={201: terms_schemas.Calendar, **FOR_WRITING}, summary="Make a calendar")
def create(request: HttpRequest, asked: terms_bodies.NewCalendar) -> HttpResponse:
    """Its country's public holidays are written down and may be edited."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        made = calendar_edits.make(
            asked.slug, names=asked.names, time_zone=asked.time_zone, country=asked.country,
            weekly=asked.weekly, by=by, at=at,
        )  # fmt: skip
        return 201, _calendar(made)

    return answering.done(request, deed, "calendars/{slug}")


@router.get("/{slug}", response={200: terms_schemas.Calendar, **FOR_READING}, summary="Read a calendar")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """With the hours of its week."""
    return answering.plain(_calendar(_found(caller(request).person, slug, "see calendars")))


@router.patch("/{slug}", response={200: terms_schemas.Calendar, **FOR_WRITING}, summary="Edit a calendar")
def edit(request: HttpRequest, slug: str, asked: terms_bodies.ChangedCalendar) -> HttpResponse:
    """Fields that are absent stay. Other hours of the week hold from today."""
    given = asked.model_fields_set

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, "edit calendars")
        with transaction.atomic():
            if "names" in given:
                found = calendar_edits.rename(found, asked.names, by=by, at=at)
            if "weekly" in given:
                calendar_edits.set_week(found, asked.weekly, by=by, at=at)
        return 200, _calendar(found)

    return answering.done(request, deed)


@router.post("/{slug}/days", response={200: terms_schemas.Calendar, **FOR_WRITING}, summary="Change a day")
def set_day(request: HttpRequest, slug: str, asked: terms_bodies.NewCalendarDay) -> HttpResponse:
    """Other hours on a day from today on, none (`[]`), or as the week has them (null)."""
    typed = None if asked.hours is None else ", ".join("-".join(span) for span in asked.hours)
    if asked.hours and not all("," not in part and ";" not in part for span in asked.hours for part in span):
        raise WrongValue("hours", "hours of a day")

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, "edit calendars")
        calendar_edits.set_day(found, asked.day, typed, by=by, at=at)
        return 200, _calendar(found)

    return answering.done(request, deed)


@router.get("/{slug}/{int:year}", response={200: terms_schemas.CalendarYear, **FOR_READING}, summary="Read a year")
def of_year(request: HttpRequest, slug: str, year: Annotated[int, Field(gt=FIRST_YEAR, lt=LAST_YEAR)]) -> HttpResponse:
    """Every day on which its hours differ from the week's, and what the year comes to."""
    person = caller(request).person
    found = _found(person, slug, "see calendars")
    at, zone = clock.now(), ZoneInfo(found.time_zone)
    timetable = timetable_of(found)
    version = timetable.at(at if year == at.astimezone(zone).year else datetime(year, 7, 1, tzinfo=zone))
    days = days_of(version, year, seeds.names_of(found.country, year, person.language))
    return answering.plain(
        {
            "calendar": found.slug, "year": year, "version": timetable.number,
            "working_days": sum(1 for day in days if day.hours),
            "working_minutes": sum(day.minutes for day in days),
            "exceptions": [
                {"day": day.day.isoformat(), "kind": day.kind, "hours": question.written_intervals(day.hours),
                 "name": day.name}
                for day in days if day.exceptional
            ],
        }
    )  # fmt: skip


def _found(person: Person, slug: str, deed: str) -> Calendar:
    demand(person, deed)
    found = Calendar.objects.filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _calendar(one: Calendar) -> dict[str, Any]:
    newest = max(one.versions.all(), key=lambda version: version.number, default=None)
    return {
        "slug": one.slug, "name": one.name, "names": one.names, "time_zone": one.time_zone, "country": one.country,
        "version": newest.number if newest else 0, "weekly": newest.weekly if newest else {},
    }  # fmt: skip

"""Calendars as people look at them: the list, and the year of one with its holidays and other hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.calendars import hours, question, seeds
from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import FIRST_YEAR, LAST_YEAR
from firstline.calendars.year import Day, days_of, months
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.sla import calendar_edits
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import open_now
from firstline.web.moments import day_of
from firstline.web.sign_in.needed import signed_in


@dataclass(frozen=True)
class Month:
    name: str
    weeks: list[list[Day | None]]
    days: int


@require_safe
@signed_in
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/calendars/"""
    demand(person, "see calendars")
    now = clock.now()
    rows = [
        (one, open_now.of(one, now), now.astimezone(ZoneInfo(one.time_zone)).year) for one in Calendar.objects.all()
    ]
    return render(request, "web/manager/calendars.html", {"rows": rows, "may_edit": may(person, "edit calendars")})


@require_safe
@signed_in
def of_year(request: HttpRequest, person: Person, calendar: str, year: int) -> HttpResponse:
    """GET /desk/calendars/weekdays/2026/"""
    demand(person, "see calendars")
    found = _calendar(calendar)
    if not FIRST_YEAR < year < LAST_YEAR:
        raise NotThere(str(year))
    now = clock.now()
    today = now.astimezone(ZoneInfo(found.time_zone)).date()
    at = now if year == today.year else datetime(year, 7, 1, tzinfo=ZoneInfo(found.time_zone))
    version = timetable_of(found).at(at)
    days = days_of(version, year, seeds.names_of(found.country, year, translation.get_language()))
    weeks = months(days)
    context: dict[str, Any] = {
        "calendar": found,
        "year": year,
        "today": today,
        "months": [
            Month(str(MONTHS[i + 1]), weeks[i], sum(1 for day in days if day.day.month == i + 1 and day.hours))
            for i in range(12)
        ],
        "exceptions": [(day, hours.said(question.written_intervals(day.hours))) for day in days if day.exceptional],
        "week": [
            (name, hours.said(question.written_intervals(version.weekly.get(i, ()))))
            for i, name in enumerate(weekdays())
        ],
        "working": sum(1 for day in days if day.hours),
        "total": sum(day.minutes for day in days) // 60,
        "now": open_now.of(found, now),
        "versions": list(found.versions.order_by("-number")[:10]),
        "may_edit": may(person, "edit calendars"),
    }
    return render(request, "web/manager/calendar_year.html", context)


@require_POST
@signed_in
def set_day(request: HttpRequest, person: Person, calendar: str) -> HttpResponse:
    """POST /desk/calendars/weekdays/days/ day, hours, what (hours, off, usual)"""
    demand(person, "edit calendars")
    found = _calendar(calendar)
    day = day_of("day", request.POST.get("day", ""))
    what = request.POST.get("what", "")
    typed = {"usual": None, "off": "", "hours": request.POST.get("hours", "")}.get(what, "?")
    if what == "hours" and not (typed or "").strip():
        raise WrongValue("hours", "hours of a day")
    calendar_edits.set_day(found, day, typed, by=person, at=clock.now())
    messages.success(request, _("The calendar has the new hours. They hold from today on."))
    return HttpResponseRedirect(f"/desk/calendars/{found.slug}/{day.year}/")


def weekdays() -> list[str]:
    """Their short names, Monday first."""
    return [str(WEEKDAYS_ABBR[i]) for i in range(7)]


def _calendar(slug: str) -> Calendar:
    found = Calendar.objects.filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found

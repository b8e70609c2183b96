"""A calendar is made, and its week gets other hours: the pages beside the year of calendars.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dates import WEEKDAYS as WEEKDAYS_NAMED
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from firstline.calendars import hours
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import WEEKDAYS, WrongCalendar
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Person
from firstline.sla import calendar_edits
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web.manager import shown
from firstline.web.manager.door import door

ROOT = "/desk/calendars/"
ANY_DAY = "2026-01-01"  # hours are read alike on every day
USUAL = dict.fromkeys(WEEKDAYS[:5], "09:00–18:00")
COUNTRIES = (("RU", gettext_lazy("Russia")), ("BG", gettext_lazy("Bulgaria")))
PROBLEMS = {
    "names": gettext_lazy("Give it a name in one language at least; at most 200 characters."),
    "slug": gettext_lazy("There is a calendar of this name already."),
    "time_zone": gettext_lazy("Such a time zone is not known: write it as Europe/Sofia."),
    "country": gettext_lazy("Choose one from the list."),
    "weekly": gettext_lazy("It would never open: give one day hours at least, such as 09:00-18:00."),
}


@require_http_methods(["GET", "POST"])
@door("edit calendars")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/calendars/new/ names-…, slug, country, time_zone, hours-mon…"""
    if request.method != "POST":
        return _form(request, None, USUAL, {})
    given = request.POST
    typed = {day: given.get(f"hours-{day}", "") for day in WEEKDAYS}
    weekly, wrong = _week(typed)
    slug = slugify(given.get("slug", ""))[:60]
    if not slug:
        wrong["slug"] = _("A short name of Latin letters is needed.")
    if not wrong:
        names = {code: given.get(f"names-{code}", "") for code, _name in LANGUAGES}
        try:
            made = calendar_edits.make(
                slug, names=names, time_zone=given.get("time_zone", "").strip(), country=given.get("country", ""),
                weekly=weekly, by=person, at=clock.now(),
            )  # fmt: skip
        except WrongValue as refusal:
            wrong = _in_words(refusal)
        else:
            return HttpResponseRedirect(f"{ROOT}{made.slug}/{clock.now().year}/")
    return _form(request, None, typed, wrong)


@require_http_methods(["GET", "POST"])
@door("edit calendars")
def week(request: HttpRequest, person: Person, calendar: str) -> HttpResponse:
    """/desk/calendars/weekdays/week/ hours-mon…: other hours of the week, from today on."""
    found = Calendar.objects.filter(slug=calendar).first()
    if found is None:
        raise NotThere(calendar)
    if request.method != "POST":
        newest = CalendarVersion.objects.filter(calendar=found).order_by("-number").first()
        kept = newest.weekly if newest else {}
        return _form(request, found, {day: hours.said(kept.get(day, ())) for day in WEEKDAYS}, {})
    typed = {day: request.POST.get(f"hours-{day}", "") for day in WEEKDAYS}
    weekly, wrong = _week(typed)
    if not wrong:
        try:
            calendar_edits.set_week(found, weekly, by=person, at=clock.now())
        except WrongValue as refusal:
            wrong = _in_words(refusal)
        else:
            messages.success(request, _("The calendar has the new hours. They hold from today on."))
            return HttpResponseRedirect(f"{ROOT}{found.slug}/{clock.now().year}/")
    return _form(request, found, typed, wrong)


def _week(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The hours as calendars keep them, and what cannot be read of them."""
    weekly: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for day, words in typed.items():
        try:
            weekly[day] = hours.parse(ANY_DAY, words)
        except WrongCalendar:
            wrong[f"hours-{day}"] = _("Hours such as 09:00-13:00, 14:00-18:00.")
    if not wrong and not any(weekly.values()):
        wrong["weekly"] = str(PROBLEMS["weekly"])
    return weekly, wrong


def _in_words(refusal: WrongValue) -> dict[str, str]:
    return {refusal.field: str(PROBLEMS.get(refusal.field, PROBLEMS["weekly"]))}


def _form(
    request: HttpRequest, calendar: Calendar | None, typed: Mapping[str, str], wrong: dict[str, str]
) -> HttpResponse:
    given = request.POST
    names = {code: given.get(f"names-{code}", "") for code, _name in LANGUAGES}
    context = {
        "calendar": calendar, "wrong": wrong, "names": shown.name_fields(names), "slug": given.get("slug", ""),
        "country": given.get("country", ""), "countries": COUNTRIES,
        "time_zone": given.get("time_zone", settings.TIME_ZONE), "year": clock.now().year,
        "days": [
            {"name": f"hours-{day}", "label": str(WEEKDAYS_NAMED[i]), "value": typed.get(day, ""),
             "problem": wrong.get(f"hours-{day}", "")}
            for i, day in enumerate(WEEKDAYS)
        ],
    }  # fmt: skip
    return render(request, "web/manager/calendar_form.html", context, status=422 if wrong else 200)

"""Vendors: who keeps his word, and each with his address, hours and terms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.calendars.models import Calendar
from firstline.contracts import lengths, vendors
from firstline.contracts.lengths import Day, NoLength
from firstline.contracts.models import Vendor
from firstline.contracts.refusals import WrongTerms
from firstline.contracts.terms_shape import METRICS
from firstline.contracts.vendors import Known
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.sla.penalties import Share
from firstline.tickets import vendor_scores
from firstline.tickets.queries import NotThere
from firstline.web import clock_faces, durations, money, open_now
from firstline.web.manager import shown
from firstline.web.manager.door import door
from firstline.web.manager.terms_form import LENGTH_PROBLEMS

ROOT = "/desk/vendors/"
TEXTS = ("email", "phone", "language", "calendar")
# What a request to a vendor is held to today; the others may be kept all the same (the apply file knows them).
HELD_TO = ("first_response", "resolution")
WORDS = {
    "slug": gettext_lazy("There is a vendor of this name already."),
    "names": gettext_lazy("Give it a name in one language at least; at most 200 characters."),
    "email": gettext_lazy("This is no mail address."),
    "language": gettext_lazy("Choose the language."),
    "phone": gettext_lazy("At most 30 characters."),
    "calendar": gettext_lazy("This calendar never opens: choose another, or give it hours."),
}


@require_safe
@door("see vendors")
def scores(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/vendors/"""
    rows = [
        (
            one,
            money.percent(Share(one.answers_in_time, one.answers_promised)),
            money.percent(Share(one.solutions_in_time, one.solutions_promised)),
            durations.in_hours(one.typical_answer) if one.typical_answer is not None else "–",
        )
        for one in sorted(vendor_scores.of_last_year(clock.now()), key=lambda one: one.vendor.retired_at is not None)
    ]
    context = {"rows": rows, "may_edit": may(person, "edit contracts")}
    return render(request, "web/manager/vendors.html", context)


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/vendors/new/ slug, names-…, email, phone, language, calendar, target-…"""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        slug = slugify(request.POST.get("slug", ""))[:60]
        known, wrong = _known(request)
        if not slug:
            wrong["slug"] = _("A short name of Latin letters is needed.")
        if known is not None and not wrong:
            try:
                made = vendors.add(slug, known, by=person, at=clock.now())
            except WrongTerms as refusal:
                wrong = _in_words(refusal)
            else:
                return HttpResponseRedirect(f"{ROOT}{made.slug}/")
    return _form(request, person, None, wrong)


@require_http_methods(["GET", "POST"])
@door("see vendors")
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """One vendor: read by who works with vendors, edited by who answers for contracts."""
    found = _vendor(slug)
    if request.method != "POST":
        return _form(request, person, found, {})
    demand(person, "edit contracts")
    known, wrong = _known(request)
    if known is not None and not wrong:
        try:
            vendors.edit(found, known, by=person, at=clock.now())
        except WrongTerms as refusal:
            wrong = _in_words(refusal)
        else:
            messages.success(request, _("The vendor is saved. What he was asked keeps its deadlines."))
            return HttpResponseRedirect(f"{ROOT}{slug}/")
    return _form(request, person, found, wrong)


@require_POST
@door("edit contracts")
def retirement(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST retired=yes|no."""
    found = _vendor(slug)
    change = vendors.retire if request.POST.get("retired") == "yes" else vendors.restore
    change(found, by=person, at=clock.now())
    return HttpResponseRedirect(f"{ROOT}{slug}/")


def _vendor(slug: str) -> Vendor:
    found = Vendor.objects.select_related("calendar").filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _known(request: HttpRequest) -> tuple[Known | None, dict[str, str]]:
    """What was typed, and what is wrong with it."""
    given, wrong = request.POST, {}
    calendar = Calendar.objects.filter(slug=given.get("calendar", "")).first()
    if calendar is None:
        return None, {"calendar": _("Choose the calendar.")}
    day = _day(calendar)
    targets: dict[str, int] = {}
    for metric in METRICS:
        typed = given.get(f"target-{metric}", "").strip()
        try:
            targets |= {metric: lengths.read(typed, day)} if typed else {}
        except NoLength as problem:
            wrong[f"target-{metric}"] = str(LENGTH_PROBLEMS[problem.problem])
    known = Known(
        names={code: given.get(f"names-{code}", "") for code, _name in LANGUAGES}, calendar=calendar,
        email=given.get("email", ""), phone=given.get("phone", ""), language=given.get("language", ""), targets=targets,
    )  # fmt: skip
    return known, wrong


def _form(request: HttpRequest, person: Person, vendor: Vendor | None, wrong: dict[str, str]) -> HttpResponse:
    typed = request.POST if wrong else None
    chosen = {key: typed.get(key, "") for key in TEXTS} if typed is not None else _chosen(vendor)
    names = {code: typed.get(f"names-{code}", "") for code, _name in LANGUAGES} if typed is not None else None
    kept = {one.metric: one.minutes for one in vendor.targets.all()} if vendor else {}
    said = {metric: _length(kept[metric], vendor) if metric in kept else "" for metric in METRICS}
    targets = [
        {
            "name": f"target-{metric}", "label": clock_faces.METRICS[metric], "minutes": kept.get(metric),
            "value": typed.get(f"target-{metric}", "") if typed is not None else said[metric],
            "problem": wrong.get(f"target-{metric}", ""),
        }
        for metric in METRICS
        if metric in HELD_TO or metric in kept
    ]  # fmt: skip
    context: dict[str, Any] = {
        "vendor": vendor, "wrong": wrong, "slug": request.POST.get("slug", ""), "chosen": chosen, "targets": targets,
        "names": shown.name_fields(names if names is not None else shown.names_of(vendor)),
        "calendars": Calendar.objects.all(), "languages": LANGUAGES, "may_edit": may(person, "edit contracts"),
        "open_now": open_now.of(vendor.calendar, clock.now()) if vendor else None,
    }  # fmt: skip
    return render(request, "web/manager/vendor.html", context, status=422 if wrong else 200)


def _chosen(vendor: Vendor | None) -> dict[str, str]:
    if vendor is None:
        return {"email": "", "phone": "", "language": shown.language(), "calendar": ""}
    return {
        "email": vendor.email, "phone": vendor.phone, "language": vendor.language, "calendar": vendor.calendar.slug,
    }  # fmt: skip


def _length(minutes: int, vendor: Vendor | None) -> str:
    day = _day(vendor.calendar) if vendor else lengths.ROUND_THE_CLOCK_DAY
    return lengths.written(minutes, shown.language(), day)


def _day(calendar: Calendar) -> Day:
    return shown.days().get(calendar.slug, lengths.ROUND_THE_CLOCK_DAY)


def _in_words(refusal: WrongTerms) -> dict[str, str]:
    return {
        place: str(WORDS.get(place, what.strip()))
        for place, _colon, what in (problem.partition(":") for problem in refusal.problems)
    }

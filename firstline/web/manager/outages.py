"""Outages and planned work: what is down now, what is to come, what was; recorded in ten seconds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.contracts import outages
from firstline.contracts.models import Outage, Service
from firstline.lib import clock
from firstline.lib.language import CODES, LANGUAGES
from firstline.people.models import Client, Person
from firstline.people.permissions import demand, may
from firstline.tickets import known_outages
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.moments import moment_of
from firstline.web.sign_in.needed import signed_in

PAGE = 50
FIELDS = ("client", "service", "starts_at", "ends_at", "planned", "announced", *(f"words_{code}" for code in CODES))


@require_safe
@signed_in
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outages/: what goes on and what is to come first, then the newest."""
    demand(person, "record outages")
    now = clock.now()
    before = request.GET.get("before", "")
    past = outages.over(outages.visible_to(person), at=now).order_by("-id")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        past = past.filter(pk__lt=int(before))
    got = list(past[: PAGE + 1])
    alive = list(outages.not_over(outages.visible_to(person), at=now).order_by("starts_at", "id")[:200])
    come = known_outages.counted(alive)
    context = {
        "alive": [(one, come.get(one.pk, 0)) for one in alive],
        "past": got[:PAGE],
        "next": f"/desk/outages/?before={got[PAGE - 1].pk}" if len(got) > PAGE else "",
        "now": now,
        "may_excuse": may(person, "excuse breaches"),
    }
    return render(request, "web/manager/outages.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outages/new/ shows the form, POST records; what was typed wrongly comes back with what is wrong."""
    demand(person, "record outages")
    now = clock.now()
    if request.method != "POST":
        typed = {"starts_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}", "announced": "on"}
        return _form(request, person, typed)
    typed = {field: request.POST.get(field, "") for field in FIELDS}
    try:
        outages.record(
            client=_client(person, typed["client"]),
            service=_service(typed["service"]),
            starts_at=moment_of("starts_at", typed["starts_at"]),
            ends_at=moment_of("ends_at", typed["ends_at"]) if typed["ends_at"] else None,
            planned=bool(typed["planned"]),
            words={code: typed[f"words_{code}"] for code in CODES},
            announced=bool(typed["announced"]),
            by=person,
            at=now,
        )
    except (WrongValue, outages.WrongOutage) as wrong:
        refusal = wrong if isinstance(wrong, WrongValue) else WrongValue(wrong.field, wrong.problem)
        return _form(request, person, typed, {refusal.field: refusals.problem_in_words(refusal)}, 422)
    messages.success(request, _("It is recorded."))
    return HttpResponseRedirect("/desk/outages/")


@require_POST
@signed_in
def end(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/end/: it works again, since `ends_at` (empty: now)."""
    now, given = clock.now(), request.POST.get("ends_at", "")
    row = _get(person, number)
    try:
        outages.end(row, ends_at=moment_of("ends_at", given) if given else now, by=person, at=now)
    except outages.WrongOutage as wrong:
        raise WrongValue(wrong.field, wrong.problem) from wrong
    return HttpResponseRedirect("/desk/outages/")


@require_POST
@signed_in
def announce(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/announcement/: `shown` on or off."""
    outages.announce(_get(person, number), shown=bool(request.POST.get("shown")), by=person, at=clock.now())
    return HttpResponseRedirect("/desk/outages/")


@require_POST
@signed_in
def excuse(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/excuse/: `excused` on or off."""
    outages.excuse(_get(person, number), excused=bool(request.POST.get("excused")), by=person, at=clock.now())
    return HttpResponseRedirect("/desk/outages/")


def _get(person: Person, number: int) -> Outage:
    row = outages.visible_to(person).filter(pk=number).first()
    if row is None:
        raise NotThere
    return row


def _client(person: Person, slug: str) -> Client | None:
    if not slug:
        return None
    found = outages.clients_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongValue("client", "unknown")
    return found


def _service(slug: str) -> Service | None:
    if not slug:
        return None
    found = Service.objects.filter(slug=slug).first()
    if found is None:
        raise WrongValue("service", "unknown")
    return found


def _form(
    request: HttpRequest, person: Person, typed: dict[str, str], wrong: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "typed": typed,
        "wrong": wrong or {},
        "clients": outages.clients_for(person),
        "services": Service.objects.all(),
        "words": [(code, spoken, typed.get(f"words_{code}", "")) for code, spoken in LANGUAGES],
    }
    return render(request, "web/manager/outage.html", context, status=status)

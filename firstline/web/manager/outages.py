"""Announcements: what is down now, what is to come, what is said, what was; recorded in ten seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.contracts import following, outages, queries
from firstline.contracts.models import Outage
from firstline.lib import clock
from firstline.lib.language import CODES
from firstline.people.models import Client, Person
from firstline.people.permissions import demand, may
from firstline.sla import availability_now
from firstline.tickets import known_outages
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals, statement_words
from firstline.web.manager import outage_form
from firstline.web.moments import moment_of
from firstline.web.sign_in.needed import signed_in

PAGE = 50


@require_safe
@signed_in
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outages/: what goes on and what is to come first, then the newest; `client` leaves what touches one of
    them, and says what it comes to under his contracts."""
    demand(person, "record outages")
    now = clock.now()
    before, client = request.GET.get("before", ""), _client(person, request.GET.get("client", ""))
    rows = outages.visible_to(person)
    rows = rows.filter(outages.touching(client)) if client else rows
    past = outages.over(rows, at=now).order_by("-id")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        past = past.filter(pk__lt=int(before))
    got = list(past[: PAGE + 1])
    alive = list(outages.not_over(rows, at=now).order_by("starts_at", "id")[:200])
    come, follow = known_outages.counted(alive), following.counted(alive)
    seen = set(outages.clients_for(person).values_list("pk", flat=True))
    asked = f"&client={client.slug}" if client else ""
    context = {
        "alive": [(one, outage_form.whose(one, seen), come.get(one.pk, 0), follow.get(one.pk, 0)) for one in alive],
        "past": [(one, outage_form.whose(one, seen)) for one in got[:PAGE]],
        "next": f"/desk/outages/?before={got[PAGE - 1].pk}{asked}" if len(got) > PAGE else "",
        "now": now,
        "may_excuse": may(person, "excuse breaches"),
        "clients": outages.clients_for(person),
        "client": client,
        "available": _available(person, client, now) if client else [],
    }
    return render(request, "web/manager/outages.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outages/new/ shows the form, POST records; `look` shows who would see it, and records nothing."""
    demand(person, "record outages")
    now = clock.now()
    if request.method != "POST":
        return outage_form.shown(request, person, outage_form.empty(now))
    typed = outage_form.typed_in(request)
    if "look" in request.POST:
        return outage_form.shown(request, person, typed)
    try:
        outages.record(outage_form.read(typed, person), announced=bool(typed["announced"]), by=person, at=now)
    except (WrongValue, outages.WrongOutage) as wrong:
        return outage_form.refused(request, person, typed, wrong)
    messages.success(request, _("It is recorded."))
    return HttpResponseRedirect("/desk/outages/")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/outages/7/ shows it in the form, POST keeps what was changed."""
    row = _get(person, number)
    if request.method != "POST":
        return outage_form.shown(request, person, outage_form.as_kept(row), row)
    typed = outage_form.typed_in(request)
    if "look" in request.POST:
        return outage_form.shown(request, person, typed, row)
    try:
        outages.revise(row, outage_form.read(typed, person), by=person, at=clock.now())
    except (WrongValue, outages.WrongOutage) as wrong:
        return outage_form.refused(request, person, typed, wrong, row)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect("/desk/outages/")


@require_safe
@signed_in
def audience(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outages/audience/?clients=north: the part of the form that says who would see it."""
    demand(person, "record outages")
    return render(request, "web/manager/_audience.html", outage_form.audience(request.GET, person))


@require_POST
@signed_in
def say(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/update/ words_ru, words_bg, words_en: how it goes; one language is enough."""
    row = _get(person, number)
    words = {code: request.POST.get(f"words_{code}", "") for code in CODES}
    try:
        outages.say(row, words, by=person, at=clock.now())
    except outages.WrongOutage as wrong:
        problem = refusals.problem_in_words(WrongValue(wrong.field, wrong.problem))
        messages.error(request, problem)
        return HttpResponseRedirect(f"/desk/outages/{row.pk}/#update")
    messages.success(request, _("The clients see the update."))
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
    client = _client(person, request.POST.get("client", ""))
    return HttpResponseRedirect(f"/desk/outages/?client={client.slug}" if client else "/desk/outages/")


def _client(person: Person, slug: str) -> Client | None:
    """Whose outages are asked for; None: everybody's."""
    if not slug:
        return None
    found = outages.clients_for(person).filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _available(person: Person, client: Client, now: datetime) -> list[tuple[Any, str, statement_words.Uptime]]:
    """What it comes to under each of his contracts; nothing for who may not see contracts."""
    contracts = queries.contracts_for(person).filter(client=client).order_by("slug")
    return [
        (one.version, statement_words.month_in_words(one.month.first), statement_words.uptime(one))
        for one in availability_now.of_contracts(contracts, at=now)
    ]


def _get(person: Person, number: int) -> Outage:
    row = outages.visible_to(person).filter(pk=number).first()
    if row is None:
        raise NotThere
    return row

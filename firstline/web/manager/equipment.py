"""What is looked after: the equipment of clients, a thing with its numbers and remote ids, and its place."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstline.assets import upkeep
from firstline.assets.models import Equipment, Site
from firstline.assets.upkeep import Thing, WrongThing
from firstline.contracts import queries, terms
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Client, Person
from firstline.people.permissions import demand, may
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.manager import shown
from firstline.web.manager.door import door

ROOT, PAGE = "/desk/equipment/", 50
EDITS = "edit equipment"
TEXTS = ("kind", "inventory", "serial")


@require_safe
@door("see contracts")
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/equipment/?client=north&q=printer: by client and name, page by page."""
    asked = {key: value for key in ("client", "q") if (value := request.GET.get(key, "").replace("\x00", "").strip())}
    client = queries.clients_for(person).filter(slug=asked.get("client", "")).first()
    if "client" in asked and client is None:
        raise NotThere(asked["client"])
    rows = queries.equipment_found(person, asked.get("q", "")[:100], asked.get("client", "")).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    got = list(rows[: PAGE + 1])
    context = {
        "rows": got[:PAGE], "client": client, "q": asked.get("q", ""), "may_edit": may(person, EDITS),
        "next": f"?{urlencode(asked | {'before': str(got[PAGE - 1].pk)})}" if len(got) > PAGE else "",
        "first": f"{ROOT}?{urlencode(asked)}" if before else "",
        "sites": Site.objects.filter(client=client) if client else [],
    }  # fmt: skip
    return render(request, "web/manager/equipment.html", context)


@require_http_methods(["GET", "POST"])
@door(EDITS)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/equipment/new/?client=north"""
    client = _client(person, request)
    return _thing_form(request, person, client, None)


@require_http_methods(["GET", "POST"])
@door("see contracts")
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """A thing: read by who sees contracts, edited by who answers for them."""
    found = queries.equipment_found(person).filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    if request.method == "POST":
        demand(person, EDITS)
    return _thing_form(request, person, found.client, found)


@require_http_methods(["GET", "POST"])
@door(EDITS)
def new_site(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/sites/new/?client=north"""
    return _site_form(request, person, _client(person, request), None)


@require_http_methods(["GET", "POST"])
@door(EDITS)
def site(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """/desk/sites/north-site/"""
    found = Site.objects.filter(client__in=queries.clients_for(person), slug=slug).select_related("client").first()
    if found is None:
        raise NotThere(slug)
    return _site_form(request, person, found.client, found)


def _thing_form(request: HttpRequest, person: Person, client: Client, found: Equipment | None) -> HttpResponse:
    wrong: dict[str, str] = {}
    if request.method == "POST":
        said = Thing(
            names=_names(request), site=Site.objects.filter(client=client, slug=request.POST.get("site", "")).first(),
            remote_ids=_remote(request.POST.get("remote_ids", "")),
            **{key: request.POST.get(key, "").replace("\x00", "") for key in TEXTS},
        )  # fmt: skip
        try:
            if found is None:
                upkeep.add(client, said, by=person, at=clock.now())
            else:
                upkeep.edit(found, said, by=person, at=clock.now())
        except WrongThing as refusal:
            wrong = _in_words(refusal)
        else:
            messages.success(request, _("The equipment is saved."))
            return HttpResponseRedirect(f"{ROOT}?client={client.slug}")
    typed = request.POST if wrong else None
    kept = {key: getattr(found, key, "") for key in TEXTS}
    kept |= {
        "site": found.site.slug if found and found.site else "",
        "remote_ids": "\n".join(f"{key}: {value}" for key, value in found.remote_ids.items()) if found else "",
    }
    version = terms.in_force(client, None, clock.now(), found) if found else None
    context: dict[str, Any] = {
        "thing": found, "client": client, "wrong": wrong, "version": version, "may_edit": may(person, EDITS),
        "said": {key: typed.get(key, "") for key in kept} if typed is not None else kept,
        "names": shown.name_fields(_names(request) if typed is not None else shown.names_of(found)),
        "sites": Site.objects.filter(client=client),
    }  # fmt: skip
    return render(request, "web/manager/thing.html", context, status=422 if wrong else 200)


def _site_form(request: HttpRequest, person: Person, client: Client, found: Site | None) -> HttpResponse:
    wrong: dict[str, str] = {}
    address = found.address if found else ""
    if request.method == "POST":
        address = request.POST.get("address", "").replace("\x00", "")
        try:
            if found is None:
                upkeep.add_site(client, _names(request), address, by=person, at=clock.now())
            else:
                upkeep.edit_site(found, _names(request), address, by=person, at=clock.now())
        except WrongThing as refusal:
            wrong = _in_words(refusal)
        else:
            messages.success(request, _("The site is saved."))
            return HttpResponseRedirect(f"{ROOT}?client={client.slug}")
    context = {
        "site": found, "client": client, "wrong": wrong, "address": address,
        "names": shown.name_fields(_names(request) if wrong else shown.names_of(found)),
    }  # fmt: skip
    return render(request, "web/manager/site.html", context, status=422 if wrong else 200)


def _client(person: Person, request: HttpRequest) -> Client:
    slug = request.GET.get("client", "").replace("\x00", "")
    found = queries.clients_for(person).filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _names(request: HttpRequest) -> dict[str, str]:
    return {code: request.POST.get(f"names-{code}", "").replace("\x00", "") for code, _name in LANGUAGES}


def _remote(typed: str) -> dict[str, str]:
    """Lines such as "anydesk: 123 456 789"."""
    pairs = (line.partition(":") for line in typed.replace("\x00", "").splitlines() if line.strip())
    return {key.strip(): value.strip() for key, _colon, value in pairs}


def _in_words(refusal: WrongThing) -> dict[str, str]:
    return {name: refusals.problem_in_words(WrongValue(name, problem)) for name, problem in refusal.problems}

"""Clients and their contracts; the page of a version with all its terms; differences between two versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.contracts import queries, written
from firstline.contracts.differences import between
from firstline.contracts.models import Contract, ContractVersion
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.people.permissions import may
from firstline.tickets.queries import NotThere
from firstline.web import open_now
from firstline.web.manager import shown, trial
from firstline.web.manager.door import contract_for, door, version_for
from firstline.web.manager.words import Speaker
from firstline.web.open_now import Openness

PAGE = 50
LONGEST_WORDS = 100


@require_safe
@door("see contracts")
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """Every client with his contracts: what holds today, what it costs, what comes next."""
    at, words = clock.now(), request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    found = _after(queries.clients_found(person, words).order_by("name", "pk"), request.GET.get("after", ""))
    got = list(found[: PAGE + 1])
    clients = got[:PAGE]
    by_client: dict[int, list[Any]] = {}
    hours: dict[int, Openness] = {}
    for contract in queries.contracts_for(person).filter(client__in=clients).prefetch_related("versions__calendar"):
        by_client.setdefault(contract.client_id, []).append(_line(contract, _versions(contract, at), at, hours))
    asked = {"q": words} if words else {}
    context = {
        "rows": [(client, by_client.get(client.pk, [])) for client in clients], "q": words,
        "next": f"?{urlencode(asked | {'after': str(clients[-1].pk)})}" if len(got) > PAGE else "",
        "first": f"/desk/contracts/?{urlencode(asked)}" if request.GET.get("after") else "",
        "may_edit": may(person, "edit contracts"),
    }  # fmt: skip
    return render(request, "web/manager/contracts.html", context)


@require_safe
@door("see contracts")
def contract(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """The version that holds today, else the newest that there is."""
    found = contract_for(person, slug)
    versions = shown.listed(found, clock.now())
    now = next((one for one in versions if one.state == "now"), versions[0] if versions else None)
    if now is None:
        return HttpResponseRedirect(f"/desk/contracts/{slug}/versions/")
    return HttpResponseRedirect(f"/desk/contracts/{slug}/{now.version.number}/")


@require_safe
@door("see contracts")
def version(request: HttpRequest, person: Person, slug: str, number: int) -> HttpResponse:
    """One version with all its terms, and the line that tries them."""
    found = version_for(person, slug, number)
    return render(request, "web/manager/version.html", page(request, person, found))


@require_safe
@door("see contracts")
def differences(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """What is different between two versions (`from`, `to`), in words."""
    found = contract_for(person, slug)
    versions = shown.listed(found, clock.now())
    numbers = [one.version.number for one in versions]
    if not numbers:
        raise NotThere(slug)
    newer = _number(request.GET.get("to"), numbers, numbers[0])
    older = _number(request.GET.get("from"), numbers, next((one for one in numbers if one < newer), newer))
    was, now = (version_for(person, slug, one) for one in (older, newer))
    old, terms = written.terms_of(was), written.terms_of(now)
    said = replace(shown.speaker(terms), before=shown.speaker(old))
    context = {
        "contract": found, "versions": versions, "was": was, "now": now, "older": older, "newer": newer,
        "groups": said.changes(between(old, terms)),
    }  # fmt: skip
    return render(request, "web/manager/differences.html", context)


def page(request: HttpRequest, person: Person, found: ContractVersion) -> dict[str, Any]:
    """The context of a version's page."""
    at = clock.now()
    versions = shown.listed(found.contract, at)
    here = next(one for one in versions if one.version.pk == found.pk)
    before = [one.version.number for one in versions if one.version.number < found.number]
    return {
        "contract": found.contract,
        "version": found,
        "here": here,
        "versions": versions,
        "draft": next((one.version for one in versions if one.state == "draft"), None),
        "before": max(before, default=None),
        "may_edit": may(person, "edit contracts"),
        "open_now": open_now.of(found.calendar, at),
        "year": at.astimezone(ZoneInfo(found.calendar.time_zone)).year,
        "open_tickets": found.tickets.filter(closed_at__isnull=True).count(),
        **shown.whole(found),
        **trial.context(request, found, at),
    }


def _line(contract: Contract, versions: list[shown.Listed], at: datetime, hours: dict[int, Openness]) -> dict[str, Any]:
    """`hours` keeps what is known of each calendar: many contracts share one."""
    now = next((one for one in versions if one.state == "now"), None)
    if now is not None and now.version.calendar_id not in hours:
        hours[now.version.calendar_id] = open_now.of(now.version.calendar, at)
    coming = next((one for one in reversed(versions) if one.state in ("later", "draft")), None)
    said = Speaker(shown.language(), currency=now.version.currency if now else "")
    fee = said.money(now.version.monthly_fee) if now and now.version.monthly_fee is not None else ""
    is_open = hours[now.version.calendar_id] if now else None
    return {"contract": contract, "now": now, "coming": coming, "fee": fee, "open_now": is_open}


def _versions(contract: Contract, at: datetime) -> list[shown.Listed]:
    """Of versions that were fetched for all contracts together."""
    return shown.among(sorted(contract.versions.all(), key=lambda one: -one.number), at)


def _after(clients: QuerySet[Client], given: str) -> QuerySet[Client]:
    """Those behind a client, by name; all of them where he is nobody's."""
    known = given.isascii() and given.isdigit() and len(given) < 16
    last = Client.objects.filter(pk=int(given)).first() if known else None
    return clients if last is None else clients.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))


def _number(given: str | None, known: list[int], otherwise: int) -> int:
    number = int(given) if given and given.isascii() and given.isdigit() and len(given) < 6 else otherwise
    return number if number in known else otherwise

"""The catalogue as one client sees it: what his contract includes, what is done for money, what it does not cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from firstline.contracts.coverage import Cover
from firstline.contracts.models import ContractVersion, Service
from firstline.lib import clock
from firstline.lib.language import picked
from firstline.people.models import Client, Person
from firstline.web.portal.door import portal
from firstline.web.portal.promises import Promises

TONES = ("blue", "amber", "violet", "green", "orange", "accent", "red")
BEST_FIRST: tuple[Cover, ...] = ("included", "billable", "excluded")


@dataclass(frozen=True)
class Offer:
    """A service, and how the client stands to it; without any contract everything counts as included."""

    service: Service
    cover: Cover
    promised: str
    tone: str
    advice: str = ""


@require_safe
@portal
def catalogue(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /portal/services/: all of it, each part under what it costs."""
    offers = offered_to(person.client, clock.now())
    parts = {cover: [one for one in offers if one.cover == cover] for cover in BEST_FIRST}
    return render(request, "web/portal/services.html", {"parts": parts})


def offered_to(client: Client | None, at: datetime, promises: Promises | None = None) -> list[Offer]:
    """Every service in the order of the catalogue."""
    promises = promises or Promises(client, at)
    offers = []
    for number, service in enumerate(Service.objects.all()):
        said = [(coverage.of(service.pk), version) for version, coverage in promises.named]
        cover, version = _best(said)
        promised = promises.to(service).resolution if cover != "excluded" else ""
        advice = "" if cover == "included" else what_to_do(service, version)
        offers.append(Offer(service, cover, promised, TONES[number % len(TONES)], advice))
    return offers


def _best(said: list[tuple[Cover, ContractVersion]]) -> tuple[Cover, ContractVersion | None]:
    """Of several contracts the one that is best for him; without any, everything is asked for freely."""
    return min(said, key=lambda one: BEST_FIRST.index(one[0])) if said else ("included", None)


def entitled(offers: list[Offer]) -> list[Offer]:
    """What his contract lets him ask for, included or for money."""
    return [one for one in offers if one.cover != "excluded"]


def what_to_do(service: Service, version: ContractVersion | None) -> str:
    """The words of the contract, else of the service, where it is not simply included."""
    own = version.advice if version is not None else {}
    language = get_language()
    return picked(own, next(iter(own.values()), ""), language) or service.what_to_do(language)

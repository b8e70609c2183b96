"""Announcements: outages, planned work and notices are recorded, updated, ended; availability counts the outages."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, named, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import NONE, Limit, Search
from firstline.contracts import following, outages
from firstline.contracts.models import Outage, Service
from firstline.contracts.outages import Announcement
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Outages"])
ANSWER = {200: terms_schemas.Outage, **FOR_WRITING}


@router.get("", response={200: terms_schemas.Outages, **FOR_READING}, summary="List outages")
def index(
    request: HttpRequest, over: bool | None = NONE, client: Search = "", cursor: Search = "", limit: Limit = 50
) -> HttpResponse:
    """Newest first: everybody's, and those of the clients in the caller's scope. `over` false: what goes on and what is
    to come."""
    person = caller(request).person
    rows = outages.visible_to(person).order_by("-pk")
    if over is not None:
        rows = outages.over(rows, at=clock.now()) if over else outages.not_over(rows, at=clock.now())
    if client:
        slug = client.replace("\x00", "")
        rows = rows.filter(Exists(Outage.clients.through.objects.filter(outage=OuterRef("pk"), client__slug=slug)))
    last = cursors.number("outages", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows[: limit + 1])
    seen, follow = _seen(person), following.counted(found)
    shape = partial(_shaped, seen=seen, follow=follow)
    return answering.plain(cursors.page("outages", found, limit, shape))


@router.post("", response={201: terms_schemas.Outage, **FOR_WRITING}, summary="Record an outage")
def create(request: HttpRequest, asked: terms_bodies.NewOutage) -> HttpResponse:
    """An outage, planned work or a notice; `announced`: the clients whom it touches are told."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "record outages")
        return 201, _outage(outages.record(_said(by, asked), announced=asked.announced, by=by, at=at), by)

    return answering.done(request, deed, "outages/{id}")


@router.post("/audience", response={200: terms_schemas.Audience, **FOR_WRITING}, summary="Who would see an outage")
def audience(request: HttpRequest, asked: terms_bodies.Touched) -> HttpResponse:
    """How many people of which clients would be told; nothing is recorded."""
    by = caller(request).person
    demand(by, "record outages")
    said = Announcement(starts_at=clock.now(), **_touched(by, asked.clients, asked.sites, asked.services))
    counts = dict(outages.audience(said).order_by().values_list("client__slug").annotate(n=Count("id")))
    seen = set(outages.clients_for(by).values_list("slug", flat=True))
    return answering.plain(
        {"people": sum(counts.values()), "clients": {slug: n for slug, n in sorted(counts.items()) if slug in seen}}
    )


@router.get("/{int:number}", response={200: terms_schemas.Outage, **FOR_READING}, summary="Read an outage")
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Since when, until when, whom it touches."""
    person = caller(request).person
    return answering.plain(_outage(_found(person, number), person))


@router.put("/{int:number}", response=ANSWER, summary="Change an outage")
def revise(request: HttpRequest, number: int, asked: terms_bodies.NewOutage) -> HttpResponse:
    """All of it, as it is to be; `announced` is left to /announcement."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, number)
        return 200, _outage(outages.revise(row, _said(by, asked), by=by, at=at), by)

    return answering.done(request, deed)


@router.post("/{int:number}/updates", response=ANSWER, summary="Say how an outage goes")
def say(request: HttpRequest, number: int, asked: terms_bodies.NewOutageUpdate) -> HttpResponse:
    """The newest stands beside it at the portal."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, number)
        outages.say(row, asked.words, by=by, at=at)
        return 200, _outage(_found(by, number), by)

    return answering.done(request, deed)


@router.post("/{int:number}/end", response=ANSWER, summary="End an outage")
def end(request: HttpRequest, number: int, asked: terms_bodies.OutageEnd) -> HttpResponse:
    """It works again: now, or since `ends_at`."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _outage(outages.end(_found(by, number), ends_at=asked.ends_at or at, by=by, at=at), by)

    return answering.done(request, deed)


@router.post("/{int:number}/announcement", response=ANSWER, summary="Announce an outage")
def announce(request: HttpRequest, number: int, asked: terms_bodies.Shown) -> HttpResponse:
    """Shown to the clients whom it touches, or no longer."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _outage(outages.announce(_found(by, number), shown=asked.shown, by=by, at=at), by)

    return answering.done(request, deed)


@router.post("/{int:number}/excuse", response=ANSWER, summary="Excuse an outage")
def excuse(request: HttpRequest, number: int, asked: terms_bodies.Excused) -> HttpResponse:
    """It does not count against availability, or does again."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _outage(outages.excuse(_found(by, number), excused=asked.excused, by=by, at=at), by)

    return answering.done(request, deed)


def _found(person: Person, number: int) -> Outage:
    found = outages.visible_to(person).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere(str(number))
    return found


def _said(by: Person, asked: terms_bodies.NewOutage) -> Announcement:
    """Raises WrongValue."""
    clients = [*asked.clients, *([asked.client] if asked.client else [])]
    services = [*asked.services, *([asked.service] if asked.service else [])]
    for name, given, allowed in (
        ("client", asked.client, outages.clients_for(by)), ("service", asked.service, Service.objects.all()),
    ):  # fmt: skip
        if given and not allowed.filter(slug=given).exists():
            raise WrongValue(name, named.UNKNOWN)
    return Announcement(
        starts_at=asked.starts_at, ends_at=asked.ends_at, words=asked.words, is_public=asked.public,
        kind=asked.kind or ("planned" if asked.planned else "outage"), **_touched(by, clients, asked.sites, services),
    )  # fmt: skip


def _touched(by: Person, clients: list[str], sites: list[str], services: list[str]) -> dict[str, Any]:
    rows = (
        ("clients", outages.clients_for(by), clients),
        ("sites", outages.sites_for(by), sites),
        ("services", Service.objects.all(), services),
    )
    found = {name: tuple(allowed.filter(slug__in=wanted)) for name, allowed, wanted in rows}
    for name, _allowed, wanted in rows:
        if len(found[name]) != len(set(wanted)):
            raise WrongValue(name, named.UNKNOWN)
    return found


def _seen(person: Person) -> set[int]:
    return set(outages.clients_for(person).values_list("pk", flat=True))


def _outage(one: Outage, person: Person) -> dict[str, Any]:
    return _shaped(one, seen=_seen(person), follow=following.counted([one]))


def _shaped(one: Outage, *, seen: set[int], follow: dict[int, int]) -> dict[str, Any]:
    moments = ("starts_at", "ends_at", "announced_at")
    clients = [each.slug for each in one.clients.all() if each.pk in seen]
    services = [each.slug for each in one.services.all()]
    return {
        "id": one.pk, "slug": one.slug, "kind": one.kind, "clients": clients,
        "sites": [each.slug for each in one.sites.all() if each.client_id in seen], "services": services,
        "client": clients[0] if len(clients) == 1 else None, "service": services[0] if len(services) == 1 else None,
        "planned": one.planned, "public": one.is_public, "excused": one.excused, "words": one.words,
        "followers": follow.get(one.pk, 0),
        "updates": [{"at": each.at.isoformat(), "words": each.words} for each in one.updates.all()],
        **{key: value.isoformat() if (value := getattr(one, key)) else None for key in moments},
    }  # fmt: skip

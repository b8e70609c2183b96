"""Outages and planned work: recorded, ended, announced, excused; availability counts them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, named, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import NONE, Limit, Search
from firstline.contracts import outages
from firstline.contracts.models import Outage
from firstline.lib import clock
from firstline.people.models import Client, Person
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
    rows = outages.visible_to(caller(request).person).order_by("-pk")
    if over is not None:
        rows = outages.over(rows, at=clock.now()) if over else outages.not_over(rows, at=clock.now())
    if client:
        rows = rows.filter(client__slug=client.replace("\x00", ""))
    last = cursors.number("outages", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("outages", list(rows[: limit + 1]), limit, _outage))


@router.post("", response={201: terms_schemas.Outage, **FOR_WRITING}, summary="Record an outage")
def create(request: HttpRequest, asked: terms_bodies.NewOutage) -> HttpResponse:
    """An outage, or planned work; `announced`: the clients whom it touches are told."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "record outages")
        made = outages.record(
            client=_client(by, asked.client) if asked.client else None,
            service=named.service(asked.service) if asked.service else None,
            starts_at=asked.starts_at, ends_at=asked.ends_at, planned=asked.planned, words=asked.words,
            announced=asked.announced, by=by, at=at,
        )  # fmt: skip
        return 201, _outage(made)

    return answering.done(request, deed, "outages/{id}")


@router.get("/{int:number}", response={200: terms_schemas.Outage, **FOR_READING}, summary="Read an outage")
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Since when, until when, whom it touches."""
    return answering.plain(_outage(_found(caller(request).person, number)))


@router.post("/{int:number}/end", response=ANSWER, summary="End an outage")
def end(request: HttpRequest, number: int, asked: terms_bodies.OutageEnd) -> HttpResponse:
    """It works again: now, or since `ends_at`."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _outage(outages.end(_found(by, number), ends_at=asked.ends_at or at, by=by, at=at))

    return answering.done(request, deed)


@router.post("/{int:number}/announcement", response=ANSWER, summary="Announce an outage")
def announce(request: HttpRequest, number: int, asked: terms_bodies.Shown) -> HttpResponse:
    """Shown to the clients whom it touches, or no longer."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _outage(outages.announce(_found(by, number), shown=asked.shown, by=by, at=at))

    return answering.done(request, deed)


@router.post("/{int:number}/excuse", response=ANSWER, summary="Excuse an outage")
def excuse(request: HttpRequest, number: int, asked: terms_bodies.Excused) -> HttpResponse:
    """It does not count against availability, or does again."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _outage(outages.excuse(_found(by, number), excused=asked.excused, by=by, at=at))

    return answering.done(request, deed)


def _found(person: Person, number: int) -> Outage:
    found = outages.visible_to(person).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere(str(number))
    return found


def _client(person: Person, slug: str) -> Client:
    found = outages.clients_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongValue("client", named.UNKNOWN)
    return found


def _outage(one: Outage) -> dict[str, Any]:
    moments = ("starts_at", "ends_at", "announced_at")
    return {
        "id": one.pk, "slug": one.slug, "client": one.client.slug if one.client else None,
        "service": one.service.slug if one.service else None, "planned": one.planned, "excused": one.excused,
        "words": one.words, **{key: value.isoformat() if (value := getattr(one, key)) else None for key in moments},
    }  # fmt: skip

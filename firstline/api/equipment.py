"""What is looked after: equipment and sites of clients, with remote ids and the contract that covers a thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, named, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import Limit, Search
from firstline.assets import upkeep
from firstline.assets.models import Equipment, Site
from firstline.assets.upkeep import Thing
from firstline.contracts import queries, terms
from firstline.lib import clock
from firstline.lib.language import kept
from firstline.people.models import Client, Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Equipment"])
sites = Router(tags=["Equipment"])
SEES = "see contracts"
EDITS = "edit equipment"


@router.get("", response={200: terms_schemas.Things, **FOR_READING}, summary="List equipment")
def index(
    request: HttpRequest, client: Search = "", q: Search = "", cursor: Search = "", limit: Limit = 50
) -> HttpResponse:
    """Of the clients whose contracts the caller sees, newest first. `q`: words of its names and numbers."""
    person = caller(request).person
    demand(person, SEES)
    rows = queries.equipment_found(person, q, client).order_by("-pk")
    last = cursors.number("equipment", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("equipment", list(rows[: limit + 1]), limit, _thing))


@router.post("", response={201: terms_schemas.WholeThing, **FOR_WRITING}, summary="Add a thing")
def create(request: HttpRequest, asked: terms_bodies.NewThing) -> HttpResponse:
    """Without `slug` one is made of its number or name."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, EDITS)
        client = _client(by, asked.client)
        return 201, _whole(upkeep.add(client, _said(asked, client, None), by=by, at=at, slug=asked.slug), at)

    return answering.done(request, deed, "equipment/{slug}")


@router.get("/{slug}", response={200: terms_schemas.WholeThing, **FOR_READING}, summary="Read a thing")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """With the contract that covers it today."""
    return answering.plain(_whole(_found(caller(request).person, slug, SEES), clock.now()))


@router.patch("/{slug}", response={200: terms_schemas.WholeThing, **FOR_WRITING}, summary="Edit a thing")
def edit(request: HttpRequest, slug: str, asked: terms_bodies.ChangedThing) -> HttpResponse:
    """Fields that are absent stay; `remote_ids` are all of them, `site` null takes it from its place."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, EDITS)
        return 200, _whole(upkeep.edit(found, _said(asked, found.client, found), by=by, at=at), at)

    return answering.done(request, deed)


@sites.get("", response={200: terms_schemas.Sites, **FOR_READING}, summary="List sites")
def all_sites(request: HttpRequest, client: Search = "", cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Of the clients whose contracts the caller sees, newest first."""
    rows = _sites(caller(request).person, SEES).order_by("-pk")
    if client:
        rows = rows.filter(client__slug=client.replace("\x00", ""))
    last = cursors.number("sites", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("sites", list(rows[: limit + 1]), limit, _site))


@sites.post("", response={201: terms_schemas.Place, **FOR_WRITING}, summary="Add a site")
def create_site(request: HttpRequest, asked: terms_bodies.NewSite) -> HttpResponse:
    """A place of a client's."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, EDITS)
        client = _client(by, asked.client)
        return 201, _site(upkeep.add_site(client, asked.names, asked.address, by=by, at=at, slug=asked.slug))

    return answering.done(request, deed, "sites/{slug}")


@sites.patch("/{slug}", response={200: terms_schemas.Place, **FOR_WRITING}, summary="Edit a site")
def edit_site(request: HttpRequest, slug: str, asked: terms_bodies.ChangedSite) -> HttpResponse:
    """Fields that are absent stay."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _sites(by, EDITS).filter(slug=slug.replace("\x00", "")).first()
        if found is None:
            raise NotThere(slug)
        given = asked.model_fields_set
        names = asked.names if "names" in given else kept(found.name, found.names, settings.LANGUAGE_CODE)
        address = asked.address if "address" in given else found.address
        return 200, _site(upkeep.edit_site(found, names, address, by=by, at=at))

    return answering.done(request, deed)


def _sites(person: Person, deed: str) -> Any:
    demand(person, deed)
    return Site.objects.filter(client__in=queries.clients_for(person)).select_related("client")


def _client(person: Person, slug: str) -> Client:
    found = queries.clients_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongValue("client", named.UNKNOWN)
    return found


def _found(person: Person, slug: str, deed: str) -> Equipment:
    demand(person, deed)
    found = queries.equipment_found(person).filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _said(asked: terms_bodies.ChangedThing, client: Client, found: Equipment | None) -> Thing:
    given = asked.model_fields_set
    said: dict[str, Any] = {
        key: getattr(asked, key) if found is None or key in given else getattr(found, key)
        for key in ("kind", "inventory", "serial", "remote_ids", "names", "site")
    }
    if found is not None and "names" not in given:
        said["names"] = kept(found.name, found.names, settings.LANGUAGE_CODE)
    if isinstance(said["site"], str):
        said["site"] = Site.objects.filter(client=client, slug=said["site"]).first()
        if said["site"] is None:
            raise WrongValue("site", named.UNKNOWN)
    return Thing(**said)


def _thing(one: Equipment) -> dict[str, Any]:
    return {
        "slug": one.slug, "client": one.client.slug, "site": one.site.slug if one.site else None, "name": one.name,
        "names": one.names, "kind": one.kind, "inventory": one.inventory, "serial": one.serial,
        "remote_ids": one.remote_ids,
    }  # fmt: skip


def _whole(one: Equipment, at: datetime) -> dict[str, Any]:
    version = terms.in_force(one.client, None, at, one)
    return _thing(one) | {"contract": version.contract.slug if version else None}


def _site(one: Site) -> dict[str, Any]:
    return {
        "slug": one.slug, "client": one.client.slug, "name": one.name, "names": one.names, "address": one.address,
    }  # fmt: skip

"""Contracts, to read: their versions, when each holds, and its terms as an apply file has them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.tickets import Limit, Search
from firstline.contracts import queries, versions, written
from firstline.contracts.models import Contract, ContractVersion
from firstline.contracts.validity import Holds, holding
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere

router = Router(tags=["Contracts"])


@router.get("", response={200: schemas.Contracts, **FOR_READING}, summary="List contracts")
def index(request: HttpRequest, client: Search = "", cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Those of the clients whose contracts the caller sees, newest first."""
    person = caller(request).person
    demand(person, "see contracts")
    contracts = queries.contracts_for(person).select_related("client").order_by("-pk")
    if client:
        contracts = contracts.filter(client__slug=client)
    last = cursors.number("contracts", cursor)
    if last is not None:
        contracts = contracts.filter(pk__lt=last)
    return answering.plain(cursors.page("contracts", list(contracts[: limit + 1]), limit, _contract))


@router.get("/{slug}", response={200: schemas.WholeContract, **FOR_READING}, summary="Read a contract")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """With every version, drafts too; `holds_from` null: it holds on no day."""
    person = caller(request).person
    demand(person, "see contracts")
    if "\x00" in slug:
        raise NotThere(slug)
    found = queries.contracts_for(person).filter(slug=slug).select_related("client").first()
    if found is None:
        raise NotThere(slug)
    every = list(found.versions.select_related("calendar").order_by("number"))
    holds = holding(versions.span(one) for one in every if not one.is_draft)
    said = _contract(found) | {"versions": [_version(one, holds.get(one.number)) for one in every]}
    return answering.plain(said)


def _contract(one: Contract) -> dict[str, Any]:
    return {"slug": one.slug, "number": one.number, "name": one.name, "client": one.client.slug}


def _version(one: ContractVersion, holds: Holds | None) -> dict[str, Any]:
    return {
        "number": one.number,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        "in_force_since": one.frozen_at.isoformat() if one.frozen_at else None,
        "holds_from": holds.since.isoformat() if holds and holds.since else None,
        "holds_to": holds.to.isoformat() if holds and holds.to else None,
        "terms": written.terms_of(one),
    }

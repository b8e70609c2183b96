"""Contracts: their versions, when each holds, and its terms as an apply file has them; drafts, and putting them in
force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Router
from ninja.params.functions import Body

from firstline.api import answers as answering
from firstline.api import bodies, cursors, named, schemas, terms_bodies, terms_schemas
from firstline.api.auth import PAPER, caller
from firstline.api.files import SANDBOX
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.terms import checked, placed, with_revision
from firstline.api.tickets import Limit, Search
from firstline.blobs import store
from firstline.contracts import queries, templates, versions, written
from firstline.contracts.models import Contract, ContractVersion
from firstline.contracts.validity import Holds, holding
from firstline.lib import clock
from firstline.lib.language import kept
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import into_force
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Contracts"])
NO_BODY: Any = Body(None)
VERSION = "/{slug}/versions/{int:number}"
LARGEST_PAPER = 25 * 1024 * 1024


@router.get("", response={200: schemas.Contracts, **FOR_READING}, summary="List contracts")
def index(
    request: HttpRequest, client: Search = "", q: Search = "", cursor: Search = "", limit: Limit = 50
) -> HttpResponse:
    """Those of the clients whose contracts the caller sees, newest first. `q`: words of its number or name, or of its
    client's name."""
    person = caller(request).person
    demand(person, "see contracts")
    contracts = queries.contracts_found(person, q).select_related("client").order_by("-pk")
    if client:
        contracts = contracts.filter(client__slug=client.replace("\x00", ""))
    last = cursors.number("contracts", cursor)
    if last is not None:
        contracts = contracts.filter(pk__lt=last)
    return answering.plain(cursors.page("contracts", list(contracts[: limit + 1]), limit, _contract))


@router.post("", response={201: schemas.WholeContract, **FOR_WRITING}, summary="Make a contract")
def create(request: HttpRequest, asked: terms_bodies.NewContract) -> HttpResponse:
    """Its terms come with its first version."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit contracts")
        client = queries.clients_for(by).filter(slug=asked.client).first()
        if client is None:
            raise WrongValue("client", named.UNKNOWN)
        slug = versions.slug_of(asked.number)
        if not slug:
            raise WrongValue("number", "a number with digits or Latin letters")
        made = versions.agree(client, slug=slug, number=asked.number.strip(), name=asked.name, by=by, at=at)
        return 201, whole(made)

    return answering.done(request, deed, "contracts/{slug}")


@router.get("/{slug}", response={200: schemas.WholeContract, **FOR_READING}, summary="Read a contract")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """With every version, drafts too; `holds_from` null: it holds on no day."""
    return answering.plain(whole(contract_for(caller(request).person, slug)))


@router.patch("/{slug}", response={200: schemas.WholeContract, **FOR_WRITING}, summary="Rename a contract")
def rename(request: HttpRequest, slug: str, asked: terms_bodies.ChangedContract) -> HttpResponse:
    """Fields that are absent stay as they are."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = contract_for(by, slug, "edit contracts")
        number = str(found) if asked.number is None else asked.number
        names = kept(found.name, found.names, settings.LANGUAGE_CODE) if asked.names is None else asked.names
        return 200, whole(versions.rename(found, number=number, names=names, by=by, at=at))

    return answering.done(request, deed)


@router.post("/{slug}/versions", response={201: terms_schemas.Draft, **FOR_WRITING}, summary="Begin a version")
def begin(request: HttpRequest, slug: str, asked: terms_bodies.NewVersion) -> HttpResponse:
    """A draft from a day on; there is one at a time (409)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = contract_for(by, slug, "edit contracts")
        terms = _beginning(found, asked)
        with placed():
            return 201, draft(versions.begin(found, terms, valid_from=asked.valid_from, by=by, at=at))

    return answering.done(request, deed, "contracts/{contract}/versions/{number}")


@router.get(VERSION, response={200: terms_schemas.Draft, **FOR_READING}, summary="Read a version")
def read_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The `ETag` is its revision: `If-Match` refuses (409) where somebody else has changed the draft."""
    return with_revision(answering.plain(draft(version_for(caller(request).person, slug, number))))


@router.patch(VERSION, response={200: terms_schemas.Draft, **FOR_WRITING}, summary="Edit a draft")
def edit(request: HttpRequest, slug: str, number: int, asked: terms_bodies.ChangedDraft) -> HttpResponse:
    """Fields that are absent stay; `terms` are all terms. In force nothing is edited (409)."""
    given, seen = asked.model_fields_set, answering.seen_fingerprint(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = version_for(by, slug, number, "edit contracts")
        terms = checked(asked.terms) if "terms" in given else written.terms_of(found)
        with placed():
            edited = versions.edit(
                found, terms, valid_from=asked.valid_from if "valid_from" in given else found.valid_from,
                valid_to=asked.valid_to if "valid_to" in given else found.valid_to, by=by, at=at, seen=seen,
            )  # fmt: skip
        return 200, draft(edited)

    return with_revision(answering.done(request, deed))


@router.delete(VERSION, response={204: None, **FOR_WRITING}, summary="Discard a draft")
def discard(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its terms are kept in the audit trail."""
    person = caller(request).person
    versions.discard(version_for(person, slug, number, "edit contracts"), by=person, at=clock.now())
    return HttpResponse(status=204)


@router.post(f"{VERSION}/force", response={200: terms_schemas.Draft, **FOR_WRITING}, summary="Put a draft in force")
def put_in_force(request: HttpRequest, slug: str, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """From now on its terms never change. 409: the days do not join, or a calendar never opens."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, draft(into_force.put_in_force(version_for(by, slug, number, "edit contracts"), by=by, at=at))

    return answering.done(request, deed)


@router.get(f"{VERSION}/document", response={200: bytes, **FOR_READING}, summary="Download the signed paper",
            url_name=PAPER)  # fmt: skip
def document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Always as a download."""
    found = version_for(caller(request).person, slug, number)
    if found.document_id is None:
        raise NotThere(f"{slug} {number}")
    response = HttpResponse(store.read(found.document_id), content_type="application/octet-stream")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Disposition"] = content_disposition_header(True, found.document_name) or "attachment"
    return response


@router.put(
    f"{VERSION}/document", response={200: terms_schemas.Draft, **FOR_WRITING}, summary="Keep the signed paper",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)  # fmt: skip
def sign(request: HttpRequest, slug: str, number: int, name: Search = "contract") -> HttpResponse:
    """The body is the file, `name` what it is called. Beside terms in force a paper stays (409)."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_PAPER:
        raise Refused(413, f"A paper may have {LARGEST_PAPER} bytes.")
    person = caller(request).person
    found = version_for(person, slug, number, "edit contracts")
    if not request.body:
        raise Refused(422, "empty", field="body")
    said = name.replace("\x00", "") or "contract"
    blob = store.keep(request.body)
    return answering.plain(draft(versions.sign(found, blob, name=said, by=person, at=clock.now())))


def contract_for(person: Person, slug: str, deed: str = "see contracts") -> Contract:
    """Raises NotAllowed, NotThere."""
    demand(person, deed)
    found = queries.contracts_for(person).filter(slug=slug.replace("\x00", "")).select_related("client").first()
    if found is None:
        raise NotThere(slug)
    return found


def version_for(person: Person, slug: str, number: int, deed: str = "see contracts") -> ContractVersion:
    """Raises NotAllowed, NotThere."""
    rows = contract_for(person, slug, deed).versions.select_related("contract__client", "calendar")
    found = rows.filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise NotThere(f"{slug} {number}")
    return found


def whole(contract: Contract) -> dict[str, Any]:
    """A contract with its versions."""
    every = list(contract.versions.select_related("calendar").order_by("number"))
    holds = holding(versions.span(one) for one in every if not one.is_draft)
    return _contract(contract) | {"versions": [_version(one, holds.get(one.number)) for one in every]}


def draft(version: ContractVersion) -> dict[str, Any]:
    """A version alone, a draft or not."""
    holds = holding(versions.span(one) for one in versions.in_force_of(version.contract))
    return _version(version, holds.get(version.number)) | {
        "contract": version.contract.slug,
        "revision": versions.fingerprint(version),
        "document": version.document_name if version.document_id else None,
    }


def _beginning(contract: Contract, asked: terms_bodies.NewVersion) -> dict[str, Any]:
    if len({"terms", "version", "template"} & asked.model_fields_set) != 1:
        raise WrongValue("terms", "one of terms, version and template")
    if asked.version is not None:
        version = contract.versions.filter(number=asked.version).first()
        if version is None:
            raise WrongValue("version", named.UNKNOWN)
        return written.terms_of(version)
    if asked.template is not None:
        template = templates.offered().filter(slug=asked.template).first()
        if template is None:
            raise WrongValue("template", named.UNKNOWN)
        return dict(template.terms)
    return checked(asked.terms or {})


def _contract(one: Contract) -> dict[str, Any]:
    return {
        "slug": one.slug, "number": one.number, "name": one.name, "names": one.names, "client": one.client.slug,
    }  # fmt: skip


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

"""Templates of terms: what a version may begin with. An edited template changes no contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.terms import checked, placed, with_revision
from firstline.api.tickets import Limit, Search
from firstline.contracts import templates
from firstline.contracts.models import TermsTemplate
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere

router = Router(tags=["Contracts"])


@router.get("", response={200: terms_schemas.Templates, **FOR_READING}, summary="List templates")
def index(request: HttpRequest, cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """The retired ones too, newest first."""
    demand(caller(request).person, "see contracts")
    rows = TermsTemplate.objects.order_by("-pk")
    last = cursors.number("templates", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("templates", list(rows[: limit + 1]), limit, _template))


@router.post("", response={201: terms_schemas.Template, **FOR_WRITING}, summary="Make a template")
def create(request: HttpRequest, asked: terms_bodies.NewTemplate) -> HttpResponse:
    """Terms without equipment, which is one client's."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit contracts")
        with placed():
            return 201, _template(templates.add(asked.slug, asked.names, checked(asked.terms), by=by, at=at))

    return with_revision(answering.done(request, deed, "contract-templates/{slug}"))


@router.get("/{slug}", response={200: terms_schemas.Template, **FOR_READING}, summary="Read a template")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """The `ETag` is its revision."""
    return with_revision(answering.plain(_template(_found(caller(request).person, slug, "see contracts"))))


@router.patch("/{slug}", response={200: terms_schemas.Template, **FOR_WRITING}, summary="Edit a template")
def edit(request: HttpRequest, slug: str, asked: terms_bodies.ChangedTemplate) -> HttpResponse:
    """Fields that are absent stay; `terms` are all terms."""
    given, seen = asked.model_fields_set, answering.seen_fingerprint(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, "edit contracts")
        names = asked.names if "names" in given else found.names
        terms = checked(asked.terms) if "terms" in given else found.terms
        with placed():
            return 200, _template(templates.edit(found, names, terms, by=by, at=at, seen=seen))

    return with_revision(answering.done(request, deed))


@router.post("/{slug}/retirement", response={200: terms_schemas.Template, **FOR_WRITING}, summary="Retire a template")
def retire(request: HttpRequest, slug: str, asked: terms_bodies.Retired) -> HttpResponse:
    """No version begins with it any more; or again (`retired` false)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        change = templates.retire if asked.retired else templates.restore
        return 200, _template(change(_found(by, slug, "edit contracts"), by=by, at=at))

    return with_revision(answering.done(request, deed))


def _found(person: Person, slug: str, deed: str) -> TermsTemplate:
    demand(person, deed)
    found = TermsTemplate.objects.filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _template(one: TermsTemplate) -> dict[str, Any]:
    return {
        "slug": one.slug, "name": one.name, "names": one.names,
        "retired_at": one.retired_at.isoformat() if one.retired_at else None,
        "revision": templates.fingerprint(one), "terms": one.terms,
    }  # fmt: skip

"""The service catalogue: whose a service is, when it is looked after, what is said of it to clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import named, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.calendars.models import Calendar
from firstline.contracts import catalogue
from firstline.contracts.catalogue import TEXTS, Described
from firstline.contracts.models import Service
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.people.roles import DESK_SIDE
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Catalogue"])


@router.get("", response={200: terms_schemas.Services, **FOR_READING}, summary="Read the catalogue")
def index(request: HttpRequest) -> HttpResponse:
    """Every service in its order; for the desk."""
    demand(caller(request).person, "look up people")
    return answering.plain({"items": [_service(one) for one in _rows()]})


@router.post("", response={201: terms_schemas.Service, **FOR_WRITING}, summary="Add a service")
def create(request: HttpRequest, asked: terms_bodies.NewService) -> HttpResponse:
    """At the end of the catalogue."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit catalogue")
        return 201, _service(catalogue.add(asked.slug, _described(asked, None), by=by, at=at))

    return answering.done(request, deed, "services/{slug}")


@router.get("/{slug}", response={200: terms_schemas.Service, **FOR_READING}, summary="Read a service")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """For the desk."""
    return answering.plain(_service(_found(caller(request).person, slug, "look up people")))


@router.patch("/{slug}", response={200: terms_schemas.Service, **FOR_WRITING}, summary="Describe a service")
def describe(request: HttpRequest, slug: str, asked: terms_bodies.ChangedService) -> HttpResponse:
    """Fields that are absent stay; what contracts promise of it is theirs."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, "edit catalogue")
        return 200, _service(catalogue.describe(found, _described(asked, found), by=by, at=at))

    return answering.done(request, deed)


def _rows() -> Any:
    return Service.objects.select_related("owner", "calendar", "team")


def _found(person: Person, slug: str, deed: str) -> Service:
    demand(person, deed)
    found: Service | None = _rows().filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _described(asked: terms_bodies.ChangedService, found: Service | None) -> Described:
    given = asked.model_fields_set
    before = catalogue.texts_of(found) if found is not None else {}
    said: dict[str, Any] = {key: before[key] if before and key not in given else getattr(asked, key) for key in TEXTS}
    for key, look_up in (("owner", _owner), ("calendar", _calendar), ("team", named.team)):
        value = getattr(asked, key)
        if key in given and value:
            said[key] = look_up(value)
        else:
            said[key] = getattr(found, key) if found is not None and key not in given else None
    said["line"] = asked.line if found is None or "line" in given else found.line
    return Described(**said)


def _owner(login: str) -> Person:
    found = Person.objects.filter(login__iexact=login, role__in=DESK_SIDE, is_active=True).first()
    if found is None:
        raise WrongValue("owner", named.UNKNOWN)
    return found


def _calendar(slug: str) -> Calendar:
    found = Calendar.objects.filter(slug=slug).first()
    if found is None:
        raise WrongValue("calendar", named.UNKNOWN)
    return found


def _service(one: Service) -> dict[str, Any]:
    return {
        "slug": one.slug, "name": one.name, **catalogue.texts_of(one),
        "owner": one.owner.login if one.owner else None, "calendar": one.calendar.slug if one.calendar else None,
        "team": one.team.slug if one.team else None, "line": one.line,
    }  # fmt: skip

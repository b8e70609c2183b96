"""Clients and teams: read, added, edited, closed, as their pages do it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, people_bodies
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import Limit, Search
from firstline.contracts import queries
from firstline.lib.language import kept
from firstline.people import companies, teams
from firstline.people.companies import Firm
from firstline.people.models import Client, Person, Team
from firstline.people.permissions import demand
from firstline.people.roles import DESK_SIDE
from firstline.tickets.queries import NotThere

router = Router(tags=["Clients"])
teams_router = Router(tags=["Teams"])
SEES, EDITS = "see contracts", "edit clients"


@router.get("", response={200: people_bodies.Clients, **FOR_READING}, summary="List clients")
def index(request: HttpRequest, q: Search = "", cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Whose contracts the caller sees, the closed ones too, newest first."""
    person = caller(request).person
    demand(person, SEES)
    rows = queries.clients_found(person, q.replace("\x00", "")).prefetch_related("email_domains").order_by("-pk")
    last = cursors.number("clients", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("clients", list(rows[: limit + 1]), limit, _shape))


@router.post("", response={201: people_bodies.ClientShape, **FOR_WRITING}, summary="Add a client")
def create(request: HttpRequest, asked: people_bodies.NewClient) -> HttpResponse:
    """Its short name stays."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 201, _shape(companies.keep(_firm(asked, asked.slug, None), found=None, by=by, at=at).client)

    return answering.done(request, deed, "clients/{slug}")


@router.get("/{slug}", response={200: people_bodies.ClientShape, **FOR_READING}, summary="Read a client")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """With its contact card and mail domains."""
    return answering.plain(_shape(_found(caller(request).person, slug, SEES)))


@router.patch("/{slug}", response={200: people_bodies.ClientShape, **FOR_WRITING}, summary="Edit a client")
def edit(request: HttpRequest, slug: str, asked: people_bodies.ChangedClient) -> HttpResponse:
    """Fields that are absent stay."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, EDITS)
        return 200, _shape(companies.keep(_firm(asked, found.slug, found), found=found, by=by, at=at).client)

    return answering.done(request, deed)


@router.post("/{slug}/closing", response={200: people_bodies.ClientShape, **FOR_WRITING}, summary="Close a client")
def closing(request: HttpRequest, slug: str, asked: people_bodies.Closing) -> HttpResponse:
    """Nobody of it signs in any more; open tickets go on and letters still become tickets. `closed` false undoes it."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, EDITS)
        (companies.close if asked.closed else companies.reopen)(found, by=by, at=at)
        return 200, _shape(_found(by, slug, EDITS))

    return answering.done(request, deed)


@teams_router.get("", response={200: people_bodies.Teams, **FOR_READING}, summary="List teams")
def all_teams(request: HttpRequest) -> HttpResponse:
    """With who is in them."""
    demand(caller(request).person, "look up people")
    return answering.plain({"items": [_team(one) for one in Team.objects.prefetch_related("people")]})


@teams_router.post("", response={201: people_bodies.TeamShape, **FOR_WRITING}, summary="Add a team")
def create_team(request: HttpRequest, asked: people_bodies.NewTeam) -> HttpResponse:
    """Its short name and its line stay."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 201, _team(teams.keep(asked.slug, _texts(asked.names), asked.line, found=None, by=by, at=at).team)

    return answering.done(request, deed, "teams/{slug}")


@teams_router.patch("/{slug}", response={200: people_bodies.TeamShape, **FOR_WRITING}, summary="Rename a team")
def edit_team(request: HttpRequest, slug: str, asked: people_bodies.ChangedTeam) -> HttpResponse:
    """The name in each language."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _one_team(by, slug)
        return 200, _team(teams.keep(found.slug, _texts(asked.names), found.line, found=found, by=by, at=at).team)

    return answering.done(request, deed)


@teams_router.put("/{slug}/members", response={200: people_bodies.TeamShape, **FOR_WRITING}, summary="Who is in a team")
def set_members(request: HttpRequest, slug: str, asked: people_bodies.Members) -> HttpResponse:
    """These people of the desk and no others; who leaves it is in none."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _one_team(by, slug)
        people = Person.objects.filter(login__in=asked.members, role__in=DESK_SIDE)
        if missing := set(asked.members) - set(people.values_list("login", flat=True)):
            raise teams.WrongTeam([("members", f"unknown: {', '.join(sorted(missing)[:5])}")])
        teams.set_members(found, list(people), by=by, at=at)
        return 200, _team(Team.objects.get(pk=found.pk))

    return answering.done(request, deed)


def _found(by: Person, slug: str, deed: str) -> Client:
    demand(by, deed)
    found = queries.clients_for(by).filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _one_team(by: Person, slug: str) -> Team:
    demand(by, "roles")
    found = Team.objects.filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _texts(names: people_bodies.Texts) -> dict[str, str]:
    return {str(code): text for code, text in names.items()}


def _firm(asked: people_bodies.ChangedClient, slug: str, found: Client | None) -> Firm:
    given = asked.model_fields_set

    def said(name: str, before: Any) -> Any:
        return getattr(asked, name) if found is None or name in given else before

    now = _shape(found) if found is not None else {}
    names = kept(found.name, found.names, settings.LANGUAGE_CODE) if found is not None else {}
    return Firm(
        slug=slug, names=_texts(asked.names) if found is None or "names" in given else names,
        language=said("language", now.get("language")), time_zone=said("time_zone", now.get("time_zone")),
        domains=tuple(said("email_domains", now.get("email_domains"))), is_vip=said("vip", now.get("vip")),
        card={name: said(name, now.get(name)) for name in companies.CARD},
    )  # fmt: skip


def _shape(one: Client) -> dict[str, Any]:
    return {
        "slug": one.slug, "name": one.name, "names": one.names, "language": one.language, "time_zone": one.time_zone,
        "email_domains": sorted(domain.domain for domain in one.email_domains.all()), "vip": one.is_vip,
        "phone": one.phone, "email": one.email, "address": one.address, "note": one.note, "closed_at": one.closed_at,
    }  # fmt: skip


def _team(one: Team) -> dict[str, Any]:
    members = sorted(person.login for person in one.people.all() if person.is_active)
    return {"slug": one.slug, "name": one.name, "names": one.names, "line": one.line, "members": members}

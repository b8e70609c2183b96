"""People: found, added, edited, parted with, as their pages do it. A person is named by his login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, named, people_bodies
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import Limit, Search
from firstline.imports import people_import
from firstline.imports.people_import import Plan
from firstline.imports.sheet import WrongSheet
from firstline.lines import parting
from firstline.people import listed, upkeep
from firstline.people.models import Client, Person
from firstline.people.permissions import demand
from firstline.people.upkeep import Known
from firstline.tickets import same_person
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["People"])
SEES = "accounts"
MOST_ROWS = 1_000
ONE = {200: people_bodies.PersonShape, **FOR_WRITING}


@router.get("", response={200: people_bodies.People, **FOR_READING}, summary="List people")
def index(
    request: HttpRequest, q: Search = "", client: Search = "", role: Search = "", state: Search = "",
    cursor: Search = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    """By name. `client` is a slug or `none`; `state` is `active` (so without it), `away` or `all`."""
    asked = {"q": q, "client": client, "role": role, "state": state}
    rows = listed.found(caller(request).person, {key: value.replace("\x00", "") for key, value in asked.items()})
    last = cursors.number("people", cursor)
    if last is not None:
        rows = listed.after(rows, last)
    rows = rows.select_related("merged_into").prefetch_related("scope", "other_addresses")
    return answering.plain(cursors.page("people", list(rows[: limit + 1]), limit, shape))


@router.post("", response={201: people_bodies.PersonShape, **FOR_WRITING}, summary="Add a person")
def create(request: HttpRequest, asked: people_bodies.NewPerson) -> HttpResponse:
    """Without a password: invite him."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, SEES)
        return 201, shape(upkeep.keep(_known(asked, None), found=None, by=by, at=at).person)

    return answering.done(request, deed, "people/{login}")


@router.post("/list/taking", response={200: people_bodies.PeopleTaken, **FOR_WRITING}, summary="Take a list of people")
def take_list(request: HttpRequest, asked: people_bodies.PeopleList) -> HttpResponse:
    """All rows that nothing is wrong with, or none of them. 422: columns that are not known, each of them named."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, SEES)
        client, content = _client(asked.client) if asked.client else None, asked.csv.encode()
        try:
            if asked.dry_run:
                return 200, _plan(people_import.plan(content, client=client, by=by))
            return 200, _plan(people_import.take(content, client=client, by=by, at=at, source="list:API"))
        except WrongSheet as wrong:
            raise WrongValue("csv", f"{wrong.kind}: {', '.join(wrong.names)}".removesuffix(": ")) from wrong

    return answering.done(request, deed)


@router.get("/{login}", response={200: people_bodies.PersonShape, **FOR_READING}, summary="Read a person")
def read(request: HttpRequest, login: str) -> HttpResponse:
    """With his scope and further addresses."""
    return answering.plain(shape(_found(caller(request).person, login)))


@router.patch("/{login}", response=ONE, summary="Edit a person")
def edit(request: HttpRequest, login: str, asked: people_bodies.ChangedPerson) -> HttpResponse:
    """Fields that are absent stay; `client` and `team` null take him from there."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, login)
        return 200, shape(upkeep.keep(_known(asked, found), found=found, by=by, at=at).person)

    return answering.done(request, deed)


@router.post("/{login}/deactivation", response={200: people_bodies.Parted, **FOR_WRITING}, summary="Part with somebody")
def deactivate(request: HttpRequest, login: str) -> HttpResponse:
    """Sessions, tokens and links end now; what he holds goes back into the queue, ticket by ticket."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, login)
        count = parting.part_with(found, by=by, at=at)
        return 200, shape(_found(by, login)) | {"given_back": count}

    return answering.done(request, deed)


@router.post(
    "/{login}/tickets", response={200: people_bodies.GivenBack, **FOR_WRITING}, summary="Give back what he holds"
)
def give_back(request: HttpRequest, login: str) -> HttpResponse:
    """Of somebody who solves no tickets any more; whoever works here hands over himself (422)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, login)
        return 200, {"given_back": parting.give_back(found, by=by, at=at)}

    return answering.done(request, deed)


@router.post("/{login}/return", response=ONE, summary="Let somebody in again")
def bring_back(request: HttpRequest, login: str) -> HttpResponse:
    """His old password is gone: invite him."""
    return _deed(request, login, lambda one, by, at: parting.bring_back(one, by=by, at=at))


@router.post("/{login}/invitation", response=ONE, summary="Invite")
def invite(request: HttpRequest, login: str) -> HttpResponse:
    """A letter with a link to choose a password."""
    return _deed(request, login, lambda one, by, at: upkeep.invite(one, by=by, at=at))


@router.post("/{login}/reset", response=ONE, summary="Send a link to a new password")
def reset(request: HttpRequest, login: str) -> HttpResponse:
    """The old password holds until a new one is chosen."""
    return _deed(request, login, lambda one, by, at: upkeep.send_reset(one, by=by, at=at))


@router.post("/{login}/merging", response=ONE, summary="Merge two records of one person")
def merge(request: HttpRequest, login: str, asked: people_bodies.SamePerson) -> HttpResponse:
    """Addresses and requests go to `into`, which is answered; this record is closed."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        source = _found(by, login)
        into = Person.objects.filter(login__iexact=asked.into).first() or Person.objects.of_address(asked.into)
        if into is None:
            raise WrongValue("into", named.UNKNOWN)
        same_person.merge(source, into, by=by, at=at)
        return 200, shape(_found(by, into.login))

    return answering.done(request, deed)


def _deed(request: HttpRequest, login: str, verb: Callable[[Person, Person, datetime], object]) -> HttpResponse:
    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        verb(_found(by, login), by, at)
        return 200, shape(_found(by, login))

    return answering.done(request, deed)


def _found(by: Person, login: str) -> Person:
    demand(by, SEES)
    people = Person.objects.select_related("client", "team", "merged_into")
    found = people.filter(login__iexact=login.replace("\x00", "")).first()
    if found is None:
        raise NotThere(login)
    return found


def _known(asked: people_bodies.ChangedPerson, found: Person | None) -> Known:
    given = asked.model_fields_set
    said = vars(_as_kept(found)) if found is not None else {"login": asked.login or asked.email.lower()}
    plain = {"login", "name", "email", "phone", "role", "language", "time_zone"}
    said |= {name: getattr(asked, name) for name in plain if name in given or (found is None and name != "login")}
    if "client" in given:
        said["client"] = _client(asked.client) if asked.client else None
    if "team" in given:
        said["team"] = named.team(asked.team) if asked.team else None
    if "scope" in given:
        said["scope_all"] = asked.scope == "all"
        said["scope"] = tuple(_client(slug) for slug in asked.scope) if isinstance(asked.scope, list) else ()
    if "vip" in given:
        said["is_vip"] = asked.vip
    if "reserve" in given:
        said["in_reserve"] = asked.reserve
    for name in ("further_emails", "further_phones"):
        if name in given:
            said[name] = tuple(getattr(asked, name))
    return Known(**said)


def _plan(plan: Plan) -> dict[str, Any]:
    told = [row for row in plan.rows if row.result != "unchanged"][:MOST_ROWS]
    return {name: plan.count(name) for name in ("created", "changed", "unchanged", "refused")} | {
        "rows": [
            {"row": row.number, "name": row.name, "address": row.address, "result": row.result,
             "changed": list(row.wish.changed), "problems": dict(row.wish.problems)}
            for row in told
        ]
    }  # fmt: skip


def _as_kept(person: Person) -> Known:
    return Known(
        login=person.login, name=person.name, role=person.role, email=person.email, phone=person.phone,
        client=person.client, team=person.team, scope=tuple(person.scope.all()), scope_all=person.scope_all,
        language=person.language, time_zone=person.time_zone, is_vip=person.is_vip,
    )  # fmt: skip


def _client(slug: str) -> Client:
    found = Client.objects.filter(slug=slug).first()
    if found is None:
        raise WrongValue("client", named.UNKNOWN)
    return found


def shape(person: Person) -> dict[str, Any]:
    """A person as he goes over the wire."""
    further = list(person.other_addresses.all())
    return {
        "login": person.login, "name": person.name, "email": person.email, "phone": person.phone, "role": person.role,
        "client": person.client.slug if person.client else None, "team": person.team.slug if person.team else None,
        "scope": "all" if person.scope_all else sorted(client.slug for client in person.scope.all()),
        "language": person.language, "time_zone": person.time_zone, "vip": person.is_vip,
        "reserve": person.in_reserve, "further_emails": [one.value for one in further if one.kind == "email"],
        "further_phones": [one.value for one in further if one.kind == "phone"], "active": person.is_active,
        "merged_into": person.merged_into.login if person.merged_into else None,
    }  # fmt: skip

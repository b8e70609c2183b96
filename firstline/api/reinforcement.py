"""On call and reinforcement: whom to call, calling people in, and what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import named
from firstline.api import roster_shapes as shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.roster import covering, duty, layers, reinforcement, shifts
from firstline.roster.models import CallUp, Layer, Reinforcement
from firstline.roster.refusals import WrongRoster
from firstline.roster.reinforcement import Wanted
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Reinforcement"])
teams = Router(tags=["Roster"])
MOST = 100


@teams.get("/teams/{slug}/on-call", response={200: shapes.Called, **FOR_READING}, summary="Who is called now")
def called(request: HttpRequest, slug: str) -> HttpResponse:
    """Logins, in the order of the layers."""
    demand(caller(request).person, "see roster")
    team = _team(slug)
    ids = duty.on_call(clock.now(), team)
    logins = dict(Person.objects.filter(pk__in=ids).values_list("pk", "login"))
    return answering.plain({"items": [logins[one] for one in ids]})


@teams.post("/teams/{slug}/layers", response={201: shapes.Layer, **FOR_WRITING}, summary="Write a layer on call")
def write_layer(request: HttpRequest, slug: str, asked: shapes.NewLayer) -> HttpResponse:
    """The layer at this place, as it is from now on; `people` take turns. Without people it is refused."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "plan roster")
        _team(slug)
        row = layers.write_layer(
            named.team(slug), position=asked.position, people=[named.colleague(one, "people") for one in asked.people],
            time_zone=asked.time_zone or shifts.zone_of(None).key, begins_on=asked.begins_on,
            changes_at=asked.changes_at, length=asked.length, hours=asked.hours, by=by, at=at,
        )  # fmt: skip
        return 201, _layer(row)

    return answering.done(request, deed)


@teams.delete("/layers/{slug}", response={204: None, **FOR_WRITING}, summary="Take a layer away")
def remove_layer(request: HttpRequest, slug: str) -> HttpResponse:
    """Nobody is on call in it any more."""
    by = caller(request).person
    demand(by, "plan roster")
    layers.remove_layer(_layer_of(slug), by=by, at=clock.now())
    return HttpResponse(status=204)


@teams.post("/layers/{slug}/stand-ins", response={200: shapes.Layer, **FOR_WRITING}, summary="Somebody stands in")
def stand_in(request: HttpRequest, slug: str, asked: shapes.NewStandIn) -> HttpResponse:
    """He is on call instead, from then until then."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "plan roster")
        row, who = _layer_of(slug), named.colleague(asked.person, "person")
        layers.stand_in(row, who, starts_at=asked.starts_at, ends_at=asked.ends_at, by=by, at=at)
        return 200, _layer(row)

    return answering.done(request, deed)


@teams.put("/teams/{slug}/cover", response={200: shapes.NewCover, **FOR_WRITING}, summary="Write the hours to cover")
def cover(request: HttpRequest, slug: str, asked: shapes.NewCover) -> HttpResponse:
    """`hours` by weekday, Monday is 0: [[0, "09:00", "18:00"], …]."""
    by = caller(request).person
    demand(by, "plan roster")
    _team(slug)
    row = covering.write_cover(
        named.team(slug), time_zone=asked.time_zone or shifts.zone_of(None).key, hours=asked.hours,
        least=asked.least, free_swaps=asked.free_swaps, by=by, at=clock.now(),
    )  # fmt: skip
    said = {"hours": row.hours, "least": row.least, "free_swaps": row.free_swaps, "time_zone": row.time_zone}
    return answering.plain(said)


@router.get("", response={200: shapes.AllReinforced, **FOR_READING}, summary="List reinforcement")
def index(request: HttpRequest) -> HttpResponse:
    """What goes on and is planned first, with what everybody said; at most 100."""
    demand(caller(request).person, "reinforcement")
    return answering.plain({"items": _said(list(_rows()[:MOST]), clock.now())})


@router.post("", response={201: shapes.Reinforced, **FOR_WRITING}, summary="Call people in")
def call(request: HttpRequest, asked: shapes.NewReinforcement) -> HttpResponse:
    """People of the reserve are asked at once, each by a letter with a link."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "reinforcement")
        whole = asked.clients == "all"
        wanted = Wanted(
            reason=asked.reason, place=asked.place, role=asked.role, starts_at=asked.starts_at or at,
            ends_at=asked.ends_at, all_clients=whole,
            clients=() if whole else [named.client(by, slug) for slug in asked.clients],
            lines="".join(str(line) for line in sorted(set(asked.lines))), tag=asked.tag, people=_people(asked.people),
        )  # fmt: skip
        return 201, _one(reinforcement.call(wanted, by=by, at=at), at)

    return answering.done(request, deed, "reinforcement/{id}")


@router.post("/reserve", response={200: shapes.Called, **FOR_WRITING}, summary="Who may be asked to come in")
def reserve(request: HttpRequest, asked: shapes.Reserved) -> HttpResponse:
    """Puts somebody into the reserve or takes him out; answers the logins of it."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "reinforcement")
        reinforcement.mark(_people([asked.person])[0], in_reserve=asked.on, by=by, at=at)
        return 200, {"items": [one.login for one in reinforcement.reserve(at)]}

    return answering.done(request, deed)


@router.get("/{int:number}", response={200: shapes.Reinforced, **FOR_READING}, summary="Read reinforcement")
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Who was asked and what he said; `here` of its lines without it, and how many `came`."""
    demand(caller(request).person, "reinforcement")
    return answering.plain(_one(_get(number), clock.now()))


@router.post("/{int:number}/people", response={200: shapes.Reinforced, **FOR_WRITING}, summary="Ask others, too")
def ask_more(request: HttpRequest, number: int, asked: shapes.MorePeople) -> HttpResponse:
    """Who was asked already is not asked again."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "reinforcement")
        reinforcement.ask_more(_get(number), _people(asked.people), by=by, at=at)
        return 200, _one(_get(number), at)

    return answering.done(request, deed)


@router.post("/{int:number}/end", response={200: shapes.Reinforced, **FOR_WRITING}, summary="End reinforcement")
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Over at once, roles and scopes with it; whoever came is told."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "reinforcement")
        reinforcement.end(_get(number), by=by, at=at)
        return 200, _one(_get(number), at)

    return answering.done(request, deed)


@router.post("/{int:number}/answer", response={200: shapes.CalledUp, **FOR_WRITING}, summary="Come, or not")
def answer(request: HttpRequest, number: int, asked: shapes.Said) -> HttpResponse:
    """By whoever was asked; to everybody else it is not there."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        rows = CallUp.objects.filter(reinforcement=number, person=by) if number < 2**63 else CallUp.objects.none()
        call_up = rows.first()
        if call_up is None:
            raise NotThere(str(number))
        return 200, _call_up(reinforcement.answer(call_up, accepts=asked.accepts, at=at))

    return answering.done(request, deed)


def _rows() -> Any:
    return Reinforcement.objects.prefetch_related("clients", "call_ups__person")


def _get(number: int) -> Reinforcement:
    found: Reinforcement | None = _rows().filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere(str(number))
    return found


def _people(logins: list[str]) -> list[Person]:
    found = {one.login: one for one in Person.objects.filter(login__in=logins, is_active=True)}
    if not logins or set(logins) - set(found):
        raise WrongRoster("people", named.UNKNOWN)
    return [found[login] for login in dict.fromkeys(logins)]


def _team(slug: str) -> int:
    try:
        return named.team(slug.replace("\x00", "")).pk
    except WrongValue as unknown:
        raise NotThere(slug) from unknown


def _layer_of(slug: str) -> Layer:
    found = Layer.objects.select_related("team").filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _layer(one: Layer) -> dict[str, Any]:
    return {
        "slug": one.slug, "team": one.team.slug, "position": one.position, "begins_on": one.begins_on.isoformat(),
        "people": list(one.people.order_by("place").values_list("person__login", flat=True)),
        "changes_at": one.changes_at, "length": one.length, "hours": one.hours,
    }  # fmt: skip


def _one(row: Reinforcement, at: datetime) -> dict[str, Any]:
    return _said([row], at)[0]


def _said(rows: list[Reinforcement], at: datetime) -> list[dict[str, Any]]:
    strength = reinforcement.strength_of(rows, at)
    return [
        {
            "id": row.pk, "reason": row.reason, "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(), "ended_early": row.ended_early, "role": row.role,
            "clients": "all" if row.all_clients else [one.slug for one in row.clients.all()],
            "lines": [int(line) for line in row.lines], "tag": row.tag, "place": row.place,
            "here": strength[row.pk].own, "came": strength[row.pk].came,
            "people": [_call_up(one) for one in row.call_ups.all()],
        }
        for row in rows
    ]  # fmt: skip


def _call_up(one: CallUp) -> dict[str, Any]:
    return {
        "id": one.pk, "person": one.person.login, "answer": str(one.answer), "asked_at": one.asked_at.isoformat(),
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
    }  # fmt: skip

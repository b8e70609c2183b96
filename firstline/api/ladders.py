"""Telling superiors: the ladders in their order, what one would say now, and escalations of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.bodies import Body, Named, Slug
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.routing import Asked, ConditionOut, MovedRule
from firstline.lib import clock
from firstline.lines import ladder, ladder_look, ladder_rules, routing_preview
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Ladder
from firstline.lines.ladder_rules import Wanted
from firstline.lines.routing import conditions_of
from firstline.lines.rules import Broken, Condition
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere

router = Router(tags=["Ladders"])
What = Literal["clock", "handed_over", "reopened", "vip", "complaint"]
Metric = Literal[
    "", "acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution"
]  # fmt: skip
ChannelName = Literal["mail", "in_app", "sms"]


class RungBody(Body):
    """`mark`: the share of a clock in percent (50, 75, 90, 100), or the how many-th time. `tell`: assignee, line_lead,
    manager, on_call, team:SLUG, person:LOGIN. `priority`, `line`: 0 changes nothing."""

    what: What
    mark: int = Field(default=1, ge=1, le=100, strict=True)
    metric: Metric = ""
    tell: list[Named] = Field(min_length=1, max_length=10)
    channels: list[ChannelName] = Field(default=["mail", "in_app"], min_length=1)
    priority: Literal[0, 1, 2, 3] = 0
    line: Literal[0, 2, 3] = 0
    watch: bool = False


class NewLadder(Body):
    """The first ladder whose conditions hold for a ticket is its ladder. `hours`: a calendar; outside of it who is on
    call is told, the next one after `wait` minutes. `at_once`: it speaks also of marks that are past already."""

    name: Named
    conditions: list[Asked] = Field(default_factory=list, max_length=12)
    rungs: list[RungBody] = Field(min_length=1, max_length=20)
    hours: Slug | None = None
    wait: int = Field(default=ladder.WAIT, ge=1, le=1440, strict=True)
    active: bool = True
    at_once: bool = False


class ChangedLadder(Body):
    """Fields that are absent stay as they are. A changed ladder speaks of what comes to pass from then on."""

    name: Named | None = None
    conditions: list[Asked] | None = Field(default=None, max_length=12)
    rungs: list[RungBody] | None = Field(default=None, min_length=1, max_length=20)
    hours: Slug | None = None
    wait: int | None = Field(default=None, ge=1, le=1440, strict=True)
    active: bool | None = None
    at_once: bool = False


class RungOut(Schema):
    what: What
    mark: int
    metric: Metric
    tell: list[str]
    channels: list[ChannelName]
    priority: int
    line: int
    watch: bool


class LadderOddity(Schema):
    kind: Literal[
        "never", "shadowed", "broken", "empty_team", "gone", "no_leads", "no_managers", "no_layers",
    ]  # fmt: skip
    what: str


class LadderOut(Schema):
    slug: str
    name: str
    position: int
    active: bool
    conditions: list[ConditionOut]
    rungs: list[RungOut]
    hours: str | None
    wait: int
    problem: str
    odd: list[LadderOddity] = Field(description="why it may never hold, or tell nobody")


class Ladders(Schema):
    items: list[LadderOut]
    next_cursor: str | None = Field(description="always null: they fit one answer")


class HitOut(Schema):
    number: str
    what: What
    metric: Metric
    mark: int
    at: datetime


class LadderPreview(Schema):
    looked_at: int = Field(description="open tickets, those that are due first")
    holds: int
    past: int = Field(description="how many of them are past a mark now that was not said yet")
    items: list[HitOut] = Field(description="the first of these that the caller sees")


@router.get("", response={200: Ladders, **FOR_READING}, summary="List the ladders")
def index(request: HttpRequest) -> HttpResponse:
    """In the order in which they are asked."""
    demand(caller(request).person, "see ladders")
    rows = list(Ladder.objects.select_related("hours"))
    odd = ladder_rules.odd_of_all(rows)
    return answering.plain({"items": [_shape(row, odd.get(row.pk, ())) for row in rows], "next_cursor": None})


@router.post("", response={201: LadderOut, **FOR_WRITING}, summary="Make a ladder")
def create(request: HttpRequest, asked: NewLadder) -> HttpResponse:
    """It stands last. 422: it can never hold, or names what is not there."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit ladders")
        return 201, _said(ladder_rules.keep(_wanted(asked.model_dump()), by=by.actor, at=at, row=None))

    return answering.done(request, deed, "ladders/{slug}")


@router.post("/preview", response={200: LadderPreview, **FOR_READING}, summary="Try a ladder")
def preview(request: HttpRequest, asked: NewLadder) -> HttpResponse:
    """Which open tickets are past a mark of it now, as if it stood last. Nothing is kept."""
    person = caller(request).person
    demand(person, "see ladders")
    made = ladder_rules.made_of(_wanted(asked.model_dump()))
    found = ladder_rules.preview(made, ladder_rules.above(None), at=clock.now())
    items = [
        {
            "number": one.ticket.number, "what": one.what, "metric": one.metric, "mark": one.mark,
            "at": one.at.isoformat(),
        }
        for one in routing_preview.shown_to(person, found.shown)
    ]  # fmt: skip
    return answering.plain({"looked_at": found.looked_at, "holds": found.holds, "past": found.past, "items": items})


@router.get("/{slug}", response={200: LadderOut, **FOR_READING}, summary="Read a ladder")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    return answering.plain(_said(_found(caller(request).person, slug, "see ladders")))


@router.patch("/{slug}", response={200: LadderOut, **FOR_WRITING}, summary="Change a ladder")
def change(request: HttpRequest, slug: str, asked: ChangedLadder) -> HttpResponse:
    """Fields that are absent stay; `conditions` and `rungs` are all of them."""
    given = asked.model_dump(exclude_unset=True)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, slug, "edit ladders")
        return 200, _said(ladder_rules.keep(_wanted({**_shape(row, ()), **given}), by=by.actor, at=at, row=row))

    return answering.done(request, deed)


@router.delete("/{slug}", response={204: None, **FOR_WRITING}, summary="Take a ladder away")
def take_away(request: HttpRequest, slug: str) -> HttpResponse:
    """What it said stays on the tickets, with its name; nobody else is told."""
    person = caller(request).person
    row = _found(person, slug, "edit ladders")
    ladder_rules.take_away(row, by=person.actor, at=clock.now())
    return HttpResponse(status=204)


@router.post("/{slug}/position", response={200: LadderOut, **FOR_WRITING}, summary="Move a ladder")
def move(request: HttpRequest, slug: str, asked: MovedRule) -> HttpResponse:
    """One place up or down."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, slug, "edit ladders")
        ladder_rules.move(row, up=asked.to == "up", by=by.actor, at=at)
        row.refresh_from_db()
        return 200, _said(row)

    return answering.done(request, deed)


def _found(person: Person, slug: str, deed: str) -> Ladder:
    demand(person, deed)
    row = Ladder.objects.select_related("hours").filter(slug=slug.replace("\x00", "")).first()
    if row is None:
        raise NotThere(slug)
    return row


def _wanted(given: dict[str, Any]) -> Wanted:
    conditions = [Condition(one["field"], tuple(one["values"]), one["negated"]) for one in given["conditions"] or ()]
    rungs: list[Rung] = [ladder_look.rung_of(one) for one in given["rungs"] or ()]
    return Wanted(
        given["name"] or "", conditions, rungs, given["hours"] or "", given["wait"], bool(given["active"]),
        bool(given.get("at_once")),
    )  # fmt: skip


def _said(row: Ladder) -> dict[str, Any]:
    return _shape(row, ladder_rules.oddities(row, ladder_rules.above(row)))


def _shape(row: Ladder, odd: Sequence[ladder_rules.Oddity]) -> dict[str, Any]:
    try:
        rungs = [ladder_rules.said(one) for one in ladder_look.rungs_of(row)]
    except Broken:
        rungs = []
    return {
        "slug": row.slug, "name": row.name, "position": row.position, "active": row.is_on,
        "conditions": [
            {"field": one.field, "values": list(one.values), "negated": one.negated} for one in conditions_of(row)
        ],
        "rungs": rungs, "hours": row.hours.slug if row.hours else None, "wait": row.wait, "problem": row.problem,
        "odd": [{"kind": one.kind, "what": one.what} for one in odd],
    }  # fmt: skip

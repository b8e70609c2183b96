"""Where tickets go: the rules in their order, a dry run of one, and how much each person is given at the most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.bodies import Body, Named, Slug, SupportLine
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.lib import clock
from firstline.lines import routing, routing_preview, routing_rules
from firstline.lines.routing_models import RoutingRule, Share
from firstline.lines.routing_rules import Wanted
from firstline.lines.rules import Condition
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.people.roles import SOLVERS
from firstline.tickets import ordered_rules
from firstline.tickets.queries import NotThere

router = Router(tags=["Routing"])
THEN = ("line", "team", "person", "strategy", "skill", "level", "sticks")
Strategy = Literal["pull", "round_robin", "least_loaded", "skill"]


class Asked(Body):
    field: Slug
    values: list[Slug] = Field(max_length=30)
    negated: bool = False


class NewRule(Body):
    """A rule; `conditions` must all hold, of the values of one any is enough."""

    name: Named
    conditions: list[Asked] = Field(default_factory=list, max_length=12)
    line: SupportLine | None = None
    team: Slug | None = None
    person: Named | None = None
    strategy: Strategy = "pull"
    skill: Slug | None = None
    level: Literal[1, 2, 3] = 1
    sticks: bool = False
    active: bool = True


class ChangedRule(Body):
    """Fields that are absent stay as they are."""

    name: Named | None = None
    conditions: list[Asked] | None = Field(default=None, max_length=12)
    line: SupportLine | None = None
    team: Slug | None = None
    person: Named | None = None
    strategy: Strategy | None = None
    skill: Slug | None = None
    level: Literal[1, 2, 3] | None = None
    sticks: bool | None = None
    active: bool | None = None


class MovedRule(Body):
    to: Literal["up", "down"]


class NewLimit(Body):
    most: int | None = Field(ge=0, le=999, strict=True)


class ConditionOut(Schema):
    field: str
    values: list[str]
    negated: bool


class OddityOut(Schema):
    kind: Literal["never", "shadowed", "alone", "full", "unskilled", "broken"]
    what: str


class RuleOut(Schema):
    slug: str
    name: str
    position: int
    active: bool
    conditions: list[ConditionOut]
    line: int | None
    team: str | None
    person: str | None
    strategy: Strategy
    skill: str | None
    level: int
    sticks: bool
    problem: str
    odd: list[OddityOut] = Field(description="why it may never hold, or reach nobody")


class Rules(Schema):
    items: list[RuleOut]
    next_cursor: str | None = Field(description="always null: they fit one answer")


class Moved(Schema):
    number: str
    line: int
    team: str | None
    person: str | None


class DryRun(Schema):
    looked_at: int
    hits: int = Field(description="how many of them the rule would have taken, standing last")
    changed: int = Field(description="how many would go elsewhere than by the rules of now")
    items: list[Moved] = Field(description="the newest of these that the caller sees")


class LimitOut(Schema):
    person: str
    most: int | None


class Limits(Schema):
    items: list[LimitOut]
    next_cursor: str | None


@router.get("/rules", response={200: Rules, **FOR_READING}, summary="List the routing rules")
def index(request: HttpRequest) -> HttpResponse:
    """In the order in which they are asked."""
    demand(caller(request).person, "see routing")
    rows = list(RoutingRule.objects.select_related(*routing.LINKED))
    odd = routing_rules.odd_of_all(rows)
    return answering.plain({"items": [_shape(row, odd.get(row.pk, ())) for row in rows], "next_cursor": None})


@router.post("/rules", response={201: RuleOut, **FOR_WRITING}, summary="Make a routing rule")
def create(request: HttpRequest, asked: NewRule) -> HttpResponse:
    """It stands last. 422: it can never hold, or names what is not there."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit routing")
        return 201, _said(routing_rules.keep(_wanted(asked.model_dump()), by=by.actor, at=at, row=None))

    return answering.done(request, deed, "routing/rules/{slug}")


@router.post("/dry-run", response={200: DryRun, **FOR_READING}, summary="Try a routing rule")
def dry_run(request: HttpRequest, asked: NewRule) -> HttpResponse:
    """Over the newest 500 tickets, as if it stood last and was on. Nothing is kept."""
    person = caller(request).person
    demand(person, "see routing")
    made = routing_rules.made_of(_wanted(asked.model_dump()))
    found = routing_preview.tried(made)
    items = [
        {
            "number": one.ticket.number, "line": one.after.line, "team": one.after.team or None,
            "person": one.after.person or None,
        }
        for one in routing_preview.shown_to(person, found.preview.shown)
    ]  # fmt: skip
    counted = {"looked_at": found.preview.looked_at, "hits": found.hits, "changed": found.preview.changed}
    return answering.plain(counted | {"items": items})


@router.get("/rules/{slug}", response={200: RuleOut, **FOR_READING}, summary="Read a routing rule")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    return answering.plain(_said(_found(caller(request).person, slug, "see routing")))


@router.patch("/rules/{slug}", response={200: RuleOut, **FOR_WRITING}, summary="Change a routing rule")
def change(request: HttpRequest, slug: str, asked: ChangedRule) -> HttpResponse:
    """Fields that are absent stay; `conditions` are all conditions."""
    given = asked.model_dump(exclude_unset=True)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, slug, "edit routing")
        kept = _shape(row, ())
        return 200, _said(routing_rules.keep(_wanted({**kept, **given}), by=by.actor, at=at, row=row))

    return answering.done(request, deed)


@router.delete("/rules/{slug}", response={204: None, **FOR_WRITING}, summary="Take a routing rule away")
def take_away(request: HttpRequest, slug: str) -> HttpResponse:
    """What it did stays on the tickets, with its name."""
    person = caller(request).person
    row = _found(person, slug, "edit routing")
    ordered_rules.take_away(row, by=person.actor, at=clock.now())
    return HttpResponse(status=204)


@router.post("/rules/{slug}/position", response={200: RuleOut, **FOR_WRITING}, summary="Move a routing rule")
def move(request: HttpRequest, slug: str, asked: MovedRule) -> HttpResponse:
    """One place up or down."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, slug, "edit routing")
        ordered_rules.move(row, up=asked.to == "up", by=by.actor, at=at)
        row.refresh_from_db()
        return 200, _said(row)

    return answering.done(request, deed)


@router.get("/limits", response={200: Limits, **FOR_READING}, summary="List the limits of open tickets")
def limits(request: HttpRequest) -> HttpResponse:
    """Of everybody who has one."""
    demand(caller(request).person, "see routing")
    rows = Share.objects.filter(most__isnull=False).order_by("person__login").values_list("person__login", "most")
    items = [{"person": login, "most": most} for login, most in rows]
    return answering.plain({"items": items, "next_cursor": None})


@router.put("/limits/{login}", response={200: LimitOut, **FOR_WRITING}, summary="Set a limit of open tickets")
def limit(request: HttpRequest, login: str, asked: NewLimit) -> HttpResponse:
    """How many open tickets rules give him at the most; null: no limit, 0: none."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit routing")
        person = Person.objects.filter(login=login.replace("\x00", ""), role__in=SOLVERS, is_active=True).first()
        if person is None:
            raise NotThere(login)
        routing_rules.limit({person: asked.most}, by=by.actor, at=at)
        return 200, {"person": person.login, "most": asked.most}

    return answering.done(request, deed)


def _found(person: Person, slug: str, deed: str) -> RoutingRule:
    demand(person, deed)
    row = RoutingRule.objects.select_related(*routing.LINKED).filter(slug=slug.replace("\x00", "")).first()
    if row is None:
        raise NotThere(slug)
    return row


def _wanted(given: dict[str, Any]) -> Wanted:
    conditions = [Condition(one["field"], tuple(one["values"]), one["negated"]) for one in given["conditions"] or ()]
    return Wanted(given["name"] or "", conditions, {name: given[name] for name in THEN}, bool(given["active"]))


def _said(row: RoutingRule) -> dict[str, Any]:
    return _shape(row, routing_rules.oddities(row, routing_rules.above(row)))


def _shape(row: RoutingRule, odd: Sequence[routing_rules.Oddity]) -> dict[str, Any]:
    return {
        "slug": row.slug, "name": row.name, "position": row.position, "active": row.is_on,
        "conditions": [
            {"field": one.field, "values": list(one.values), "negated": one.negated}
            for one in routing.conditions_of(row)
        ],
        "line": row.line, "team": row.team.slug if row.team else None,
        "person": row.person.login if row.person else None, "strategy": row.strategy,
        "skill": row.skill.slug if row.skill else None, "level": row.level, "sticks": row.sticks,
        "problem": row.problem, "odd": [{"kind": one.kind, "what": one.what} for one in odd],
    }  # fmt: skip

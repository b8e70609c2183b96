"""Rules before registration: in their order, one with what it would have hit over the last 30 days. The
administrator's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.bodies import Body, Named, Slug
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.shapes import moment
from firstline.intake import mail_rules, rule_preview, rules, ruling
from firstline.intake.mail_rules import Wanted
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import Wrong, WrongRule
from firstline.tickets.queries import NotThere

router = Router(tags=["Mail rules"])
DEED = "mail rules"
THEN = (*rules.SETS, "outcome")


class AskedOfMail(Body):
    field: Slug
    test: Slug = Field(default="", description="contains, is, matches (`*`, `?`); above, below of numbers")
    value: Named
    header: Slug = Field(default="", description="which one, of the field `header`")
    negated: bool = False


class WhatFollows(Body):
    client: Slug | None = None
    service: Slug | None = None
    category: Slug | None = None
    team: Slug | None = None
    priority: Literal[1, 2, 3, 4] | None = None
    type: Slug | None = None
    tag: Named | None = None
    outcome: Literal["quarantine", "ignore", "ticket"] | None = None


class NewMailRule(WhatFollows):
    """A rule; `conditions` must all hold, or any of them. At least one thing must follow."""

    name: Named
    conditions: list[AskedOfMail] = Field(max_length=rules.MOST_CONDITIONS)
    any_of: bool = False
    goes_on: bool = Field(default=False, description="the next rules are asked too")
    active: bool = True


class ChangedMailRule(WhatFollows):
    """Fields that are absent stay as they are."""

    name: Named | None = None
    conditions: list[AskedOfMail] | None = Field(default=None, max_length=rules.MOST_CONDITIONS)
    any_of: bool | None = None
    goes_on: bool | None = None
    active: bool | None = None


class MovedMailRule(Body):
    to: Literal["up", "down"]


class MailCondition(Schema):
    field: str
    test: str
    value: str
    header: str
    negated: bool


class MailRuleOut(Schema):
    slug: str
    name: str
    position: int
    active: bool
    conditions: list[MailCondition]
    any_of: bool
    goes_on: bool
    client: str | None
    service: str | None
    category: str | None
    team: str | None
    priority: int | None
    type: str | None
    tag: str | None
    outcome: str | None
    problem: str


class MailRules(Schema):
    items: list[MailRuleOut]
    next_cursor: str | None = Field(description="always null: they fit one answer")


class MailHit(Schema):
    intake: int
    sender: str
    subject: str
    received_at: datetime
    became: str
    why: list[MailCondition]


class MailDryRun(Schema):
    since: datetime
    looked_at: int
    hits: int = Field(description="how many of these letters the rule would have caught")
    is_limited: bool = Field(description="older letters of these 30 days were not looked at")
    items: list[MailHit] = Field(description="the newest of them")


@router.get("", response={200: MailRules, **FOR_READING}, summary="List the mail rules")
def index(request: HttpRequest) -> HttpResponse:
    """In the order in which they are asked, before a letter becomes a ticket."""
    demand(caller(request).person, DEED)
    rows = MailRule.objects.select_related(*ruling.LINKED)
    return answering.plain({"items": [_shape(row) for row in rows], "next_cursor": None})


@router.post("", response={201: MailRuleOut, **FOR_WRITING}, summary="Make a mail rule")
def create(request: HttpRequest, asked: NewMailRule) -> HttpResponse:
    """It stands last. 422: nothing follows from it, or it names what is not there."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, DEED)
        return 201, _shape(mail_rules.keep(_wanted(asked.model_dump()), by=by.actor, at=at))

    return answering.done(request, deed, "mail-rules/{slug}")


@router.post("/dry-run", response={200: MailDryRun, **FOR_READING}, summary="Try a mail rule")
def dry_run(request: HttpRequest, asked: NewMailRule) -> HttpResponse:
    """Over the newest letters of the last 30 days, as if it stood alone. Nothing is kept."""
    demand(caller(request).person, DEED)
    wanted = _wanted(asked.model_dump())
    if found := rules.problems(wanted.conditions):
        raise WrongRule([Wrong(f"conditions[{place}].{field}", problem) for place, field, problem in found])
    rule = rules.Rule(0, wanted.name, tuple(wanted.conditions), wanted.then, wanted.any_of, wanted.goes_on)
    tried = rule_preview.of(rule, clock.now())
    items = [
        {
            "intake": hit.row["id"], "sender": hit.row["sender"], "subject": hit.row["subject"],
            "received_at": moment(hit.row["received_at"]), "became": str(hit.row["outcome"]),
            "why": [condition._asdict() for condition in hit.why],
        }
        for hit in tried.shown
    ]  # fmt: skip
    counted = {"looked_at": tried.looked_at, "hits": tried.hits, "is_limited": tried.is_limited}
    return answering.plain({"since": moment(tried.since), **counted, "items": items})


@router.get("/{slug}", response={200: MailRuleOut, **FOR_READING}, summary="Read a mail rule")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    return answering.plain(_shape(_found(caller(request).person, slug)))


@router.patch("/{slug}", response={200: MailRuleOut, **FOR_WRITING}, summary="Change a mail rule")
def change(request: HttpRequest, slug: str, asked: ChangedMailRule) -> HttpResponse:
    """Fields that are absent stay, null takes away what follows; `conditions` are all conditions."""
    given = asked.model_dump(exclude_unset=True)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, slug)
        return 200, _shape(mail_rules.keep(_wanted({**_shape(row), **given}), by=by.actor, at=at, row=row))

    return answering.done(request, deed)


@router.delete("/{slug}", response={204: None, **FOR_WRITING}, summary="Take a mail rule away")
def take_away(request: HttpRequest, slug: str) -> HttpResponse:
    """What it did stays on the tickets and in the journal, with its name."""
    person = caller(request).person
    ordered_rules.take_away(_found(person, slug), by=person.actor, at=clock.now())
    return HttpResponse(status=204)


@router.post("/{slug}/position", response={200: MailRuleOut, **FOR_WRITING}, summary="Move a mail rule")
def move(request: HttpRequest, slug: str, asked: MovedMailRule) -> HttpResponse:
    """One place up or down."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = _found(by, slug)
        ordered_rules.move(row, up=asked.to == "up", by=by.actor, at=at)
        row.refresh_from_db()
        return 200, _shape(row)

    return answering.done(request, deed)


def _found(person: Person, slug: str) -> MailRule:
    demand(person, DEED)
    row = MailRule.objects.select_related(*ruling.LINKED).filter(slug=slug.replace("\x00", "")).first()
    if row is None:
        raise NotThere(slug)
    return row


def _wanted(given: dict[str, Any]) -> Wanted:
    conditions = [
        Condition(
            one["field"], one["test"] or rules.TESTS.get(one["field"], ("",))[0], one["value"], one["header"],
            one["negated"],
        )
        for one in given["conditions"] or ()
    ]  # fmt: skip
    return Wanted(
        name=given["name"] or "", conditions=conditions, then={name: given[name] for name in THEN},
        any_of=bool(given["any_of"]), goes_on=bool(given["goes_on"]), is_on=bool(given["active"]),
    )  # fmt: skip


def _shape(row: MailRule) -> dict[str, Any]:
    linked = {name: getattr(row, name) for name in ruling.LINKED}
    return {
        "slug": row.slug, "name": row.name, "position": row.position, "active": row.is_on,
        "conditions": [condition._asdict() for condition in ruling.conditions_of(row)],
        "any_of": row.any_of, "goes_on": row.goes_on,
        **{name: other.slug if other else None for name, other in linked.items()},
        "priority": row.priority, "type": row.type or None, "tag": row.tag or None, "outcome": row.outcome or None,
        "problem": row.problem,
    }  # fmt: skip

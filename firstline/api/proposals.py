"""What a ticket is probably about, and from which confidence on that is set without asking."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.lines import proposals
from firstline.lines.classify import Guess
from firstline.lines.learning import FIELDS
from firstline.lines.proposal_models import Learning
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed, demand
from firstline.tickets import queries

of_tickets = Router(tags=["Tickets"])
router = Router(tags=["Routing"])
Name = Literal["service", "category", "type", "priority"]


class GuessOut(Schema):
    value: str
    confidence: float


class ProposalOut(GuessOut):
    field: Name
    is_set: bool = Field(description="the ticket has this value already")
    others: list[GuessOut]


class Proposals(Schema):
    items: list[ProposalOut]
    next_cursor: str | None
    enough: bool = Field(description="false: too few solved tickets to learn from")


class LearningOut(Schema):
    field: Name
    learnt_at: datetime | None
    sure_from: int | None
    examples: int
    enough: bool
    first: float | None = Field(description="how often the first guess was right, on tickets not learnt from")
    first_three: float | None


class Learnings(Schema):
    items: list[LearningOut]
    next_cursor: str | None


class Sure(Body):
    sure_from: int | None = Field(ge=proposals.LOWEST, le=100, strict=True)


@of_tickets.get("/{number}/proposals", response={200: Proposals, **FOR_READING}, summary="Read the proposals")
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Taken over by PATCH of the ticket."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    if not person.is_agent:
        raise NotAllowed("note")
    found = proposals.of(ticket)
    items = [
        {
            "field": one.field,
            **_guess(one.best),
            "is_set": one.is_set,
            "others": [_guess(other) for other in one.others],
        }
        for one in found.proposals
    ]
    return answering.plain({"items": items, "next_cursor": None, "enough": found.enough})


@router.get("", response={200: Learnings, **FOR_READING}, summary="Read what was learnt")
def learnt(request: HttpRequest) -> HttpResponse:
    """Of every field: from how many tickets, how well, and from which confidence on it is set without asking."""
    demand(caller(request).person, "see routing")
    kept = {row.field: row for row in Learning.objects.defer("model")}
    items = [_shape(kept.get(field) or Learning(field=field)) for field in FIELDS]
    return answering.plain({"items": items, "next_cursor": None})


@router.put("/{field}", response={200: LearningOut, **FOR_WRITING}, summary="Set proposals by themselves")
def sure(request: HttpRequest, field: str, asked: Sure) -> HttpResponse:
    """In percent; null: never, a person decides."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit routing")
        if field not in FIELDS:
            raise queries.NotThere(field)
        proposals.sure_from({field: asked.sure_from}, by=by.actor, at=at)
        return 200, _shape(Learning.objects.filter(field=field).first() or Learning(field=field))

    return answering.done(request, deed)


def _guess(guess: Guess) -> dict[str, Any]:
    return {"value": guess.label, "confidence": round(guess.confidence, 4)}


def _shape(row: Learning) -> dict[str, Any]:
    return {
        "field": row.field, "learnt_at": row.learnt_at.isoformat() if row.learnt_at else None,
        "sure_from": row.sure_from, "examples": row.said.get("examples", 0), "enough": bool(row.digest),
        "first": row.said.get("first"), "first_three": row.said.get("first_three"),
    }  # fmt: skip

"""Who is at a ticket: what a program that shows tickets says of its reader, and who else is there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers
from firstline.api.auth import agent
from firstline.api.bodies import LARGEST_ID, Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.whole import Whole
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import attention, queries
from firstline.tickets.models import Ticket

router = Router(tags=["Tickets"])


class Attention(Body):
    """`seen`: the newest event that was shown. It holds for 75 seconds, `writes` for 20."""

    seen: int = Field(0, strict=True, ge=0, le=LARGEST_ID)
    writes: bool = False


class AtTheTicket(Schema):
    person: str
    writes: bool


class AllAtTheTicket(Whole):
    items: list[AtTheTicket]


@router.get("/{number}/presence", response={200: AllAtTheTicket, **FOR_READING}, summary="See who else is there")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """People of the desk whose page shows the ticket now, who writes first; without the caller."""
    person = agent(request, "desk")
    return answers.plain(_said(person, queries.get_for(person, number)))


@router.put("/{number}/presence", response={200: AllAtTheTicket, **FOR_WRITING}, summary="Say that one is there")
def write(request: HttpRequest, number: str, asked: Attention) -> HttpResponse:
    """What was seen counts as read."""
    person = agent(request, "desk")
    ticket = queries.get_for(person, number)
    attention.look(person, ticket, seen=asked.seen, writes=asked.writes, at=clock.now())
    return answers.plain(_said(person, ticket))


@router.delete("/{number}/presence", response={204: None, **FOR_WRITING}, summary="Say that one is gone")
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """What was read stays read."""
    person = agent(request, "desk")
    attention.leave(person, queries.get_for(person, number), at=clock.now())
    return HttpResponse(status=204)


def _said(person: Person, ticket: Ticket) -> dict[str, Any]:
    found = attention.beside(person, ticket, clock.now())
    return {"items": [{"person": one.person.login, "writes": one.writes} for one in found]}

"""The checklist of a ticket's service."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies
from firstline.api.answers import on_ticket
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.verbs import TICKET
from firstline.api.whole import Whole
from firstline.people.permissions import NotAllowed
from firstline.tickets import checklist, queries

of_tickets = Router(tags=["Tickets"])


class ChecklistLine(Schema):
    item: str = Field(description="its key")
    words: dict[str, str] = Field(description="by language")
    gates: bool = Field(description="the ticket is not solved before it is ticked")
    asked: bool = Field(description="false: ticked once, the service asks for it no more")
    by: str | None = Field(description="login of who ticked it")
    at: datetime | None


class Checklist(Whole):
    items: list[ChecklistLine]


class Tick(bodies.Body):
    item: bodies.Named
    done: bool = True


@of_tickets.get("/{number}/checklist", response={200: Checklist, **FOR_READING}, summary="Read the checklist")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """What its service asks for, and who ticked what. For the desk."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    if not person.is_agent:
        raise NotAllowed("note")
    items = [
        {
            "item": line.item.key, "words": line.item.words, "gates": line.item.gates, "asked": not line.left,
            "by": line.ticked.by.login if line.ticked and line.ticked.by else None,
            "at": line.ticked.happened_at.isoformat() if line.ticked else None,
        }
        for line in checklist.of(ticket)
    ]  # fmt: skip
    return answering.plain({"items": items})


@of_tickets.post("/{number}/checklist", response=TICKET, summary="Tick an item")
def tick(request: HttpRequest, number: str, asked: Tick) -> HttpResponse:
    """Done; with `done` false not done after all."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: checklist.tick(ticket, asked.item, done=asked.done, by=by, at=at),
    )  # fmt: skip

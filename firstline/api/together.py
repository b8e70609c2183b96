"""Beside the words of a ticket: calls that are asked for, colleagues who take part, the outage it comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers, bodies, schemas
from firstline.api.answers import on_ticket
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.named import UNKNOWN
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.shapes import moment
from firstline.api.whole import Whole
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import call_wishes, known_outages, participants
from firstline.tickets.call_models import CallWish
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue

verbs = Router(tags=["Verbs"])
calls = Router(tags=["Tickets"])
TICKET = {200: schemas.Ticket, **FOR_WRITING}
MOST = 200


class Wish(Body):
    phone: bodies.Named
    wished_at: bodies.Moment | None = Field(None, description="as soon as it can be, where it is absent")


class CallMade(Body):
    reached: bool = Field(strict=True)
    text: bodies.Words = ""


class Colleague(Body):
    email: bodies.Named


class OutageOfTicket(Body):
    outage: bodies.Number | None = Field(description="number of an outage; null: it does not come from one")


class CallBack(Schema):
    number: str
    phone: str
    wished_at: datetime | None
    asked_by: str
    asked_at: datetime


class CallBacks(Whole):
    items: list[CallBack]


@verbs.post("/{number}/call-wish", response=TICKET, summary="Ask for a call")
def want(request: HttpRequest, number: str, asked: Wish) -> HttpResponse:
    """The client's side wants to be called; the newest wish stands."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        return call_wishes.want(ticket, phone=asked.phone, wished_at=asked.wished_at, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.post("/{number}/call-back", response=TICKET, summary="Say how the call went")
def settle(request: HttpRequest, number: str, asked: CallMade) -> HttpResponse:
    """Reached, it is a logged call, which counts as a response; not reached, the client sees that it was tried."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        return call_wishes.settle(ticket, reached=asked.reached, text=asked.text, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.post("/{number}/colleagues", response=TICKET, summary="Add a colleague")
def bring(request: HttpRequest, number: str, asked: Colleague) -> HttpResponse:
    """Somebody of the same client reads and answers from now on."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        return participants.bring(ticket, asked.email, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.post("/{number}/outage", response=TICKET, summary="Link with a known outage")
def link(request: HttpRequest, number: str, asked: OutageOfTicket) -> HttpResponse:
    """An outage that goes on and touches the ticket's client."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        if asked.outage is None:
            return known_outages.part(ticket, by=by, at=at)
        found = known_outages.touching(ticket.client, at).filter(pk=asked.outage).first()
        if found is None:
            raise WrongValue("outage", UNKNOWN)
        return known_outages.join(ticket, found, by=by, at=at)

    return on_ticket(request, number, deed)


@calls.get("", response={200: CallBacks, **FOR_READING}, summary="List who waits for a call")
def waiting(request: HttpRequest) -> HttpResponse:
    """Of the tickets that the caller sees, the soonest first; for the desk."""
    person = caller(request).person
    if not person.is_agent:
        raise NotAllowed("call")
    return answers.plain({"items": [_wish(one) for one in call_wishes.waiting(person)[:MOST]]})


def _wish(one: CallWish) -> dict[str, Any]:
    return {
        "number": one.ticket.number, "phone": one.phone, "wished_at": moment(one.wished_at),
        "asked_by": one.asked_by.login, "asked_at": moment(one.asked_at),
    }  # fmt: skip

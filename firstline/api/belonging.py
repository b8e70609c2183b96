"""Where words belong: merging tickets, splitting and moving messages. Each one call of the domain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body

from firstline.api import bodies, named, schemas
from firstline.api.answers import on_ticket
from firstline.api.outcomes import FOR_WRITING
from firstline.intake import in_copy
from firstline.people.models import Person
from firstline.tickets import merging, moving, participants, queries
from firstline.tickets.models import Message, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Verbs"])
NO_BODY: Any = Body(None)
TICKET = {200: schemas.Ticket, **FOR_WRITING}


@router.post("/{number}/merge", response=TICKET, summary="Merge into another ticket")
def merge(request: HttpRequest, number: str, asked: bodies.Into) -> HttpResponse:
    """Its words are shown on the other one, its people take part there, it is cancelled. Answers the merged ticket."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand(by, "merge", ticket)
        return merging.merge(ticket, _other(by, "into", asked.into), by=by, at=at, seen=seen)

    return on_ticket(request, number, deed)


@router.post("/{number}/separation", response=TICKET, summary="Undo a merge")
def separate(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Words, people, status and clocks are as they were before the merge; what was said since stays on the target."""
    return on_ticket(request, number, lambda ticket, by, at, seen: merging.unmerge(ticket, by=by, at=at))


@router.post("/{number}/claim", response=TICKET, summary="Decide about a claim")
def decide_claim(request: HttpRequest, number: str, asked: bodies.Claim) -> HttpResponse:
    """A message of the ticket names another one in which its sender takes no part (flag `claims #1042`). `belongs`: it
    goes there, and its sender takes part. Else it is its own, and nobody is asked again."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand(by, "merge", ticket)
        if not asked.belongs:
            return merging.keep_apart(ticket, by=by, at=at)
        return merging.add_claimed(ticket, _other(by, "claim", merging.claim_on(ticket)), by=by, at=at, seen=seen)

    return on_ticket(request, number, deed)


@router.post("/{number}/move", response=TICKET, summary="Move a message")
def move(request: HttpRequest, number: str, asked: bodies.Move) -> HttpResponse:
    """To another ticket of the same client. Answers that ticket. To where it came in: the move is undone."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand(by, "merge", ticket)
        return moving.move(_message(ticket, asked.message), _other(by, "to", asked.to), by=by, at=at)

    return on_ticket(request, number, deed)


@router.post("/{number}/split", response=TICKET, summary="Split a message off")
def split(request: HttpRequest, number: str, asked: bodies.Split) -> HttpResponse:
    """A ticket of its own, which starts at the time of the message. Answers the new ticket."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand(by, "merge", ticket)
        return moving.split(_message(ticket, asked.message), by=by, at=at, subject=asked.subject)

    return on_ticket(request, number, deed)


@router.post("/{number}/participants", response=TICKET, summary="Add a participant")
def add_participant(request: HttpRequest, number: str, asked: bodies.Participant) -> HttpResponse:
    """Somebody of the ticket's client, or of no client: he reads and answers from now on."""
    return on_ticket(request, number, lambda ticket, by, at, seen: in_copy.add(ticket, asked.email, by=by, at=at))


@router.post("/{number}/mail-again", response=TICKET, summary="The address is good again")
def mail_again(request: HttpRequest, number: str, asked: bodies.MailAgain | None = NO_BODY) -> HttpResponse:
    """Mails to somebody on the ticket (`email`, else the requester) came back; they come through again: what goes by
    itself is sent as before."""
    email = (asked.email or "") if asked is not None else ""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: participants.mail_again(ticket, by=by, at=at, email=email)
    )


def _other(by: Person, field: str, number: object) -> Ticket:
    try:
        return queries.get_for(by, str(number))
    except NotThere as unknown:
        raise WrongValue(field, named.UNKNOWN) from unknown


def _message(ticket: Ticket, number: object) -> Message:
    found = Message.objects.filter(ticket=ticket, pk=int(str(number))).first()
    if found is None:
        raise WrongValue("message", named.UNKNOWN)
    return found

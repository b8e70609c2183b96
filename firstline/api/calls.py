"""Calls that an exchange told of, and what they were about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router

from firstline.api import answers as answering
from firstline.api import bodies, cursors
from firstline.api import call_shapes as shapes
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.shapes import moment
from firstline.api.tickets import NONE, Limit, Search
from firstline.intake import exchange_calls
from firstline.intake.call_models import Call
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import queries

router = Router(tags=["Calls"])


class About(Body):
    ticket: bodies.TicketNumber | None = Field(description="null: about no ticket")


@router.get("", response={200: shapes.CallList, **FOR_READING}, summary="List calls")
def index(
    request: HttpRequest,
    state: Literal["ringing", "talking", "missed", "ended"] | None = NONE,
    cursor: Search = "",
    limit: Limit = 50,
) -> HttpResponse:
    """One's own, and those of the clients whom one looks after; the newest first."""
    rows = exchange_calls.visible_to(_solver(request)).order_by("-id")
    if state is not None:
        rows = rows.filter(exchange_calls.IN_STATE[state])
    if (after := cursors.number("calls", cursor)) is not None:
        rows = rows.filter(pk__lt=after)
    return answering.plain(cursors.page("calls", list(rows[: limit + 1]), limit, _call))


@router.post(
    "/{int:number}/ticket", response={200: shapes.ToldCall, **FOR_WRITING}, summary="Say what a call was about"
)
def about(request: HttpRequest, number: int, asked: About) -> HttpResponse:
    """The call is written down there, with its seconds, once it is over."""
    _solver(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        call = exchange_calls.get_for(by, number)
        ticket = queries.get_for(by, asked.ticket) if asked.ticket is not None else None
        return 200, _call(exchange_calls.about(call, ticket, by=by, at=at))

    return answering.done(request, deed)


def _solver(request: HttpRequest) -> Person:
    person = caller(request).person
    if not person.solves:
        raise NotAllowed("calls")
    return person


def _call(one: Call) -> dict[str, Any]:
    return {
        "id": one.pk, "account": one.trunk.slug, "call": one.call_id, "state": one.state, "outgoing": one.is_ours,
        "number": one.number or None, "called": one.called or None, "person": one.person.name if one.person else None,
        "agent": one.agent.login if one.agent else None, "ticket": str(one.ticket_id) if one.ticket_id else None,
        "begun_at": moment(one.begun_at), "answered_at": moment(one.answered_at), "ended_at": moment(one.ended_at),
        "seconds": one.seconds, "recording_url": one.recording_url or None,
    }  # fmt: skip

"""Drafts and what was sent but can still be taken back: the caller's own, nobody else's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies, schemas, shapes
from firstline.api.auth import agent
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.whole import Whole
from firstline.knowledge import solutions
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import drafts, queries, sending
from firstline.tickets.draft_models import Draft

router = Router(tags=["Drafts"])
outgoing = Router(tags=["Drafts"])
GONE = "It has gone out already, or was taken back."


class DraftShape(Schema):
    """What was begun and not sent. `stopped`: why it was not sent though it was to be."""

    ticket: str
    mode: Literal["reply", "note", "call"]
    body: str
    format: Literal["text", "html"]
    revision: int = Field(description="say it when you save again: whoever wrote meanwhile is not lost")
    overtaken: list[str] = Field(description="texts of other windows that a later save had not seen")
    saved_at: datetime
    stopped: str | None = Field(description="changed, status, merged, not allowed, wrong")


class Drafts(Whole):
    items: list[DraftShape]


class OutgoingShape(Schema):
    """An answer that goes out at `send_at` unless it is taken back."""

    id: int
    ticket: str
    how: Literal["public", "wait", "resolve"]
    send_at: datetime


class Outgoing(Whole):
    items: list[OutgoingShape]


class NewDraft(bodies.Body):
    body: bodies.Words
    format: Literal["text", "html"] = "text"
    revision: Annotated[int, Field(strict=True, ge=0, le=2_000_000_000)] = 0


@router.get("/{number}/drafts", response={200: Drafts, **FOR_READING}, summary="What the caller has begun to write")
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One for each mode at most."""
    person = agent(request, "note")
    return answering.plain({"items": [_draft(one) for one in drafts.of(person, queries.get_for(person, number))]})


@router.put("/{number}/drafts/{mode}", response={200: Drafts, **FOR_WRITING}, summary="Keep a draft")
def keep(request: HttpRequest, number: str, mode: str, asked: NewDraft) -> HttpResponse:
    """An empty body lets it go. The newest text stands; one that it had not seen is kept in `overtaken`."""
    person = agent(request, "note")
    ticket = queries.get_for(person, number)
    drafts.save(
        person, ticket, mode, asked.body, at=clock.now(), is_html=asked.format == "html", revision=asked.revision,
        window=f"api {asked.revision}",
    )  # fmt: skip
    return answering.plain({"items": [_draft(one) for one in drafts.of(person, ticket)]})


@router.delete("/{number}/drafts/{mode}", response={204: None, **FOR_WRITING}, summary="Let a draft go")
def discard(request: HttpRequest, number: str, mode: str) -> HttpResponse:
    """With its files."""
    person = agent(request, "note")
    drafts.discard(person, queries.get_for(person, number), mode)
    return HttpResponse(status=204)


@outgoing.get("", response={200: Outgoing, **FOR_READING}, summary="What goes out in a moment")
def on_their_way(request: HttpRequest) -> HttpResponse:
    """The caller's answers that can still be taken back, the newest first."""
    rows = sending.on_their_way(agent(request, "note"))[: sending.BATCH]
    return answering.plain({"items": [_outgoing(one) for one in rows]})


@outgoing.post("/{int:number}/return", response={200: Drafts, **FOR_WRITING}, summary="Take an answer back")
def take_back(request: HttpRequest, number: int, asked: bodies.Nothing | None = None) -> HttpResponse:
    """It is a draft again. 409 where it has gone out."""
    agent(request, "note")

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        try:
            return 200, {"items": [_draft(sending.take_back(by, number))]}
        except sending.Gone as gone:
            raise Refused(409, GONE) from gone

    return answering.done(request, deed)


@outgoing.post("/{int:number}/sending", response={200: schemas.Ticket, **FOR_WRITING}, summary="Send an answer now")
def send_now(request: HttpRequest, number: int, asked: bodies.Nothing | None = None) -> HttpResponse:
    """Without waiting for its time; answers the ticket."""
    agent(request, "note")

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        try:
            ticket = sending.send_now(by, number, at=at, ways=solutions.WAYS)
        except sending.Gone as gone:
            raise Refused(409, GONE) from gone
        return 200, shapes.ticket(ticket, by, at)

    return answering.done(request, deed)


def _draft(one: Draft) -> dict[str, Any]:
    return {
        "ticket": str(one.ticket_id),
        "mode": one.mode,
        "body": one.body,
        "format": "html" if one.is_html else "text",
        "revision": one.revision,
        "overtaken": [other["body"] for other in one.overtaken],
        "saved_at": one.saved_at,
        "stopped": one.stopped or None,
    }


def _outgoing(one: Draft) -> dict[str, Any]:
    return {"id": one.pk, "ticket": str(one.ticket_id), "how": one.how, "send_at": one.send_at}

"""The caller's inbox, and what he wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router

from firstline.api import answers as answering
from firstline.api import inbox_shapes
from firstline.api.auth import agent
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import Search
from firstline.notices import inbox, matrix, notice_words, preferences
from firstline.people.models import Person
from firstline.tickets import queries

router = Router(tags=["Inbox"])


@router.get("", response={200: inbox_shapes.Inbox, **FOR_READING}, summary="Read the inbox")
def index(request: HttpRequest, everything: bool = False, cursor: Search = "") -> HttpResponse:
    """Ticket by ticket what the caller was told, the newest first; what is unread, or with `everything` all that is
    kept."""
    person = agent(request, "inbox")
    with translation.override(person.language):
        page = inbox.page(person, cursor, everything=everything)
        items = [_group(one) for one in page.groups]
    return answering.plain({"items": items, "next_cursor": page.following or None})


@router.post("/reading", response={200: inbox_shapes.Read, **FOR_WRITING}, summary="Mark notices read")
def read(request: HttpRequest, asked: inbox_shapes.Reading) -> HttpResponse:
    """Of one ticket, or all."""
    agent(request, "inbox")

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        if asked.ticket is None:
            return 200, {"read": inbox.read_all(by, at=at)}
        return 200, {"read": inbox.read(by, queries.get_for(by, asked.ticket).pk, at=at)}

    return answering.done(request, deed)


@router.get("/wishes", response={200: inbox_shapes.Wishes, **FOR_READING}, summary="Read what one is told")
def wishes(request: HttpRequest) -> HttpResponse:
    """Each topic with its ways, as it holds for the caller."""
    return answering.plain(_wishes(agent(request, "inbox")))


@router.put("/wishes", response={200: inbox_shapes.Wishes, **FOR_WRITING}, summary="Choose what one is told")
def choose(request: HttpRequest, asked: inbox_shapes.Wished) -> HttpResponse:
    """A topic that is left out is as it usually is."""
    person = agent(request, "inbox")
    rows = {topic: row.model_dump(exclude_unset=True) for topic, row in asked.rows.items()}
    return answering.plain(_wishes(preferences.choose(person, rows, quiet=asked.quiet)))


def _wishes(person: Person) -> dict[str, Any]:
    rows = {topic: vars(row) for topic, row in preferences.table(person).items()}
    return {"rows": rows, "quiet": matrix.wants_quiet(person.notices)}


def _group(one: inbox.Group) -> dict[str, Any]:
    return {
        "ticket": str(one.ticket.pk),
        "subject": one.ticket.subject,
        "unread": one.unread,
        "more": one.more,
        "notices": [
            {
                "kind": notice.kind,
                "said": notice_words.headline(notice),
                "excerpt": notice_words.excerpt(notice),
                "event": notice.event_id,
                "at": notice.at.isoformat(),
                "read_at": notice.read_at.isoformat() if notice.read_at else None,
            }
            for notice in one.notices
        ],
    }

"""Who changed which field of a ticket, when, from what to what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.people.permissions import NotAllowed
from firstline.tickets import field_changes, queries

of_tickets = Router(tags=["Tickets"])
FieldName = Literal[
    "status", "priority", "line", "team", "assignee", "contact", "hold_until", "type", "impact", "urgency", "service",
    "category", "client", "requester", "contract", "equipment", "subject", "tags",
]  # fmt: skip
NAMES = get_args(FieldName)


class FieldChange(Schema):
    field: FieldName
    old: Any = Field(alias="from", description="slugs and logins; a contract version by its id")
    new: Any = Field(alias="to")
    happened_at: datetime
    learnt_at: datetime
    by: str | None = Field(description="login; null: by itself")
    event: int = Field(description="id of the timeline entry")


class FieldHistory(Schema):
    items: list[FieldChange]
    next_cursor: str | None


@of_tickets.get(
    "/{number}/history", response={200: FieldHistory, **FOR_READING}, by_alias=True, summary="Read who changed what"
)
def of_ticket(request: HttpRequest, number: str, field: FieldName | None = None) -> HttpResponse:
    """Every change of its fields, newest first; of one with `field`. For the desk. Derived from the events alone."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    if not person.is_agent:
        raise NotAllowed("note")
    items = [
        {
            "field": one.step.field, "from": one.step.old, "to": one.step.new,
            "happened_at": one.event.happened_at.isoformat(), "learnt_at": one.event.learnt_at.isoformat(),
            "by": one.event.by.login if one.event.by else None, "event": one.event.pk,
        }
        for one in field_changes.of(ticket, field or "")
    ]  # fmt: skip
    return answering.plain({"items": items, "next_cursor": None})

"""What belongs to a ticket, to read: its timeline, the words that left about it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.tickets import Limit, Search
from firstline.lib import clock
from firstline.people import permissions
from firstline.post import outbox
from firstline.sla import explain
from firstline.tickets import queries

router = Router(tags=["Tickets"])
MINUTE = timedelta(minutes=1)


@router.get("/{number}/timeline", response={200: schemas.Timeline, **FOR_READING}, summary="Read the timeline")
def timeline(request: HttpRequest, number: str, cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Everything that happened, oldest first; the client's side reads what is public."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    events = queries.timeline_for(person, ticket).order_by("pk")
    last = cursors.number("timeline", cursor)
    if last is not None:
        events = events.filter(pk__gt=last)
    rows = list(events[: limit + 1])
    return answering.plain(
        cursors.page("timeline", rows, limit, lambda row: shapes.timeline_entry(row, person, ticket))
    )


@router.get(
    "/{number}/clocks", response={200: schemas.Explanation, **FOR_READING}, by_alias=True, summary="Explain the clocks"
)
def explained(request: HttpRequest, number: str) -> HttpResponse:
    """Every clock with its segments, and the same in words of the caller's language; for the desk, whose the minutes
    were."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    at = clock.now()
    with translation.override(person.language):
        items = explain.explain(ticket, at)
    found = explain.whose_time(ticket, at) if person.is_agent else None
    whose = None if found is None else {party: length / MINUTE for party, length in found.used.items()}
    return answering.plain({"items": items, "whose_minutes": whose})


@router.get("/{number}/deliveries", response={200: schemas.Deliveries, **FOR_READING}, summary="Read the deliveries")
def deliveries(request: HttpRequest, number: str) -> HttpResponse:
    """Every message that left about the ticket, with every attempt. For those who may see the outbox."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    permissions.demand(person, "journal")
    items = [outbox.shape(delivery) for delivery in outbox.deliveries_of(ticket.pk)]
    return answering.plain({"items": items, "next_cursor": None})

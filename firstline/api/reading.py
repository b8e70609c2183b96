"""What belongs to a ticket, to read: its timeline, the words that left about it, its files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.http import content_disposition_header
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.tickets import Limit, Search
from firstline.blobs import store
from firstline.lib import clock
from firstline.people import permissions
from firstline.post import outbox
from firstline.sla import explain
from firstline.tickets import queries

router = Router(tags=["Tickets"])
files = Router(tags=["Files"])
# A file is somebody's: it is never run, shown inside a page of ours, or guessed to be something else.
MINUTE = timedelta(minutes=1)
SANDBOX = "sandbox; default-src 'none'"


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


@files.get("/{file_id}", response={200: bytes, **FOR_READING}, summary="Download a file")
def download(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The bytes as they came, always as a download."""
    if not (file_id.isascii() and file_id.isdigit() and len(file_id) <= 15):
        raise queries.NotThere(file_id)
    file = queries.attachment_for(caller(request).person, int(file_id))
    path: Path = store.path_of(file.blob_id)
    if not path.exists():
        raise store.BlobMissing(file.blob_id)
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    name = "".join(sign for sign in file.name if sign.isprintable() and sign not in '/\\"') or "file"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

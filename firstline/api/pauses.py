"""The waits worth a look: bought just before a deadline, without end, or one after the other."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.tickets import Limit, Search
from firstline.lib import clock
from firstline.people.permissions import demand
from firstline.sla import standstills
from firstline.sla.models import Standstill

router = Router(tags=["Contracts"])


@router.get("", response={200: terms_schemas.Waits, **FOR_READING}, summary="List waits worth a look")
def index(request: HttpRequest, cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Newest first; for who governs pauses."""
    person = caller(request).person
    demand(person, "pauses")
    rows = standstills.sample_for(person, at=clock.now()).order_by("-pk")
    last = cursors.number("pauses", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("pauses", list(rows[: limit + 1]), limit, _wait))


def _wait(one: Standstill) -> dict[str, Any]:
    client = one.ticket.client
    return {
        "id": one.pk, "ticket": one.ticket.number, "client": client.slug if client else None, "status": one.status,
        "reason": one.reason.slug if one.reason else None, "words": one.words, "whose": one.party,
        "by": one.by.login if one.by else None, "began_at": one.began_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None, "ordinal": one.ordinal,
        "minutes_left": None if one.seconds_left is None else one.seconds_left / 60,
    }  # fmt: skip

"""What superiors were told of on a ticket, what comes next, and saying that one sees to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.ladders import Metric, What
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.lib import clock
from firstline.lines import ladder_deeds, ladder_seen
from firstline.lines.ladder_models import Escalation, Through
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import queries

of_tickets = Router(tags=["Tickets"])


class EscalationOut(Schema):
    id: int
    what: What
    metric: Metric
    marks: list[int] = Field(description="shares in percent, or the how many-th, that were said")
    ladder: str
    said_at: datetime
    told: list[str] = Field(description="logins")
    next_call_at: datetime | None = Field(description="when the next one on call is told")
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    through: str | None


class ComingOut(Schema):
    what: What
    metric: Metric
    mark: int
    at: datetime
    tell: list[str]


class Escalations(Schema):
    ladder: str | None = Field(description="slug of the ladder that holds now")
    items: list[EscalationOut]
    coming: list[ComingOut] = Field(description="if nothing happens until then")
    next_cursor: str | None


@of_tickets.get("/{number}/escalations", response={200: Escalations, **FOR_READING}, summary="Read the escalations")
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    person = caller(request).person
    ticket = queries.get_for(person, number)
    if not person.is_agent:
        raise NotAllowed("note")
    found = ladder_seen.of(ticket, clock.now())
    coming = [
        {
            "what": one.key.what, "metric": one.key.metric, "mark": one.rung.mark, "at": one.at.isoformat(),
            "tell": list(one.rung.tell),
        }
        for one in found.coming
    ]  # fmt: skip
    ladder = found.ladder.slug if found.ladder is not None else None
    items = [_shape(row) for row in found.said]
    return answering.plain({"ladder": ladder, "items": items, "coming": coming, "next_cursor": None})


@of_tickets.post(
    "/{number}/escalations/{int:escalation}/acknowledgement", response={200: EscalationOut, **FOR_WRITING},
    summary="Acknowledge an escalation",
)  # fmt: skip
def acknowledge(request: HttpRequest, number: str, escalation: int) -> HttpResponse:
    """He sees to it: the rest of it is not said any more. A second time changes nothing."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = ladder_seen.found(by, queries.get_for(by, number), escalation)
        return 200, _shape(ladder_deeds.acknowledge(row, by=by, at=at, through=Through.API))

    return answering.done(request, deed)


def _shape(row: Escalation) -> dict[str, Any]:
    return {
        "id": row.pk, "what": row.what, "metric": row.metric, "marks": row.marks, "ladder": row.name,
        "said_at": row.said_at.isoformat(), "told": [one.person.login for one in row.told.all()],
        "next_call_at": row.call_at.isoformat() if row.call_at else None,
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
        "acknowledged_by": row.acknowledged_by.login if row.acknowledged_by else None, "through": row.through or None,
    }  # fmt: skip

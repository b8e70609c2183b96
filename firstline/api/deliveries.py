"""The outbox: what left, what could not, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body

from firstline.api import answers as answering
from firstline.api import bodies, cursors, schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.tickets import NONE, NOT_SAID, Limit, Search
from firstline.intake.deliveries_seen import visible_to
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import outbox
from firstline.tickets.queries import NotThere

router = Router(tags=["Outbox"])
NO_BODY: Any = Body(None)
State = Literal["waiting", "sending", "sent", "failed", "uncertain", "dead"]


@router.get("", response={200: schemas.Deliveries, **FOR_READING}, summary="Read the outbox")
def index(
    request: HttpRequest,
    state: Annotated[State | None, NOT_SAID] = NONE,
    cursor: Search = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Newest first, with every attempt. Lines 1 and 2 see what leaves by their team's mailboxes."""
    person = caller(request).person
    demand(person, "journal")
    rows = visible_to(person)
    if state is not None:
        rows = rows.filter(state=state)
    last = cursors.number("deliveries", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("deliveries", list(rows[: limit + 1]), limit, outbox.shape))


@router.post("/{int:number}/sending", response={200: schemas.Delivery, **FOR_WRITING}, summary="Send again")
def again(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """The same bytes once more, of what failed, died or is uncertain; anything else is 409."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "journal")
        found = visible_to(by).filter(pk=number).first() if number < 2**63 else None
        if found is None:
            raise NotThere(str(number))
        try:
            return 200, outbox.shape(outbox.retry(found, by=by.pk, at=at))
        except outbox.NotToBeSentAgain as no:
            raise Refused(409, "It is on its way already, or was sent.", kind="not-to-be-sent-again") from no

    return answering.done(request, deed)

"""What is done on the way to the solution and ends a clock of its own: a way around is given, somebody is on site."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import WrongValue


def give_workaround(ticket: Ticket, *, how: str, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """The requester can work on, in this way, while the cause is looked for; he reads `how`."""
    words = how.replace("\x00", "").strip()[:5000]
    if not words:
        raise WrongValue("how", "empty")
    with transaction.atomic():
        held = locked(ticket, deed="answer", verb="workaround", by=by, seen=seen)
        record(held, Kind.WORKAROUND, by=by, at=at, public=True, how=words)
        return held


def arrive(ticket: Ticket, *, by: Person, at: datetime, since: datetime | None = None) -> Ticket:
    """Somebody of ours is on site, now or `since` an earlier moment of the ticket's life."""
    with transaction.atomic():
        held = locked(ticket, deed="arrive", verb="arrival", by=by)
        happened = at if since is None else since
        if not held.created_at <= happened <= at:
            raise WrongValue("since", "not in its life")
        record(held, Kind.ARRIVED, by=by, at=happened, learnt_at=at, public=True)
        return held

"""How content the client's side is with what was done: one standing rating a ticket, each one given in the history."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Rating, Ticket
from firstline.tickets.refusals import WrongValue

LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 5000


def rate(ticket: Ticket, *, score: int, comment: str = "", by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """A score from 1 (bad) to 5 (excellent) on what is solved or closed; given again, the newer one stands.

    Raises WrongValue("score"), NotAllowed, WrongStatus, ChangedSince.
    """
    if not LOWEST <= score <= HIGHEST:
        raise WrongValue("score", f"{LOWEST} to {HIGHEST}")
    words = comment.replace("\x00", "").strip()[:LONGEST_COMMENT]
    with transaction.atomic():
        held = locked(ticket, deed="rate", verb="rating", by=by, seen=seen)

        def stand(event: Event) -> None:
            Rating.objects.update_or_create(
                ticket=held, defaults={"event": event, "score": score, "comment": words, "by": by, "at": at}
            )

        record(held, Kind.RATED, by=by, at=at, public=True, then=stand, score=score, comment=words)
        return held


def of(ticket: Ticket) -> Rating | None:
    """The rating that stands."""
    return Rating.objects.filter(ticket=ticket).first()

"""A letter that failed, died or was held back is said on its ticket, where it is seen by whoever has the ticket."""

from __future__ import annotations

from datetime import datetime

from firstline.notices import pushes
from firstline.notices.recipients import UNDELIVERED
from firstline.post import limits
from firstline.post.browsers import PUSH
from firstline.post.models import Delivery
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Ticket


def undelivered(delivery: Delivery, answer: str, at: datetime) -> None:
    """One trouble on the ticket, in the transaction in which the delivery ended. What has no ticket is on /readyz only;
    an alarm that cannot be delivered raises no further one. A push that fails is a letter where nothing else went."""
    ticket = locked(Ticket(pk=delivery.ticket)) if delivery.ticket is not None else None
    if delivery.channel == PUSH and pushes.instead(delivery, at):
        return
    if ticket is None or delivery.kind == UNDELIVERED:
        return
    record(
        ticket, Kind.TROUBLE, by=None, at=at,
        what=UNDELIVERED, error=answer[:500], delivery=delivery.pk, notice=delivery.kind, to=delivery.to,
        state=delivery.state,
    )  # fmt: skip


def paused(delivery: Delivery, limit: int, at: datetime) -> None:
    """What goes by itself wrote to this address often enough: said once an hour on the ticket, which tells nobody."""
    if delivery.ticket is None:
        return
    ticket = locked(Ticket(pk=delivery.ticket))
    lately = Event.objects.filter(ticket=ticket, kind=Kind.ANSWERS_PAUSED, happened_at__gt=at - limits.WINDOW)
    if not lately.filter(data__address=delivery.to).exists():
        record(
            ticket, Kind.ANSWERS_PAUSED, by=None, at=at, address=delivery.to, limit=limit, delivery=delivery.pk,
            notice=delivery.kind,
        )  # fmt: skip

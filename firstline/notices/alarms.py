"""A letter that failed or died is said on its ticket, where it is seen and tells whoever has the ticket."""

from __future__ import annotations

from datetime import datetime

from firstline.notices.recipients import UNDELIVERED
from firstline.post.models import Delivery
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket


def undelivered(delivery: Delivery, answer: str, at: datetime) -> None:
    """One trouble on the ticket, in the transaction in which the delivery ended. What has no ticket is on /readyz only;
    an alarm that cannot be delivered raises no further one."""
    if delivery.ticket is None or delivery.kind == UNDELIVERED:
        return
    ticket = locked(Ticket(pk=delivery.ticket))
    record(
        ticket, Kind.TROUBLE, by=None, at=at,
        what=UNDELIVERED, error=answer[:500], delivery=delivery.pk, notice=delivery.kind, to=delivery.to,
        state=delivery.state,
    )  # fmt: skip

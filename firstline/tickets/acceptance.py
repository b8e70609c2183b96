"""What was handed over is accepted by whoever takes it: the client learns that an engineer has joined, no more."""

from __future__ import annotations

from firstline.tickets.history import record
from firstline.tickets.models import Event, Kind

# What says whose a ticket is: the newest of these decides whether it waits to be accepted.
WHOSE = (Kind.HANDED_OVER, Kind.RETURNED, Kind.TAKEN, Kind.ASSIGNED)


def follow(event: Event) -> None:
    """A reaction: somebody has what was handed over."""
    ticket = event.ticket
    if event.kind not in {Kind.TAKEN, Kind.ASSIGNED} or ticket.contact_owner_id is None or ticket.assignee_id is None:
        return
    before = Event.objects.filter(ticket=ticket, kind__in=WHOSE, id__lt=event.pk).order_by("-id").first()
    if event.data.get("undoes") or before is None or before.kind != Kind.HANDED_OVER:
        return
    record(
        ticket, Kind.ACCEPTED, by=ticket.assignee, at=event.happened_at, learnt_at=event.learnt_at, public=True,
        line=ticket.line, handed_over=before.pk,
    )  # fmt: skip

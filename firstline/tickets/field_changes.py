"""The changes of a ticket's fields, newest first, each with the event that made it: derived from the history alone."""

from __future__ import annotations

from dataclasses import dataclass

from firstline.tickets import field_history
from firstline.tickets.field_history import Happened, Step
from firstline.tickets.models import Event, Ticket


@dataclass(frozen=True)
class Changed:
    """A step with its event; who did it came with the event."""

    step: Step
    event: Event


def of(ticket: Ticket, field: str = "") -> list[Changed]:
    """Every change of one field, or of all. One statement."""
    events = {event.pk: event for event in _events(ticket)}
    steps = field_history.steps(happened(event) for event in events.values())
    return [Changed(step, events[step.number]) for step in reversed(steps) if field in ("", step.field)]


def now(ticket: Ticket) -> dict[str, object]:
    """What the events say that the fields are: the row says the same."""
    return field_history.now(happened(event) for event in _events(ticket))


def happened(event: Event) -> Happened:
    return Happened(event.pk, event.kind, event.data, event.by.login if event.by else None)


def _events(ticket: Ticket) -> list[Event]:
    rows = Event.objects.filter(ticket=ticket, kind__in=field_history.KINDS)
    return list(rows.select_related("by").order_by("pk"))

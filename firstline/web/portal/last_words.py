"""The last thing that a person of the desk said to the requester about each of several requests. Three statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from firstline.people.models import Person
from firstline.tickets.models import Event, Kind, Ticket

LONGEST = 220  # characters shown on a list
_SAID = (Kind.WAITING, Kind.HELD, Kind.RESOLVED)


@dataclass(frozen=True)
class Said:
    """A sentence of somebody."""

    by: Person | None
    words: str
    at: datetime


def of(tickets: Iterable[Ticket]) -> dict[int, Said]:
    """By ticket number; nothing for a request that nobody has said anything about."""
    numbers = [ticket.pk for ticket in tickets]
    said = Q(kind__in=_SAID) | Q(kind=Kind.MESSAGE, message__by_agent=True)
    newest = (
        Event.objects.filter(said, ticket_id__in=numbers, public=True)
        .order_by()
        .values("ticket_id")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )
    events = Event.objects.filter(pk__in=list(newest)).select_related("by", "message")
    return {event.ticket_id: Said(event.by, words, event.happened_at) for event in events if (words := _words(event))}


def _words(event: Event) -> str:
    if event.kind == Kind.MESSAGE:
        words = event.message.reply_text or event.message.text
    else:
        words = str(event.data.get("reason") or event.data.get("how") or "")
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"

"""The hand-over card, filled in with what the ticket knows already, so that nobody asks the client twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstline.knowledge import suggest
from firstline.knowledge.suggest import Suggestion
from firstline.lines.box import State
from firstline.people.models import Person
from firstline.tickets.handover import Reason
from firstline.tickets.models import Event, Kind, Message, Ticket

LONGEST = 2000
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Card:
    symptom: str
    tried: str
    articles: list[Suggestion]
    impact: str
    reason: str


def of(person: Person | None, ticket: Ticket, *, state: State, at: datetime) -> Card:
    """Symptom from the first message, tried from notes, calls, workarounds and answers, the reason from how the box
    and the deadline stand."""
    symptom = _symptom(ticket)
    articles = suggest.for_text(person, f"{ticket.subject}\n{symptom}") if person is not None else []
    return Card(
        symptom[:LONGEST], tried_in(ticket)[-LONGEST:], articles, ticket.impact, _reason(ticket, articles, state, at)
    )


def in_short(ticket: Ticket) -> tuple[str, str]:
    """Symptom and what was tried, where nobody looks at the card before it goes."""
    return _symptom(ticket)[:LONGEST], tried_in(ticket)[-LONGEST:]


def _symptom(ticket: Ticket) -> str:
    first = Message.objects.filter(ticket=ticket, by_agent=False).order_by("id").first()
    return (first.reply_text or first.text if first else "").strip() or ticket.subject


def tried_in(ticket: Ticket) -> str:
    """What was done so far, in words that are there; where there are none, that is said."""
    said = Message.objects.filter(ticket=ticket, by_agent=True).order_by("id").values_list("public", "text")
    notes = [text.strip() for public, text in said if not public and text.strip()]
    ways = Event.objects.filter(ticket=ticket, kind=Kind.WORKAROUND).order_by("id").values_list("data", flat=True)
    notes += [str(data.get("how", "")).strip() for data in ways if data.get("how")]
    if not notes:  # without a note, what the client was told is what was tried
        notes = [text.strip() for public, text in said if public and text.strip()]
    return "\n\n".join(notes) or _("Nothing is noted yet.")


def _reason(ticket: Ticket, articles: list[Suggestion], state: State, at: datetime) -> str:
    if state in {State.FULL, State.OVER}:
        return Reason.TOO_LONG
    if ticket.due_at is not None and ticket.due_at - at < SOON:
        return Reason.WOULD_BE_LATE
    return Reason.TOO_COMPLEX if articles else Reason.NOT_IN_WIKI

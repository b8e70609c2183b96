"""Handing a ticket over to another line, up or down, with the card: never a status of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from firstline.people.models import Person, Team
from firstline.tickets.history import locked, record, whose
from firstline.tickets.models import Kind, Level, Status, Ticket
from firstline.tickets.refusals import WrongValue


class Reason(TextChoices):
    TOO_LONG = "too_long", _("Took too long")
    NOT_IN_WIKI = "not_in_wiki", _("Not in the knowledge base")
    WOULD_BE_LATE = "would_be_late", _("Would be late")
    ACCESS = "access", _("Access rights needed")
    VISIT = "visit", _("A visit is needed")
    TOO_COMPLEX = "too_complex", _("Too complex")


def hand_over(
    ticket: Ticket,
    *,
    to_line: int,
    symptom: str,
    tried: str,
    impact: str,
    reason: str,
    by: Person,
    at: datetime,
    articles: Sequence[str] = (),
    team: Team | None = None,
    seen: int | None = None,
) -> Ticket:
    """In progress, nobody's, on another line. Who handed it over stays in charge of the contact.

    `symptom` and `tried` are required: nobody asks the client twice. `articles` are slugs that were read.
    """
    if to_line not in {1, 2, 3}:
        raise WrongValue("to_line", "1, 2 or 3")
    if reason not in Reason.values:
        raise WrongValue("reason", f"one of {', '.join(Reason.values)}")
    if impact and impact not in Level.values:
        raise WrongValue("impact", f"one of {', '.join(Level.values)}")
    for field, words in (("symptom", symptom), ("tried", tried)):
        if not words.strip():
            raise WrongValue(field, "empty")
    with transaction.atomic():
        held = locked(ticket, deed="hand over", verb="hand-over", by=by, seen=seen)
        if to_line == held.line:
            raise WrongValue("to_line", "it is on this line already")
        was = whose(held)
        from_line, held.line = held.line, to_line
        held.team = team if team and team.line == to_line else Team.objects.filter(line=to_line).first()
        held.status, held.assignee, held.hold_until = Status.IN_PROGRESS, None, None
        held.contact_owner = by
        record(
            held, Kind.HANDED_OVER, by=by, at=at,
            from_line=from_line, to_line=to_line, team=held.team.slug if held.team else None,
            symptom=symptom.strip(), tried=tried.strip(), articles=list(articles), impact=impact, reason=reason,
            was=was,
        )  # fmt: skip
        return held

"""Handing a ticket over to another line, up or down, with the card: never a status of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from firstline.people.models import Person, Team
from firstline.tickets import queries
from firstline.tickets.history import locked, record, whose
from firstline.tickets.models import Event, Kind, Level, Status, Ticket
from firstline.tickets.refusals import WrongStatus, WrongValue

LONGEST_WHY = 2000


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
    by: Person | None,
    at: datetime,
    articles: Sequence[str] = (),
    team: Team | None = None,
    to: Person | None = None,
    seen: int | None = None,
) -> Ticket:
    """In progress, nobody's, on another line. Who handed it over stays in charge of the contact.

    `symptom` and `tried` are required: nobody asks the client twice. `articles` are slugs that were read. `to` is asked
    to take it, and it is his once he does. `by` None: the policy of a box; then who had it stays in charge.
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
        if to is not None:
            _must_be_able(to, to_line, held)
            team = to.team
        was = whose(held)
        from_line, held.line = held.line, to_line
        held.team = team if team and team.line == to_line else Team.objects.filter(line=to_line).first()
        held.contact_owner = by or held.assignee or held.contact_owner
        held.status, held.assignee, held.hold_until = Status.IN_PROGRESS, None, None
        record(
            held, Kind.HANDED_OVER, by=by, at=at,
            from_line=from_line, to_line=to_line, team=held.team.slug if held.team else None,
            symptom=symptom.strip(), tried=tried.strip(), articles=list(articles), impact=impact, reason=reason,
            to=to.login if to else None, contact=held.contact_owner.login if held.contact_owner else None, was=was,
        )  # fmt: skip
        return held


def send_back(ticket: Ticket, *, why: str, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """The receiver returns what was handed over, with a reason: to the line, the team and the person it came from.

    Raises WrongStatus where it was not handed over to the line on which it is.
    """
    words = why.replace("\x00", "").strip()[:LONGEST_WHY]
    with transaction.atomic():
        held = locked(ticket, deed="hand over", verb="return", by=by, seen=seen)
        card = open_card(held)
        if card is None:
            raise WrongStatus("return", held.status)
        if not words:
            raise WrongValue("why", "empty")
        then, was = card.data.get("was") or {}, whose(held)
        held.line = card.data["from_line"]
        held.team = Team.objects.filter(slug=then.get("team"), line=held.line).first()
        held.team = held.team or Team.objects.filter(line=held.line).first()
        held.status, held.hold_until = Status.IN_PROGRESS, None
        held.assignee = _who_had_it(card, then.get("assignee"))
        held.contact_owner = Person.objects.filter(login=then.get("contact")).first() if then.get("contact") else None
        bounces = held.events.filter(kind=Kind.RETURNED).count() + 1
        record(
            held, Kind.RETURNED, by=by, at=at, why=words, from_line=card.data["to_line"], to_line=held.line,
            team=held.team.slug if held.team else None, to=held.assignee.login if held.assignee else None,
            contact=held.contact_owner.login if held.contact_owner else None,
            bounces=bounces, handed_over=card.pk, was=was,
        )  # fmt: skip
        return held


def open_card(ticket: Ticket) -> Event | None:
    """The hand-over by which it came to its line, if it came so and was not returned."""
    moved = ticket.events.filter(kind__in=(Kind.HANDED_OVER, Kind.RETURNED)).order_by("-id").first()
    if moved is None or moved.kind != Kind.HANDED_OVER or moved.data.get("to_line") != ticket.line:
        return None
    return moved


def _who_had_it(card: Event, login: str | None) -> Person | None:
    found = Person.objects.filter(login=login).first() if login else card.by
    return found if found is not None and found.is_active and found.solves else None


def _must_be_able(to: Person, line: int, held: Ticket) -> None:
    if not (to.is_active and to.solves and to.line == line):
        raise WrongValue("to", "not somebody of this line")
    if not queries.sees(to, held):
        raise WrongValue("to", "does not see tickets of this client")

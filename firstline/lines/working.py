"""What a page says of a person's work, and what follows for the box of the line: one verb for both."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.lines import box_watch
from firstline.people.models import Person
from firstline.tickets.history import locked
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.worklog import timers, touch
from firstline.worklog.touch_models import Timer

GAPS = ("this", "other", "break")


def start(person: Person, ticket: Ticket, *, at: datetime) -> Timer:
    """By hand. Raises what `timers.start` raises."""
    with transaction.atomic():
        held = locked(ticket)
        timer = timers.start(person, held, at=at)
        box_watch.watch(held, at)
        return timer


def beat(person: Person, ticket: Ticket, *, at: datetime) -> Timer:
    """The page has his attention."""
    with transaction.atomic():
        held = locked(ticket)
        timer = timers.beat(person, held, at=at)
        if timer.touch is not None and timer.ticket_id == held.pk and timer.touch.started_at == timer.touch.ended_at:
            box_watch.watch(held, at)  # it begins here; while it goes on, the stay knows when to be looked at
        return timer


def answer_gap(person: Person, *, was: str, other: Ticket | None, at: datetime) -> None:
    """He says what he did: worked in `this` ticket, the timer's, or in the `other`, or had a `break`. What is added to
    a ticket counts for its box. Raises WrongValue."""
    if was not in GAPS:
        raise WrongValue("was", "this, other or break")
    if was == "other" and other is None:
        raise WrongValue("ticket", "empty")
    with transaction.atomic():
        known = timers.of(person) if was == "this" else None
        ticket = other if was == "other" else known.ticket if known is not None else None
        held = locked(ticket) if ticket is not None else None
        touch.answer_gap(person, ticket=held, at=at)
        if held is not None:
            box_watch.watch(held, at)

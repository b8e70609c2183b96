"""Remote sessions on the workplace of a ticket: begun by one click, ended by another, with the minutes between them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongValue

LONGEST = timedelta(hours=12)  # somebody forgot to end it


def start(ticket: Ticket, program: str, *, by: Person, at: datetime) -> Ticket:
    """He connects by that program, whose number stands at the ticket's equipment. One session a person and ticket: an
    earlier one ends. Raises WrongValue, NotAllowed, WrongStatus."""
    with transaction.atomic():
        held = locked(ticket, deed="remote session", verb="remote session", by=by)
        numbers = held.equipment.remote_ids if held.equipment else {}
        if program not in numbers:
            raise WrongValue("program", "not there")
        if (before := running(held, by)) is not None:
            _end(held, before, by, at)
        record(
            held, Kind.REMOTE_STARTED, by=by, at=at, program=program, number=numbers[program],
            equipment=held.equipment.slug if held.equipment else None,
        )  # fmt: skip
        return held


def end(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """The session that he began on this ticket is over. Raises WrongValue where there is none."""
    with transaction.atomic():
        held = locked(ticket, deed="remote session", by=by)
        begun = running(held, by)
        if begun is None:
            raise WrongValue("program", "no session")
        _end(held, begun, by, at)
        return held


def running(ticket: Ticket, person: Person) -> Event | None:
    """The session that he has begun on this ticket and not ended; one statement."""
    kinds = (Kind.REMOTE_STARTED, Kind.REMOTE_ENDED)
    last = Event.objects.filter(ticket=ticket, by=person, kind__in=kinds).order_by("-id").first()
    return last if last is not None and last.kind == Kind.REMOTE_STARTED else None


def _end(held: Ticket, begun: Event, by: Person, at: datetime) -> None:
    seconds = int(min(max(at - begun.happened_at, timedelta()), LONGEST).total_seconds())
    record(
        held, Kind.REMOTE_ENDED, by=by, at=at, program=begun.data["program"], started=begun.pk, seconds=seconds,
        equipment=begun.data.get("equipment"),
    )  # fmt: skip

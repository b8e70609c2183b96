"""The people that a notice may go to: only those who may see the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from firstline.people.models import Person
from firstline.tickets.models import Ticket
from firstline.tickets.who_sees import Desk

_known: ContextVar[Desk | None] = ContextVar("desk", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within it the desk is asked for once: for a short job that tells of many tickets."""
    token = _known.set(Desk())
    try:
        yield
    finally:
        _known.reset(token)


def desk() -> Desk:
    return _known.get() or Desk()


def clients_side(ticket: Ticket, *, participants: bool) -> list[Person]:
    """The requester, and who takes part beside him. A participant of the desk is told as an agent, not here."""
    people = {ticket.requester_id: ticket.requester}
    if participants:
        for part in ticket.participants.select_related("person"):
            people.setdefault(part.person_id, part.person)
    return [person for person in people.values() if person.is_active and not person.is_agent]

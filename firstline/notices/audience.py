"""The people that a notice may go to: only those who may see the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q, QuerySet

from firstline.lib import clock
from firstline.people import grants
from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE, SEES_ALL
from firstline.tickets.models import Ticket
from firstline.tickets.who_sees import Desk


def agents_who_see(ticket: Ticket) -> QuerySet[Person]:
    """People of the desk among whose tickets this one is: tickets.queries.visible_to asked the other way round
    (tests/notices/test_only_who_may_see_is_told.py holds the two together)."""
    people = Person.objects.filter(is_active=True)
    given = Q(pk__in=grants.reaching(clock.now(), ticket.client_id, ticket.line, ticket.tags).values("person"))
    if ticket.client_id is None:
        return people.filter(Q(role__in=DESK_SIDE) | given)
    in_scope = Person.scope.through.objects.filter(client_id=ticket.client_id).values("person_id")
    who = Q(role__in=SEES_ALL) | Q(scope_all=True) | Q(pk__in=in_scope)
    return people.filter((Q(role__in=DESK_SIDE) & who) | given)


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

"""The people that a notice may go to: only those who may see the ticket."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE, SEES_ALL
from firstline.tickets.models import Ticket


def agents_who_see(ticket: Ticket) -> QuerySet[Person]:
    """People of the desk among whose tickets this one is: tickets.queries.visible_to asked the other way round
    (tests/notices/test_only_who_may_see_is_told.py holds the two together)."""
    agents = Person.objects.filter(is_active=True, role__in=DESK_SIDE)
    if ticket.client_id is None:
        return agents
    in_scope = Person.scope.through.objects.filter(client_id=ticket.client_id).values("person_id")
    return agents.filter(Q(role__in=SEES_ALL) | Q(scope_all=True) | Q(pk__in=in_scope))


def clients_side(ticket: Ticket, *, participants: bool) -> list[Person]:
    """The requester, and who takes part beside him. A participant of the desk is told as an agent, not here."""
    people = {ticket.requester_id: ticket.requester}
    if participants:
        for part in ticket.participants.select_related("person"):
            people.setdefault(part.person_id, part.person)
    return [person for person in people.values() if person.is_active and not person.is_agent]

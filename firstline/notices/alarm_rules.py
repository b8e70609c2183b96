"""Who is told of a warning, a breach, a stage that used up its share: the people that the terms name, of those who may
see the ticket."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from firstline.notices.audience import agents_who_see
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.tickets.models import Event, Kind, Ticket

BREACH = ("assignee", "line_lead", "manager")
INNER = ("assignee", "line_lead")


def people_for(event: Event) -> QuerySet[Person]:
    """Each person once."""
    ticket = event.ticket
    concerned = Q(pk__in=())
    for who in _told(event):
        concerned |= _rule(who, ticket)
    return agents_who_see(ticket).filter(concerned).distinct()


def holders(ticket: Ticket) -> Q:
    """Who has it; where nobody has, the team in whose queue it lies, or everybody on the line."""
    if ticket.assignee_id:
        return Q(pk=ticket.assignee_id)
    return Q(team_id=ticket.team_id) if ticket.team_id else Q(team__line=ticket.line)


def _told(event: Event) -> tuple[str, ...]:
    if event.kind == Kind.SLA_BREACH:
        return BREACH
    if event.kind == Kind.INNER_TERM:
        return INNER
    return tuple(event.data.get("tell", ("assignee",)))


def _rule(who: str, ticket: Ticket) -> Q:
    if who == "assignee":
        return holders(ticket)
    if who == "line_lead":
        return Q(role=Role.LEAD, team__line__gte=ticket.line)
    if who == "manager":
        return Q(role=Role.MANAGER)
    return Q(role=Role.ACCOUNT_MANAGER)

"""Who is told of a warning, a breach, a stage that used up its share: the people that the terms name, and who wants to
hear of such things, of those who may see the ticket."""

from __future__ import annotations

from django.db.models import Q

from firstline.notices.audience import desk
from firstline.notices.telling import listens
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.tickets.models import Event, Kind, Ticket

BREACH = ("assignee", "line_lead", "manager")
INNER = ("assignee", "line_lead")


def people_for(event: Event) -> list[Person]:
    """Each person once. Of a rung: those that the ladder chose when it was said."""
    if event.kind == Kind.ESCALATED:
        chosen = set(event.data.get("told", ()))
        return [person for person in desk().who_see(event.ticket) if person.pk in chosen]
    ticket, told = event.ticket, _told(event)
    return [
        person
        for person in desk().who_see(ticket)
        if any(_is_meant(who, person, ticket) for who in told) or listens(person, ticket, str(event.kind))
    ]


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


def _is_meant(who: str, person: Person, ticket: Ticket) -> bool:
    line = person.team.line if person.team else 0
    if who == "assignee":  # or, where nobody has it, as in `holders`
        if ticket.assignee_id:
            return person.pk == ticket.assignee_id
        return person.team_id == ticket.team_id if ticket.team_id else line == ticket.line
    if who == "line_lead":
        return person.role == Role.LEAD and line >= ticket.line
    if who == "manager":
        return person.role == Role.MANAGER
    return person.role == Role.ACCOUNT_MANAGER

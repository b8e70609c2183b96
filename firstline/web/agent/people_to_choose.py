"""Who can get a ticket: the people who solve and see it, and the teams."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from firstline.people.models import Person, Team
from firstline.people.roles import SEES_ALL, SOLVERS
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import lines_directed
from firstline.tickets.refusals import WrongValue


def for_ticket(ticket: Ticket, by: Person) -> dict[str, Any]:
    """Those of the ticket's line first, then those with the least open tickets; only lines between which `by` may move
    it (to another it is handed over, with the card)."""
    lines = {ticket.line, *lines_directed(by)}
    load = Count("assigned", filter=Q(assigned__is_open=True))
    people = who_see(ticket).filter(Q(team__isnull=True) | Q(team__line__in=lines)).select_related("team")
    people = people.annotate(load=load).order_by("load", "name", "id")
    ordered = sorted(people, key=lambda person: person.line != ticket.line)
    return {"people": ordered, "teams": list(Team.objects.filter(line__in=lines))}


def who_see(ticket: Ticket) -> QuerySet[Person]:
    """The counterpart of queries.visible_to: whose scope has the ticket's client."""
    people = Person.objects.filter(is_active=True, role__in=SOLVERS)
    if ticket.client_id is None:
        return people
    scoped = Person.scope.through.objects.filter(client_id=ticket.client_id).values("person_id")
    return people.filter(Q(role__in=SEES_ALL) | Q(scope_all=True) | Q(pk__in=scoped))


def given(login: str, slug: str) -> tuple[Person | None, Team | None]:
    """The person and the team that a form names. Raises WrongValue."""
    person = Person.objects.select_related("team").filter(login=login).first() if login else None
    team = Team.objects.filter(slug=slug).first() if slug else None
    if login and person is None:
        raise WrongValue("assignee", "unknown")
    if slug and team is None:
        raise WrongValue("team", "unknown")
    return person, team

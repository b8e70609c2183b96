"""The people of the desk among whose tickets one is: `queries.visible_to` asked the other way round."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from firstline.lib import clock
from firstline.people import grants
from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE, SEES_ALL
from firstline.tickets.mentions import Colleague
from firstline.tickets.models import Ticket


def people_who_see(ticket: Ticket, roles: Collection[str] = DESK_SIDE) -> QuerySet[Person]:
    """Those of these roles (tests/notices/test_only_who_may_see_is_told.py holds it and `visible_to` together)."""
    people = Person.objects.filter(is_active=True)
    given = Q(pk__in=grants.reaching(clock.now(), ticket.client_id, ticket.line, ticket.tags).values("person"))
    if ticket.client_id is None:
        return people.filter(Q(role__in=roles) | given)
    in_scope = Person.scope.through.objects.filter(client_id=ticket.client_id).values("person_id")
    who = Q(role__in=SEES_ALL) | Q(scope_all=True) | Q(pk__in=in_scope)
    return people.filter((Q(role__in=roles) & who) | given)


class Desk:
    """The people of the desk as they are now, asked for once, for whoever has many tickets to tell of
    (tests/notices/test_only_who_may_see_is_told.py holds it and `visible_to` together)."""

    def __init__(self) -> None:
        agents = Person.objects.filter(is_active=True, role__in=DESK_SIDE).select_related("team")
        self._people = list(agents.order_by("pk"))
        scopes = Person.scope.through.objects.filter(person__in=agents).values_list("person_id", "client_id")
        self._scopes = frozenset(scopes)
        self._given = list(grants.in_force(clock.now()).select_related("person__team").prefetch_related("clients"))

    def who_see(self, ticket: Ticket) -> list[Person]:
        client = ticket.client_id
        seen = [
            person
            for person in self._people
            if client is None or person.role in SEES_ALL or person.scope_all or (person.pk, client) in self._scopes
        ]
        known = {person.pk for person in seen}
        return seen + [one.person for one in self._given if one.person.is_active and one.person_id not in known
                       and one.reaches(client, ticket.line, ticket.tags)]  # fmt: skip


def colleagues_on(ticket: Ticket) -> list[Colleague]:
    """Who of the desk can be named on it: who does not see it is nobody here."""
    return [Colleague(person.login, person.name) for person in Desk().who_see(ticket)]

"""Who can get a ticket: the people who solve and see it, and the teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language

from firstline.lib import clock
from firstline.people.models import Person, Team
from firstline.people.roles import SOLVERS
from firstline.roster.models import Level
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import lines_directed
from firstline.tickets.refusals import WrongValue
from firstline.tickets.who_sees import people_who_see
from firstline.web import here as web_here
from firstline.web.here import Here
from firstline.worklog import timers


def for_ticket(ticket: Ticket, by: Person) -> dict[str, Any]:
    """Those of the ticket's line first, then those with the least open tickets; only lines between which `by` may move
    it (to another it is handed over, with the card)."""
    lines = {ticket.line, *lines_directed(by)}
    load = Count("assigned", filter=Q(assigned__is_open=True))
    people = (
        people_who_see(ticket, SOLVERS).filter(Q(team__isnull=True) | Q(team__line__in=lines)).select_related("team")
    )
    people = people.annotate(load=load).order_by("load", "name", "id")
    found = web_here.of([person.pk for person in people], clock.now())
    for person in people:
        vars(person)["is_here"] = found[person.pk]
    ordered = sorted(people, key=lambda person: (person.line != ticket.line, not found[person.pk].may_get_work))
    return {"people": ordered, "teams": list(Team.objects.filter(line__in=lines))}


@dataclass(frozen=True)
class Free:
    """Somebody who could take it: how much he has, in what he works now, whether he is here, and what he knows."""

    person: Person
    load: int
    works_in: int | None
    here: Here
    skills: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        return self.here.may_get_work

    @property
    def is_free(self) -> bool:
        return self.works_in is None and self.is_here


def free(ticket: Ticket, at: datetime, *, line: int | None = None) -> list[Free]:
    """Who could take it, on one line or on all: who is here and works in nothing first, then who has least."""
    load = Count("assigned", filter=Q(assigned__is_open=True))
    people = people_who_see(ticket, SOLVERS).filter(team__isnull=False).select_related("team").annotate(load=load)
    found = list(people.filter(team__line=line) if line else people)
    ids = [one.pk for one in found]
    works, here, known = timers.running(ids), web_here.of(ids, at), _skills(ids)
    rows = [
        Free(
            one, vars(one)["load"], works[one.pk].ticket_id if one.pk in works else None, here[one.pk],
            known.get(one.pk, ()),
        )
        for one in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row.is_here, not row.is_free, row.load, row.person.name))


def _skills(ids: list[int]) -> dict[int, tuple[str, ...]]:
    """What each knows, best first, in the words of who chooses."""
    language = get_language()
    rows = Level.objects.filter(person__in=ids).select_related("skill").order_by("person", "-level", "skill__name")
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), row.skill.label(language))
    return found


def given(login: str, slug: str) -> tuple[Person | None, Team | None]:
    """The person and the team that a form names. Raises WrongValue."""
    person = Person.objects.select_related("team").filter(login=login).first() if login else None
    team = Team.objects.filter(slug=slug).first() if slug else None
    if login and person is None:
        raise WrongValue("assignee", "unknown")
    if slug and team is None:
        raise WrongValue("team", "unknown")
    return person, team

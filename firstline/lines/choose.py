"""Who gets a ticket that is dealt out: one of those who are here, see it, know it, and have room.

Whoever deals on a line holds its row of `Dealing` until his transaction ends, and counts after he has it: two workers
give nobody more than his cap, and nothing twice. Always the ticket first, then the line (no two wait for each other).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from firstline.lines import strategies
from firstline.lines.routing_models import Dealing, Share, Strategy
from firstline.lines.strategies import Candidate, Order, Wish
from firstline.people import grants
from firstline.people.models import Grant, Person, Team
from firstline.people.roles import SEES_ALL, SOLVERS
from firstline.roster import duty, skills
from firstline.roster.models import Skill
from firstline.tickets.models import Ticket

WEIGHING = frozenset({Strategy.LEAST_LOADED.value, Strategy.SKILL.value})  # whose order asks how much each one has
KNOWN_FOR = timedelta(days=14)
KNOWN_AT_MOST = 5


@dataclass(frozen=True)
class Wanted:
    """Where a ticket should go: a person, one of a team, or one of a line."""

    line: int
    team: Team | None = None
    person: Person | None = None
    strategy: str = Strategy.PULL
    skill: Skill | None = None
    level: int = 1
    sticks: bool = False

    @property
    def is_dealt(self) -> bool:
        """Whether somebody is to be named, and not only a queue."""
        return self.person is not None or self.strategy != Strategy.PULL


def hold(line: int) -> None:
    """Nobody else deals on this line until the transaction ends."""
    if connection.vendor == "sqlite":
        return  # whoever writes is alone from the first statement on (BEGIN IMMEDIATE)
    Dealing.objects.get_or_create(line=line)
    Dealing.objects.select_for_update().get(line=line)


def order_for(ticket: Ticket, wanted: Wanted, *, at: datetime) -> Order:
    """Who is asked, in which order; five statements at the most, however many people and tickets there are."""
    home = wanted.person.team.line if wanted.person is not None and wanted.person.team else wanted.line
    hold(home)
    skill = wanted.skill.slug if wanted.skill is not None else ""
    found = candidates(
        _asked(wanted, at), at=at, ticket=ticket, with_skills=bool(skill), weighed=wanted.strategy in WEIGHING
    )
    known = _known(ticket, at) if wanted.sticks else ()
    return strategies.in_order(found, Wish(wanted.strategy, skill, wanted.level, known))


def _asked(wanted: Wanted, at: datetime) -> QuerySet[Person]:
    """Those of the line or team; and who reinforces the line at this moment."""
    came = grants.in_force(at).filter(lines__contains=str(wanted.line)).values("person")
    people = Person.objects.filter(Q(role__in=SOLVERS) | Q(pk__in=came), is_active=True)
    if wanted.person is not None:
        return people.filter(pk=wanted.person.pk)
    if wanted.team is not None:
        return people.filter(team=wanted.team)
    return people.filter(Q(team__line=wanted.line) | Q(pk__in=came))


def candidates(
    people: QuerySet[Person],
    *,
    at: datetime,
    ticket: Ticket | None = None,
    with_skills: bool = False,
    weighed: bool = True,
) -> list[Candidate]:
    """Each with what he has and may; `ticket`: whether he sees it; `with_skills`: what he knows, too. Not `weighed`:
    only the work of those who have a cap is counted, which is never much more than their caps. For a ticket nobody's
    who is not here anyhow."""
    rows = list(
        people.order_by("pk")
        .annotate(in_scope=Exists(Person.scope.through.objects.filter(person=OuterRef("pk"), client=_client(ticket))))
        .annotate(given=Exists(_given(ticket, at).filter(person=OuterRef("pk"))))
        .values("pk", "role", "scope_all", "in_scope", "given", "share__most", "share__last")
    )
    ids = [row["pk"] for row in rows]
    here = who_is_here(at)
    asked = [row for row in rows if row["pk"] in here] if ticket is not None else rows
    work = work_of([row["pk"] for row in asked if weighed or row["share__most"] is not None])
    known = skills.of(ids) if with_skills else {}
    open_to_all = ticket is None or ticket.client_id is None
    return [
        Candidate(
            person=row["pk"],
            is_here=row["pk"] in here,
            sees=open_to_all or row["scope_all"] or row["in_scope"] or row["given"] or row["role"] in SEES_ALL,
            count=sum(count for _priority, _status, count in work[row["pk"]]),
            weight=strategies.weight_of(work[row["pk"]]),
            most=row["share__most"],
            last=row["share__last"] or 0,
            skills=known.get(row["pk"], {}),
        )
        for row in rows
    ]


def _given(ticket: Ticket | None, at: datetime) -> QuerySet[Grant]:
    if ticket is None:
        return grants.in_force(at)
    return grants.reaching(at, ticket.client_id, ticket.line, ticket.tags)


def _client(ticket: Ticket | None) -> int:
    return ticket.client_id or 0 if ticket is not None else 0


class Here:
    """Who counts as here: those on duty, or while no shifts are kept everybody who is not absent."""

    def __init__(self, on_duty: frozenset[int] | None, away: Mapping[int, datetime | None]) -> None:
        self._on_duty, self._away = on_duty, away

    def __contains__(self, person: int) -> bool:
        return person in self._on_duty if self._on_duty is not None else person not in self._away


def who_is_here(at: datetime) -> Here:
    """Two statements."""
    if duty.is_kept():
        return Here(duty.on_duty(at), {})
    return Here(None, duty.absent(at))


def work_of(people: list[int]) -> dict[int, list[tuple[int, str, int]]]:
    """The open tickets of each, as (priority, status, how many)."""
    found: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    if not people:
        return found
    rows = (
        Ticket.objects.filter(assignee__in=people, is_open__in=[True])
        .order_by()
        .values_list("assignee_id", "priority", "status")
        .annotate(n=Count("pk"))
    )
    for person, priority, status, count in rows:
        if person is not None:
            found[person].append((priority, status, count))
    return found


def _known(ticket: Ticket, at: datetime) -> tuple[int, ...]:
    """Who had this requester's last tickets, the newest first."""
    rows = Ticket.objects.filter(requester=ticket.requester_id, id__lt=ticket.pk).order_by("-id")
    recent = rows.values_list("assignee_id", "updated_at")[:KNOWN_AT_MOST]
    return tuple(person for person, moment in recent if person is not None and moment > at - KNOWN_FOR)


def remember(person: int, *, event: int) -> None:
    """He was given something: others come before him next time."""
    Share.objects.bulk_create(
        [Share(person_id=person, last=event)], update_conflicts=True, unique_fields=["person"], update_fields=["last"]
    )

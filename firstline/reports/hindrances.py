"""What stands in the way of work: tickets that nobody can be given, rules and ladders that cannot do what they say,
hours in which nobody is there. The board says it, so that nobody has to look for it on four pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from firstline.lib.periods import Period
from firstline.lines import ladder_rules, routing_rules
from firstline.lines.dealing import OURS
from firstline.lines.ladder_models import Ladder
from firstline.lines.routing import LINKED, MOST_RULES
from firstline.lines.routing_models import RoutingRule, Undealt, Unstaffed
from firstline.lines.strategies import ABSENT
from firstline.people.models import Person, Team
from firstline.people.roles import SOLVERS
from firstline.roster import week
from firstline.tickets.models import Ticket

AHEAD = timedelta(hours=24)
MOST = 30


class Waiting(NamedTuple):
    """Tickets of one queue that nobody can be given: how many, why not, the oldest since when. `team` None: of the
    whole line."""

    line: int
    team: Team | None
    why: str
    tickets: int
    since: datetime


@dataclass(frozen=True)
class Odd:
    """`of`: rule or ladder, `number` and `name` its own; `oddity` as its page has it, None where `problem` says what
    went wrong with it."""

    of: str
    number: int
    name: str
    oddity: routing_rules.Oddity | ladder_rules.Oddity | None = None
    problem: str = ""


def waiting(visible: QuerySet[Ticket] | None, lines: tuple[int, ...]) -> list[Waiting]:
    """One statement, one for the teams, one for queues without anybody. `visible` None: whoever looks sees all
    tickets."""
    rows = Undealt.objects.filter(line__in=lines)
    if visible is not None:
        rows = rows.filter(Exists(visible.filter(pk=OuterRef("ticket"))))
    groups = rows.values_list("line", "team", "why").annotate(Count("pk"), Min("since"))
    found = list(groups.order_by("line", "team", "why")[:MOST])
    teams = Team.objects.in_bulk({team for _line, team, *_rest in found if team}) if found else {}
    dealt = [Waiting(line, teams.get(team), why, count, since) for line, team, why, count, since in found]
    known = {(one.line, one.team.pk if one.team else None) for one in dealt if one.why == ABSENT}
    alone = Unstaffed.objects.filter(line__in=lines).select_related("team").order_by("queue")
    pulled = [
        Waiting(one.line, one.team, ABSENT, count, one.since)
        for one in alone
        if (one.line, one.team_id) not in known and (count := _seen(one, visible))
    ]
    return [*dealt, *pulled]


def _seen(one: Unstaffed, visible: QuerySet[Ticket] | None) -> int:
    """How much of it whoever looks may know of."""
    if visible is None:
        return one.waiting
    waiting = visible.filter(is_open__in=[True], line=one.line, team=one.team_id, assignee__isnull=True)
    return waiting.filter(status__in=OURS).count()


def odd() -> list[Odd]:
    """Of the rules and ladders that are on: what makes them never speak, or speak to nobody."""
    rules = list(RoutingRule.objects.filter(is_on=True).select_related(*LINKED).order_by("position", "id")[:MOST_RULES])
    ladders = list(Ladder.objects.filter(is_on=True).select_related("hours").order_by("position", "id"))
    found = [Odd("rule", row.pk, row.name, problem=row.problem) for row in rules if row.problem]
    found += [Odd("ladder", row.pk, row.name, problem=row.problem) for row in ladders if row.problem]
    of_rules, of_ladders = routing_rules.odd_of_all(rules), ladder_rules.odd_of_all(ladders)
    found += [Odd("rule", row.pk, row.name, one) for row in rules for one in of_rules.get(row.pk, ())]
    found += [Odd("ladder", row.pk, row.name, one) for row in ladders for one in of_ladders.get(row.pk, ())]
    return found


def closed() -> list[str]:
    """The names of those to whom no rule may give anything: their limit of open tickets is 0."""
    solving = Person.objects.filter(is_active=True, role__in=SOLVERS, share__most=0)
    return list(solving.order_by("name").values_list("name", flat=True))


def holes(at: datetime) -> list[week.Hole]:
    """Of the next day."""
    return week.holes_in(Period(at, at + AHEAD))

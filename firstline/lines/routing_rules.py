"""A routing rule as it is typed or stands in a file, what may be wrong with it, and what is odd about it among the
others. How rules are ordered, switched and taken away: tickets.ordered_rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from firstline.assets.models import Site
from firstline.audit import trail
from firstline.calendars.models import Calendar
from firstline.contracts.models import Category, Service
from firstline.lines import rules
from firstline.lines.routing import LINKED, as_rule
from firstline.lines.routing_models import RoutingRule, Share, Strategy
from firstline.lines.rules import NONE, Broken, Condition
from firstline.people.models import Client, Person, Team
from firstline.people.roles import SOLVERS
from firstline.roster.models import Level, Skill
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import Wrong, WrongRule, name_of
from firstline.tickets.refusals import WrongValue

MOST_LIMIT = 999

NAMES: dict[str, type[models.Model]] = {
    "client": Client, "service": Service, "category": Category, "site": Site, "skill": Skill, "calendar": Calendar,
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A rule as it is typed or stands in a file. `then`: line, team, person, strategy, skill, level, sticks.
    `may_have_left`: its person need not solve tickets any more; then the rule is odd, not wrong."""

    name: str
    conditions: Sequence[Condition]
    then: Mapping[str, Any]
    is_on: bool = True
    may_have_left: bool = False


def made_of(wanted: Wanted, row: RoutingRule | None = None) -> RoutingRule:
    """The row of it, not yet kept. Raises WrongRule with everything that is wrong."""
    found = [Wrong(f"conditions[{n}].{field}", problem) for n, field, problem in rules.problems(wanted.conditions)]
    if not found:
        found += unknown_names(wanted.conditions)
    name = name_of(wanted.name, found)
    then = {key: value for key, value in wanted.then.items() if value not in (None, "", False)}
    team = _named(Team, "slug", then, "team", found)
    person = _named(Person, "login", then, "person", found)
    skill = _named(Skill, "slug", then, "skill", found)
    found += _destination_problems(then, team, person, may_have_left=wanted.may_have_left)
    if found:
        raise WrongRule(found)
    made = row or RoutingRule()
    made.name, made.is_on = name, wanted.is_on
    made.conditions = [
        {"field": one.field, "values": list(one.values), "negated": one.negated} for one in wanted.conditions
    ]
    made.line, made.team, made.person, made.skill = then.get("line"), team, person, skill
    made.strategy, made.level = then.get("strategy", Strategy.PULL), then.get("level", 1)
    made.sticks = bool(then.get("sticks"))
    if lasting := rules.never(as_rule(made)):
        raise WrongRule([Wrong("conditions", f"never: {lasting}")])
    return made


def _named(model: Any, key: str, then: Mapping[str, Any], name: str, found: list[Wrong]) -> Any:
    if name not in then:
        return None
    row = model.objects.filter(**{key: then[name]}).first()
    if row is None:
        found.append(Wrong(name, "unknown"))
    return row


def _destination_problems(
    then: Mapping[str, Any], team: Team | None, person: Person | None, *, may_have_left: bool
) -> list[Wrong]:
    found = []
    if not any(then.get(name) for name in ("line", "team", "person")):
        found.append(Wrong("line", "a line, a team or a person is needed"))
    if then.get("line") not in (None, 1, 2, 3):
        found.append(Wrong("line", "1 to 3"))
    elif team is not None and then.get("line") not in (None, team.line):
        found.append(Wrong("line", "the team stands on another line"))
    if person is not None and not (may_have_left or (person.is_active and person.solves)):
        found.append(Wrong("person", "not somebody who solves tickets"))
    elif person is not None and person.team is None and team is None and not then.get("line"):
        found.append(Wrong("line", "a line is needed: the person has no team"))
    if then.get("strategy", Strategy.PULL) not in Strategy.values:
        found.append(Wrong("strategy", f"one of {', '.join(Strategy.values)}"))
    if then.get("level", 1) not in (1, 2, 3):
        found.append(Wrong("level", "1 to 3"))
    return found


def unknown_names(conditions: Sequence[Condition]) -> list[Wrong]:
    found = []
    for place, one in enumerate(conditions):
        model = NAMES.get(one.field)
        if model is None:
            continue
        wanted = set(one.values) - {NONE}
        known = set(model._default_manager.filter(slug__in=wanted).values_list("slug", flat=True))
        found += [Wrong(f"conditions[{place}].values", f"{slug}: unknown") for slug in sorted(wanted - known)]
    return found


# ---- what is said beside a rule before it is saved, and on the list --------------------------------


@dataclass(frozen=True)
class Oddity:
    """`kind`: never (`what`: the fact), shadowed (`what`: the rule above), full (`what`: people with a cap of 0),
    unskilled (`what`: the skill that nobody of them has), alone (nobody is in the team)."""

    kind: str
    what: str


class Takers:
    """Who solves tickets, who is given none, who knows what: three statements for all rules."""

    def __init__(self) -> None:
        people = Person.objects.filter(is_active=True, role__in=SOLVERS).select_related("team").order_by("name")
        self.people = list(people)
        self.closed = set(Share.objects.filter(most=0).values_list("person_id", flat=True))
        levels = Level.objects.values_list("person", "skill", "level")
        self.levels = {(person, skill): level for person, skill, level in levels}

    def of(self, row: RoutingRule) -> list[Person]:
        """Those whom the rule may choose from."""
        if row.person is not None:
            return [one for one in self.people if one.pk == row.person.pk]
        if row.team is not None:
            return [one for one in self.people if one.team_id == row.team.pk]
        return [one for one in self.people if one.team is not None and one.team.line == row.line]


def oddities(row: RoutingRule, above: Sequence[RoutingRule], takers: Takers | None = None) -> list[Oddity]:
    """What is odd about the rule, `above` being those that are on and stand over it. A rule that cannot be read is
    odd in another way (`problem`)."""
    found = []
    try:
        if lasting := rules.never(as_rule(row)):
            found.append(Oddity("never", lasting))
        elif over := rules.shadowed_by(as_rule(row), [as_rule(other) for other in above]):
            found.append(Oddity("shadowed", over.name))
    except Broken as broken:
        found.append(Oddity("broken", str(broken)))
    return found + _without_takers(row, takers or Takers())


def _without_takers(row: RoutingRule, takers: Takers) -> list[Oddity]:
    if row.person is None and row.strategy == Strategy.PULL:
        return []
    solving = takers.of(row)
    if not solving:
        return [Oddity("alone", "")]
    found = []
    if all(person.pk in takers.closed for person in solving):
        found.append(Oddity("full", ", ".join(person.name for person in solving)))
    skill = row.skill
    if skill is not None and all(takers.levels.get((one.pk, skill.pk), 0) < row.level for one in solving):
        found.append(Oddity("unskilled", skill.label()))
    return found


def odd_of_all(rows: Sequence[RoutingRule]) -> dict[int, list[Oddity]]:
    """Of each rule that is on, by its number."""
    on, takers = [row for row in rows if row.is_on], Takers()
    return {row.pk: found for place, row in enumerate(on) if (found := oddities(row, on[:place], takers))}


def above(row: RoutingRule) -> list[RoutingRule]:
    """The rules that are on and asked before this one."""
    rows = RoutingRule.objects.filter(is_on=True).select_related(*LINKED).order_by("position", "id")
    return list(rows.filter(Q(position__lt=row.position) | Q(position=row.position, pk__lt=row.pk)))


# ---- deeds -----------------------------------------------------------------------------------------


def keep(wanted: Wanted, *, by: str, at: datetime, row: RoutingRule | None = None, slug: str = "") -> RoutingRule:
    """The rule, kept; a new one stands last. `by` is the actor of the audit trail. Raises WrongRule."""
    return ordered_rules.keep(lambda: made_of(wanted, row), then=wanted.then, by=by, at=at, slug=slug)


def limit(wanted: Mapping[Person, int | None], *, by: str, at: datetime) -> None:
    """How many open tickets each of them is given at the most; None: no limit, 0: none. What is so already is left.
    Raises WrongValue."""
    if any(most is not None and not 0 <= most <= MOST_LIMIT for most in wanted.values()):
        raise WrongValue("most", f"0 to {MOST_LIMIT}")
    with transaction.atomic():
        kept = dict(Share.objects.filter(person__in=wanted).values_list("person_id", "most"))
        for person, most in wanted.items():
            if kept.get(person.pk) != most:
                Share.objects.update_or_create(person=person, defaults={"most": most})
                trail.note(at=at, actor=by, action="limit of open tickets", target=f"person:{person.pk}", most=most)

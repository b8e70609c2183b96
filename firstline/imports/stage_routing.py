"""Routing rules of an apply file, checked as the page checks them: those of the file stand first, in its order. And
what a category needs, and how much a person is given at the most."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.contracts.models import Category
from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.conditions import conditions_of
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result
from firstline.lines import routing, routing_rules
from firstline.lines.routing_models import RoutingRule, Share, SkillNeed
from firstline.lines.routing_rules import Wanted
from firstline.people.models import Person
from firstline.roster.models import Skill
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import WrongRule

_THEN = ("line", "team", "person", "strategy", "skill", "level", "sticks")


def put_rules(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile."""
    results = [Result("routing_rule", row["slug"], _put(row, f"routing_rule[{n}]", at)) for n, row in enumerate(rows)]
    if rows:
        ordered_rules.stand_first(RoutingRule, [row["slug"] for row in rows])
    return results


def _put(row: Row, path: str, at: datetime) -> str:
    kept = RoutingRule.objects.select_related(*routing.LINKED).filter(slug=row["slug"]).first()
    before = _said(kept) if kept else None
    try:
        made = routing_rules.made_of(_wanted(row, path), kept)
        if before is not None and _said(made) == before:
            return UNCHANGED
        routing_rules.keep(_wanted(row, path), by="apply", at=at, row=kept, slug=row["slug"])
    except WrongRule as wrong:
        raise WrongFile([f"{path}.{one.field}: {one.problem}" for one in wrong.found]) from wrong
    return CREATED if before is None else CHANGED


def _wanted(row: Row, path: str) -> Wanted:
    then = {key: row[key] for key in _THEN if key in row}
    return Wanted(row["name"], conditions_of(row, path), then, row.get("active", True), may_have_left=True)


def _said(row: RoutingRule) -> tuple[Any, ...]:
    return (
        routing.as_rule(row).conditions, row.name, row.is_on, row.line, row.team_id, row.person_id, row.strategy,
        row.skill_id, row.level, row.sticks,
    )  # fmt: skip


def put_needs(rows: list[Row], at: datetime) -> list[Result]:
    """What tickets of a category need: a skill from a level on."""
    results = []
    for number, row in enumerate(rows):
        skill = Skill.objects.filter(slug=row["skill"]).first()
        if skill is None:
            raise WrongFile([f"skill_need[{number}].skill: there is no {row['skill']!r}"])
        category = Category.objects.get(slug=row["category"])
        level = row.get("level", 1)
        kept = SkillNeed.objects.filter(category=category, skill=skill).first()
        if kept is not None and kept.level == level:
            result = UNCHANGED
        else:
            SkillNeed.objects.update_or_create(category=category, skill=skill, defaults={"level": level})
            result = CREATED if kept is None else CHANGED
        results.append(Result("skill_need", f"{row['category']} {row['skill']}", result))
    return results


def put_limits(rows: list[Row], at: datetime) -> list[Result]:
    """How many open tickets rules give a person at the most; without a number there is no limit."""
    results = []
    for number, row in enumerate(rows):
        most = row.get("most")
        if most is not None and not 0 <= most <= routing_rules.MOST_LIMIT:
            raise WrongFile([f"ticket_limit[{number}].most: 0 to {routing_rules.MOST_LIMIT}"])
        person = Person.objects.get(login=row["person"])
        before = Share.objects.filter(person=person).values_list("most", flat=True).first()
        result = UNCHANGED
        if before != most:
            routing_rules.limit({person: most}, by="apply", at=at)
            result = CREATED if before is None else CHANGED
        results.append(Result("ticket_limit", row["person"], result))
    return results

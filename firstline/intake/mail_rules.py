"""What an administrator does with the rules before registration: keep, order, switch, take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from firstline.audit import trail
from firstline.contracts.models import Category, Service
from firstline.intake import rules
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.people.models import Client, Team
from firstline.tickets.models import Type

LONGEST_NAME, LONGEST_TAG = 120, 40
LINKED: dict[str, type[Client] | type[Service] | type[Category] | type[Team]] = {
    "client": Client, "service": Service, "category": Category, "team": Team,
}  # fmt: skip


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with a rule: its field (`name`, `conditions[0].value` …) and what."""

    field: str
    problem: str


class WrongRule(Exception):
    def __init__(self, found: Sequence[Wrong]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.problem}" for one in found))
        self.found = list(found)


@dataclass(frozen=True)
class Wanted:
    """A rule as it is typed or stands in a file: `then` by the names of rules.SETS (slugs), and `outcome`."""

    name: str
    conditions: Sequence[Condition]
    then: Mapping[str, Any]
    any_of: bool = False
    goes_on: bool = False
    is_on: bool = True


def made_of(wanted: Wanted, row: MailRule | None = None) -> MailRule:
    """The row of it, not yet kept. Raises WrongRule with everything that is wrong."""
    found = [
        Wrong(f"conditions[{place}].{field}", problem) for place, field, problem in rules.problems(wanted.conditions)
    ]
    name = " ".join(wanted.name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        found.append(Wrong("name", f"longer than {LONGEST_NAME} characters" if name else "empty"))
    then = {key: value for key, value in wanted.then.items() if value not in (None, "")}
    values: dict[str, Any] = dict.fromkeys(LINKED)
    for key, model in LINKED.items():
        if key in then:
            values[key] = model._default_manager.filter(slug=then[key]).first()
            if values[key] is None:
                found.append(Wrong(key, "unknown"))
    if then.get("priority") is not None and then["priority"] not in (1, 2, 3, 4):
        found.append(Wrong("priority", "1 to 4"))
    if then.get("type", "") not in ("", *Type.values):
        found.append(Wrong("type", f"one of {', '.join(Type.values)}"))
    if len(then.get("tag", "")) > LONGEST_TAG:
        found.append(Wrong("tag", f"longer than {LONGEST_TAG} characters"))
    if then.get("outcome", "") not in ("", *rules.OUTCOMES):
        found.append(Wrong("outcome", f"one of {', '.join(rules.OUTCOMES)}"))
    if not then:
        found.append(Wrong("then", "empty"))
    if found:
        raise WrongRule(found)
    made = row or MailRule()
    made.name, made.conditions = name, [condition._asdict() for condition in wanted.conditions]
    made.any_of, made.goes_on, made.is_on = wanted.any_of, wanted.goes_on, wanted.is_on
    for key, value in values.items():
        setattr(made, key, value)
    made.priority, made.type = then.get("priority"), then.get("type", "")
    made.tag, made.outcome = " ".join(str(then.get("tag", "")).split()), then.get("outcome", "")
    return made


def keep(wanted: Wanted, *, by: str, at: datetime, row: MailRule | None = None, slug: str = "") -> MailRule:
    """The rule, kept; a new one stands last. `by` is the actor of the audit trail. Raises WrongRule."""
    with transaction.atomic():
        made = made_of(wanted, row)
        is_new = made.pk is None
        if is_new:
            made.slug = slug or _slug(made.name)
            made.position = (MailRule.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        made.changed_at, made.problem, made.problem_since = at, "", None
        made.save()
        trail.note(
            at=at, actor=by, action="rule made" if is_new else "rule changed", target=f"mail rule:{made.slug}",
            conditions=made.conditions, then={key: str(value) for key, value in wanted.then.items() if value},
            is_on=made.is_on,
        )  # fmt: skip
    return made


def move(row: MailRule, *, up: bool, by: str, at: datetime) -> None:
    """One place up or down; at the end of the list it stays."""
    with transaction.atomic():
        order = list(MailRule.objects.select_for_update().order_by("position", "id"))
        here = next(place for place, one in enumerate(order) if one.pk == row.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        for place, one in enumerate(order, start=1):
            if one.position != place:
                MailRule.objects.filter(pk=one.pk).update(position=place)
        trail.note(at=at, actor=by, action="rule moved", target=f"mail rule:{row.slug}", to=there + 1)


def switch(row: MailRule, *, on: bool, by: str, at: datetime) -> None:
    with transaction.atomic():
        MailRule.objects.filter(pk=row.pk).update(is_on=on, changed_at=at, problem="", problem_since=None)
        trail.note(at=at, actor=by, action="rule on" if on else "rule off", target=f"mail rule:{row.slug}")


def take_away(row: MailRule, *, by: str, at: datetime) -> None:
    """What it did stays on the tickets, with its name."""
    with transaction.atomic():
        MailRule.objects.filter(pk=row.pk).delete()
        trail.note(at=at, actor=by, action="rule taken away", target=f"mail rule:{row.slug}", name=row.name)


def _slug(name: str) -> str:
    start = slugify(name)[:50] or "rule"
    taken = set(MailRule.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    return next(
        slug for slug in (start, *(f"{start}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken
    )

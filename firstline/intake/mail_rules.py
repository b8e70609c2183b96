"""A rule before registration as it is typed or stands in a file, and what may be wrong with it. How rules are ordered,
switched and taken away: tickets.ordered_rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firstline.contracts.models import Category, Service
from firstline.intake import rules
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.people.models import Client, Team
from firstline.tickets import ordered_rules
from firstline.tickets.models import Type
from firstline.tickets.ordered_rules import Wrong, WrongRule, name_of

LONGEST_TAG = 40
LINKED: dict[str, type[Client] | type[Service] | type[Category] | type[Team]] = {
    "client": Client, "service": Service, "category": Category, "team": Team,
}  # fmt: skip


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
    name = name_of(wanted.name, found)
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
    return ordered_rules.keep(lambda: made_of(wanted, row), then=wanted.then, by=by, at=at, slug=slug)

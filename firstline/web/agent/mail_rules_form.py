"""The form of a rule: what a person typed, what is kept, and what an offer fills in, in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from firstline.intake import rules
from firstline.intake.mail_rules import Wanted
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.intake.ruling import as_rule, conditions_of

ROWS = 6
_PARTS = ("field", "test", "value", "header", "not")


def wanted(given: Mapping[str, str]) -> Wanted:
    """What the form says; empty rows of conditions are none."""
    conditions = []
    for place in range(rules.MOST_CONDITIONS):
        field, test, value, header, negated = (given.get(f"c{place}-{part}", "").strip() for part in _PARTS)
        # "auto=any" and "language=ru" are chosen whole: their values are no words to type.
        field, chosen, whole = field.partition("=")
        if chosen:
            test, value = "is", whole
        if test not in rules.TESTS.get(field, (test,)):
            test = rules.TESTS[field][0]
        if value or (header and field == "header"):
            conditions.append(Condition(field, test, value, header if field == "header" else "", negated == "1"))
    then: dict[str, Any] = {name: given.get(name, "").strip() for name in (*rules.SETS, "outcome")}
    then["priority"] = int(then["priority"]) if then["priority"].isascii() and then["priority"].isdigit() else None
    return Wanted(
        name=given.get("name", ""), conditions=conditions, then=then, any_of=given.get("any_of") == "1",
        goes_on=given.get("goes_on") == "1", is_on=given.get("is_on") == "1",
    )  # fmt: skip


def shown(asked: Wanted) -> dict[str, Any]:
    """The fields as the page draws them, with empty rows to go on."""
    rows = [_drawn(condition) for condition in asked.conditions]
    empty = _drawn(Condition("from", "contains", ""))
    count = min(rules.MOST_CONDITIONS, max(ROWS // 2, len(rows) + 1))
    rows += [dict(empty) for _place in range(count - len(rows))]
    return {
        "name": asked.name, "any_of": asked.any_of, "goes_on": asked.goes_on, "is_on": asked.is_on,
        "conditions": list(enumerate(rows)), "then": dict(asked.then),
    }  # fmt: skip


def _drawn(condition: Condition) -> dict[str, Any]:
    if condition.field in rules.CHOICES:
        return {**condition._asdict(), "field": f"{condition.field}={condition.value}", "value": ""}
    return condition._asdict()


def of_row(row: MailRule) -> Wanted:
    return Wanted(row.name, conditions_of(row), as_rule(row).then, row.any_of, row.goes_on, row.is_on)


def offered(given: QueryDict) -> Wanted:
    """A new rule, filled in by the address of the page: from=, outcome=, client=, name=."""
    sender = given.get("from", "").strip()[: rules.LONGEST_VALUE]
    conditions = [Condition("from", "is", sender)] if sender else []
    then = {name: given.get(name, "") for name in ("client", "outcome")}
    return Wanted(given.get("name", "")[:120] or sender, conditions, then)

"""Rules before registration of an apply file: checked as the page checks them; those of the file stand first, in its
order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.conditions import no_unknown
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result
from firstline.intake import mail_rules, rules, ruling
from firstline.intake.mail_rules import Wanted
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import WrongRule

_CONDITION = {"field", "test", "value", "header", "not"}


def put_rules(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile."""
    results = [Result("mail_rule", row["slug"], _put(row, f"mail_rule[{n}]", at)) for n, row in enumerate(rows)]
    if rows:
        ordered_rules.stand_first(MailRule, [row["slug"] for row in rows])
    return results


def _put(row: Row, path: str, at: datetime) -> str:
    kept = MailRule.objects.filter(slug=row["slug"]).first()
    before = _said(kept) if kept else None
    try:
        made = mail_rules.made_of(_wanted(row, path), kept)
        if before is not None and _said(made) == before:
            return UNCHANGED
        mail_rules.keep(_wanted(row, path), by="apply", at=at, row=kept, slug=row["slug"])
    except WrongRule as wrong:
        raise WrongFile([f"{path}.{one.field}: {one.problem}" for one in wrong.found]) from wrong
    return CREATED if before is None else CHANGED


def _wanted(row: Row, path: str) -> Wanted:
    conditions = []
    for number, given in enumerate(row["conditions"]):
        no_unknown(given, _CONDITION, f"{path}.conditions[{number}]")
        conditions.append(
            Condition(
                str(given.get("field", "")), str(given.get("test", "")), str(given.get("value", "")),
                str(given.get("header", "")), bool(given.get("not", False)),
            )
        )  # fmt: skip
    return Wanted(
        name=row["name"], conditions=conditions, then={key: row[key] for key in (*rules.SETS, "outcome") if key in row},
        any_of=row.get("any", False), goes_on=row.get("go_on", False), is_on=row.get("active", True),
    )  # fmt: skip


def _said(row: MailRule) -> tuple[Any, ...]:
    return ruling.as_rule(row), row.is_on

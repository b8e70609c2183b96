"""Escalation ladders of an apply file, checked as the page checks them: those of the file stand first, in its order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.conditions import conditions_of, no_unknown
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result
from firstline.lines import ladder, ladder_look, ladder_rules
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Ladder
from firstline.lines.ladder_rules import Wanted
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import WrongRule


def put_ladders(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile."""
    results = [Result("ladder", row["slug"], _put(row, f"ladder[{n}]", at)) for n, row in enumerate(rows)]
    if rows:
        ordered_rules.stand_first(Ladder, [row["slug"] for row in rows])
    return results


def _put(row: Row, path: str, at: datetime) -> str:
    kept = Ladder.objects.select_related("hours").filter(slug=row["slug"]).first()
    before = _said(kept) if kept else None
    wanted = _wanted(row, path)
    try:
        made = ladder_rules.made_of(wanted, kept)
        if before is not None and _said(made) == before:
            return UNCHANGED
        ladder_rules.keep(wanted, by="apply", at=at, row=kept, slug=row["slug"])
    except WrongRule as wrong:
        raise WrongFile([f"{path}.{one.field}: {one.problem}" for one in wrong.found]) from wrong
    return CREATED if before is None else CHANGED


def _wanted(row: Row, path: str) -> Wanted:
    return Wanted(
        row["name"], conditions_of(row, path),
        [_rung(given, f"{path}.rungs[{number}]") for number, given in enumerate(row["rungs"])],
        row.get("hours", ""), row.get("wait", ladder.WAIT), row.get("active", True), may_have_left=True,
    )  # fmt: skip


def _rung(given: dict[str, Any], path: str) -> Rung:
    no_unknown(given, Rung._fields, path)
    try:
        return ladder_look.rung_of(given)
    except (KeyError, TypeError, ValueError) as wrong:
        raise WrongFile([f"{path}: {wrong}"]) from wrong


def _said(row: Ladder) -> tuple[Any, ...]:
    return (row.name, row.is_on, row.conditions, row.rungs, row.hours_id, row.wait)

"""Targets as people read them: a line for each metric and whom it is for, a cell for each priority. Pure: no Django.

A line joins the targets that say the same in all but priority, minutes and goal. `lines` and `rows` are each other's
opposites: nothing is lost on the way to the page and back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firstline.contracts.targets import Target, most_specific
from firstline.contracts.terms_shape import METRICS

PRIORITIES: tuple[int | None, ...] = (None, 1, 2, 3, 4)


@dataclass
class Line:
    """`cells` are minutes, `goals` promised shares, both by priority; None is any priority."""

    metric: str
    type: str = ""
    service: str = ""
    calendar: str = ""
    warnings: list[dict[str, Any]] = field(default_factory=list)
    cells: dict[int | None, int] = field(default_factory=dict)
    goals: dict[int | None, str] = field(default_factory=dict)


def lines(targets: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of a version's `target` rows (terms_shape), the general before the special, in the order of METRICS."""
    found: dict[str, Line] = {}
    for row in targets:
        line = Line(
            row["metric"], row.get("type") or "", row.get("service") or "", row.get("calendar") or "",
            list(row.get("warnings") or ()),
        )  # fmt: skip
        key = json.dumps([line.metric, line.type, line.service, line.calendar, line.warnings], sort_keys=True)
        kept = found.setdefault(key, line)
        kept.cells[row.get("priority")] = row["minutes"]
        if row.get("goal"):
            kept.goals[row.get("priority")] = row["goal"]
    return sorted(found.values(), key=_order)


def rows(of: Iterable[Line]) -> list[dict[str, Any]]:
    """The targets that the lines say, as `target` rows."""
    found = []
    for line in of:
        for priority, minutes in line.cells.items():
            row = {
                "metric": line.metric, "minutes": minutes, "priority": priority, "type": line.type,
                "service": line.service, "calendar": line.calendar, "goal": line.goals.get(priority),
                "warnings": line.warnings,
            }  # fmt: skip
            found.append({key: value for key, value in row.items() if value})
    return found


def winner(
    targets: Iterable[Mapping[str, Any]], *, metric: str, priority: int, type: str, service: str
) -> Mapping[str, Any] | None:
    """The row that holds for such a ticket (contracts.targets); None where nothing is promised."""
    known = {
        Target(row["metric"], row["minutes"], row.get("priority"), row.get("type"), row.get("service")): row
        for row in targets
    }
    found = most_specific(known, metric=metric, priority=priority, type=type or None, service=service or None)
    return None if found is None else known[found]


def _order(line: Line) -> tuple[int, int, str, str, str]:
    return METRICS.index(line.metric), bool(line.type) + bool(line.service), line.service, line.type, line.calendar

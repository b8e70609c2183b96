"""What is different between two terms (terms_shape), row by row, for people to read. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from firstline.contracts.terms_shape import LISTS, NAMED, USUAL, USUAL_IN, canonical

# What tells the rows of a list apart; rows that have the same are told apart by their order.
IDENTITY: Mapping[str, tuple[str, ...]] = {
    "target": ("metric", "priority", "type", "service"),
    "pause_reason": ("slug",),
    "inner_term": ("stage",),
    "duty": ("slug",),
    "indicator": ("kind", "metric", "service"),
    "penalty": ("kind", "metric"),
    "hours": ("period",),
}


@dataclass(frozen=True)
class Change:
    """One difference. `table` "" is the version itself; `of` is the row it is in, as it is now (or was, where it is
    gone). A whole row that was added or removed has no `key`; of a list of slugs `was` and `now` are those that went
    and those that came."""

    table: str
    key: str
    was: Any
    now: Any
    of: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return bool(self.table) and not self.key and self.was is None

    @property
    def is_gone(self) -> bool:
        return bool(self.table) and not self.key and self.now is None


def between(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """Every difference, the version's own first; nothing exactly where the terms are the same."""
    old, new = canonical(was), canonical(now)
    changes = [
        change
        for key in dict.fromkeys([*old, *new])
        if key not in LISTS
        for change in _of_key(key, old.get(key, USUAL.get(key)), new.get(key, USUAL.get(key)))
    ]
    for table in LISTS:
        changes += _of_list(table, old.get(table, ()), new.get(table, ()))
    return changes


def _of_key(key: str, was: Any, now: Any) -> list[Change]:
    if was == now:
        return []
    if key in NAMED:
        before, after = set(was or ()), set(now or ())
        return [Change("", key, sorted(before - after), sorted(after - before))]
    return [Change("", key, was, now)]


def _of_list(table: str, was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Change]:
    before, after = _known(table, was), _known(table, now)
    usual = USUAL_IN.get(table, {})
    changes = []
    for identity in dict.fromkeys([*before, *after]):
        old, new = before.get(identity), after.get(identity)
        if old is None or new is None:
            changes.append(Change(table, "", old, new, new or old or {}))
            continue
        changes += [
            Change(table, key, old.get(key, usual.get(key)), new.get(key, usual.get(key)), new)
            for key in dict.fromkeys([*old, *new])
            if old.get(key, usual.get(key)) != new.get(key, usual.get(key))
        ]
    if not changes and list(was) != list(now):
        changes.append(Change(table, "order", None, None))
    return changes


def _known(table: str, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        names = tuple(row.get(name) for name in IDENTITY[table])
        number = 0
        while (*names, number) in found:
            number += 1
        found[*names, number] = row
    return found

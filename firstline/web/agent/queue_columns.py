"""The columns of the queue: how each is called, what it needs of a row, and the list from which they are chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from firstline.lib.language import picked
from firstline.people.queue_columns import COLUMNS, DEFAULT, chosen, moved
from firstline.tickets.models import Type

# Of each: its words, the class of its cells (their place on a phone), the class of its width, and that width in rem.
LOOKS: dict[str, tuple[str | Promise, str, str, float]] = {
    "priority": (gettext_lazy("Priority"), "x-pr", "c-pr", 2.6),
    "number": (gettext_lazy("Number"), "x-id", "c-id", 4.5),
    "status": (gettext_lazy("Status"), "x-st", "c-st", 1.75),
    "subject": (gettext_lazy("Subject"), "x-sj", "", 18),
    "client": (gettext_lazy("Client"), "x-cl", "c-cl", 11.75),
    "line": (gettext_lazy("Line"), "x-tier", "c-tier", 3),
    "due": (gettext_lazy("Due"), "x-sla", "c-sla", 13.5),
    "assignee": (gettext_lazy("Assignee"), "x-as", "c-as", 2.5),
    "updated": (gettext_lazy("Updated"), "x-up", "c-up", 6),
    "requester": (gettext_lazy("Requester"), "x-more", "c-more", 8.5),
    "type": (gettext_lazy("Type"), "x-more", "c-more", 8.5),
    "service": (gettext_lazy("Service"), "x-more", "c-more", 8.5),
    "category": (gettext_lazy("Category"), "x-more", "c-more", 8.5),
    "team": (gettext_lazy("Team"), "x-more", "c-more", 8.5),
    "created": (gettext_lazy("Created"), "x-more", "c-up", 6),
}
NAMED = ("service", "category", "team")  # those with a name in several languages
TICK, STEP, FIRST, LAST = 2.25, 10, 70, 120  # the classes of a table that is wider than the usual one, in rem


@dataclass(frozen=True)
class Column:
    name: str
    words: str
    cell: str
    width: str
    shown: bool


@dataclass(frozen=True)
class Columns:
    """`shown` in their order; `offered`: those first, then the others. On a phone a card has its own cells whatever is
    chosen, so that those which everybody has are always in the page (`hidden`: not in the table)."""

    shown: tuple[Column, ...]
    offered: tuple[Column, ...]
    cells: tuple[str, ...]
    hidden: tuple[str, ...]
    is_own: bool

    @property
    def span(self) -> int:
        return len(self.shown) + 1

    @property
    def room(self) -> str:
        """The class of a table that is wider than the usual one, so that the subject is never squeezed."""
        needed = TICK + sum(LOOKS[column.name][3] for column in self.shown)
        if needed <= TICK + sum(LOOKS[name][3] for name in DEFAULT):
            return ""
        return f"q-w{max(FIRST, min(LAST, math.ceil(needed / STEP) * STEP))}"


def of(names: Sequence[str]) -> Columns:
    return _of(tuple(names), get_language())


@lru_cache(maxsize=256)
def _of(names: tuple[str, ...], language: str | None) -> Columns:
    """In the language of the page, which is the key."""
    rest = [name for name in COLUMNS if name not in names]
    off = [name for name in rest if name in DEFAULT]
    made = tuple(_column(name, True) for name in names)
    return Columns(
        made, made + tuple(_column(name, False) for name in rest), (*names, *off),
        tuple(f"no-{LOOKS[name][1]}" for name in off),
        names != DEFAULT,
    )  # fmt: skip


def needed(names: Sequence[str]) -> tuple[str, ...]:
    """What a row must bring along for columns that not everybody has."""
    fields: dict[str, tuple[str, ...]] = {"type": ("type",), "created": ("created_at",)}
    fields |= {name: (f"{name}__name", f"{name}__names") for name in NAMED}
    return tuple(field for name in names for field in fields.get(name, ()))


def more(names: Sequence[str], row: Mapping[str, Any], language: str | None) -> dict[str, str]:
    """The words of those columns for one row."""
    said: dict[str, str] = {}
    for name in names:
        if name in NAMED:
            said[name] = picked(row[f"{name}__names"] or {}, row[f"{name}__name"] or "", language)
        elif name == "type":
            said[name] = str(Type(row["type"]).label)
        elif name == "requester":
            said[name] = row["requester__name"] or ""
    return said


def _column(name: str, shown: bool) -> Column:
    words, cell, width, _rem = LOOKS[name]
    return Column(name, str(words), cell, width, shown)


__all__ = ["DEFAULT", "Column", "Columns", "chosen", "more", "moved", "needed", "of"]

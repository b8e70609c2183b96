"""What every field of a ticket was, from its events alone: who changed it, when, from what to what.

Values in, values out. An event that says how a field stood before (`was`) puts right what an older one had not said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = (
    "status", "priority", "line", "team", "assignee", "contact", "hold_until", "type", "impact", "urgency", "service",
    "category", "client", "requester", "contract", "equipment", "subject", "tags",
)  # fmt: skip
_AT_FIRST = ("type", "priority", "service", "client", "contract", "line", "team", "equipment")
_IN_PROGRESS = {"taken", "handed_over", "returned", "resumed", "reopened"}
_STATUS = {
    **dict.fromkeys(_IN_PROGRESS, "in_progress"),
    "held": "on_hold", "resolved": "resolved", "confirmed": "closed", "closed": "closed", "cancelled": "cancelled",
    "merged": "cancelled",
}  # fmt: skip
_WHOSE = ("assignee", "team", "line", "contact")
_MOVES = frozenset({"taken", "assigned", "routed", "handed_over", "returned", "given_back"})
# The events that may change a field.
KINDS = frozenset(_STATUS) | _MOVES | {"created", "waiting", "unmerged", "changed"}


@dataclass(frozen=True)
class Happened:
    """An event as far as fields go: its number, kind and data, and the login of who did it."""

    number: int
    kind: str
    data: Mapping[str, Any]
    by: str | None = None


@dataclass(frozen=True)
class Step:
    """One field went from `old` to `new` by the event of that number."""

    field: str
    old: Any
    new: Any
    number: int


def steps(events: Iterable[Happened]) -> list[Step]:
    """Every change of every field, in the order of the events; how it began is no change."""
    return _read(events)[0]


def now(events: Iterable[Happened]) -> dict[str, Any]:
    """What the fields are after these events, as far as events tell."""
    return _read(events)[1]


def _read(events: Iterable[Happened]) -> tuple[list[Step], dict[str, Any]]:
    made: list[Step] = []
    state: dict[str, Any] = {}
    before_merge = "new"
    for event in events:
        was = event.data.get("was")
        if event.kind in _MOVES and isinstance(was, Mapping):
            state |= {name: was[name] for name in _WHOSE if name in was}
        if event.kind == "changed":
            state |= {name: step.get("from") for name, step in event.data.get("changed", {}).items()}
        new = _after(event, state, before_merge)
        if event.kind == "merged" and isinstance(was, Mapping):
            before_merge = was.get("status", before_merge)
        if event.kind != "created":
            made += [
                Step(name, state.get(name), value, event.number)
                for name, value in new.items()
                if state.get(name) != value and name in FIELDS
            ]
        state |= new
    return made, state


def _after(event: Happened, state: Mapping[str, Any], before_merge: str) -> dict[str, Any]:
    """The fields that the event sets."""
    data, kind = event.data, event.kind
    if kind == "created":
        return {"status": "new", "assignee": None, **{name: data.get(name) for name in _AT_FIRST}}
    if kind == "changed":
        return {name: step.get("to") for name, step in data.get("changed", {}).items()}
    if kind == "waiting":
        return {"status": f"waiting_for_{data.get('for', 'client')}", "hold_until": None}
    if kind == "unmerged":
        return {"status": before_merge}
    new: dict[str, Any] = {"status": _STATUS[kind]} if kind in _STATUS else {}
    if new:
        new["hold_until"] = data.get("until") if kind == "held" else None
    if kind in _MOVES:
        new |= _moved(event)
    if kind == "resolved" and state.get("assignee") is None:
        new["assignee"] = event.by
    return new


def _moved(event: Happened) -> dict[str, Any]:
    data = event.data
    new = {name: data[name] for name in _WHOSE if name in data}
    if event.kind in {"handed_over", "returned"}:
        new |= {"line": data.get("to_line"), "assignee": data.get("to") if event.kind == "returned" else None}
    return new

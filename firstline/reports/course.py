"""Where a ticket stands after each of its events, and what that moved through its line. Pure: no Django, no clock.

The board's flows are made of this, event by event, and a recount is the same fold over the whole history. An event says
by its data where the ticket is now (`to_line` or `line`) and whose it is (`assignee`); a kind that came later and says
so needs nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

DONE_BY = frozenset({"resolved", "confirmed", "closed", "cancelled", "merged"})
OPENED_BY = frozenset({"created", "reopened"})
MOVES = ("came", "reopened", "in", "solved", "ended", "out")  # the first three lead into a line, the others out of it
INTO = frozenset(MOVES[:3])


class Happened(NamedTuple):
    """An event as it matters here. `by` is a login; `asks`: the words are of who asks, even if he works at the desk."""

    kind: str
    at: datetime
    data: Mapping[str, Any]
    by: str | None = None
    public: bool = False
    asks: bool = False


@dataclass(frozen=True)
class Stand:
    """`unanswered_since`: the oldest word of the client's side that nobody has answered. `was_open`: before a merge."""

    is_open: bool
    line: int
    line_since: datetime
    assignee: str | None = None
    unanswered_since: datetime | None = None
    was_open: bool = True


class Move(NamedTuple):
    line: int
    what: str


def after(stand: Stand | None, event: Happened) -> Stand:
    """The stand after the event. A history that does not begin with `created` begins where its first event says."""
    line = _line_of(event.data)
    if stand is None:
        waits = event.kind == "created" and not event.data.get("answered")
        return Stand(
            event.kind not in DONE_BY, line or 1, event.at, event.data.get("assignee"), event.at if waits else None
        )
    now = stand
    if line is not None and line != stand.line:
        now = replace(now, line=line, line_since=event.at)
    if event.kind == "taken":
        now = replace(now, assignee=event.by)
    elif "assignee" in event.data:
        now = replace(now, assignee=event.data["assignee"])
    elif event.kind == "returned":
        now = replace(now, assignee=event.data.get("to"))
    elif event.kind == "handed_over":
        now = replace(now, assignee=None)
    elif event.kind == "resolved" and now.assignee is None:
        now = replace(now, assignee=event.by)
    now = _opened_or_done(now, event)
    return replace(now, unanswered_since=_unanswered(now, event))


def moves(before: Stand | None, now: Stand, event: Happened) -> list[Move]:
    """What came into a line and left one by this event."""
    if before is None:
        return [Move(now.line, "came")] if now.is_open else []
    if before.is_open and now.is_open and before.line != now.line:
        return [Move(before.line, "out"), Move(now.line, "in")]
    if before.is_open and not now.is_open:
        return [Move(before.line, "solved" if event.kind == "resolved" else "ended")]
    if now.is_open and not before.is_open:
        return [Move(now.line, "reopened")]
    return []


def _opened_or_done(stand: Stand, event: Happened) -> Stand:
    if event.kind == "unmerged":
        return replace(stand, is_open=stand.was_open, line_since=event.at if stand.was_open else stand.line_since)
    if event.kind in DONE_BY:
        return replace(stand, is_open=False, was_open=stand.is_open)
    if event.kind in OPENED_BY and not stand.is_open:
        return replace(stand, is_open=True, line_since=event.at)
    return stand


def _unanswered(stand: Stand, event: Happened) -> datetime | None:
    if not stand.is_open or event.kind == "called":
        return None
    if event.kind == "message" and event.public:
        if event.data.get("by_agent") and not event.asks:
            return None
        return stand.unanswered_since or event.at
    return stand.unanswered_since


def _line_of(data: Mapping[str, Any]) -> int | None:
    found = data.get("to_line", data.get("line"))
    return found if found in (1, 2, 3) else None

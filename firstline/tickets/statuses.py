"""Which verb leads from which status to which: product.md's table as values. Pure."""

from __future__ import annotations

NEW = "new"
IN_PROGRESS = "in_progress"
WAITING_FOR_CLIENT = "waiting_for_client"
WAITING_FOR_VENDOR = "waiting_for_vendor"
ON_HOLD = "on_hold"
RESOLVED = "resolved"
CLOSED = "closed"
CANCELLED = "cancelled"

ALL = (NEW, IN_PROGRESS, WAITING_FOR_CLIENT, WAITING_FOR_VENDOR, ON_HOLD, RESOLVED, CLOSED, CANCELLED)
DONE = frozenset({RESOLVED, CLOSED, CANCELLED})
OPEN = frozenset(ALL) - DONE
PAUSED = frozenset({WAITING_FOR_CLIENT, WAITING_FOR_VENDOR, ON_HOLD})

# verb: the statuses it may start from. "reopening" from closed also needs the window (lifecycle.reopen).
FROM: dict[str, frozenset[str]] = {
    "take": OPEN,
    "assignment": OPEN,
    "hand-over": OPEN,
    "return": OPEN,
    "invitation": OPEN,
    "box-extension": OPEN,
    "wait": frozenset({NEW, IN_PROGRESS}),
    "hold": frozenset({NEW, IN_PROGRESS}),
    "resume": PAUSED,
    "remote session": OPEN,
    "tick": OPEN,
    "workaround": OPEN,
    "arrival": OPEN,
    "no-visit": OPEN,
    "resolution": OPEN,
    "confirmation": frozenset({RESOLVED}),
    "reopening": frozenset({RESOLVED, CLOSED}),
    "cancellation": OPEN,
    "rating": frozenset({RESOLVED, CLOSED}),
    "closing": frozenset({RESOLVED}),
    "merge": OPEN | {RESOLVED},  # of both: what goes, and what it goes into
    "closing unanswered": frozenset({WAITING_FOR_CLIENT}),
}
# The requester's answer moves a ticket from these into work (from closed only within the window).
ANSWER_MOVES = frozenset({WAITING_FOR_CLIENT, ON_HOLD, RESOLVED, CLOSED})


def allows(verb: str, status: str) -> bool:
    """Whether the verb may start from the status."""
    return status in FROM[verb]

"""Computing clocks again from the history and holding them against what is kept: nothing may differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from firstline.sla import clocks
from firstline.sla.models import Clock
from firstline.tickets.models import Ticket

COMPARED = (
    "target_minutes",
    "calendar",
    "state",
    "is_over",
    "started_at",
    "due_at",
    "warn_at",
    "consumed_seconds",
    "verdict_at",
)


def differences(ticket: Ticket) -> Iterator[dict[str, Any]]:
    """One row a difference: ticket, metric, field, kept, computed. The reading is of the moment that the row is of,
    as known at the ticket's newest event."""
    kept = {clock.metric: clock for clock in ticket.clocks.all()}
    for metric, clock in kept.items():
        then = clocks.read(ticket, at=clock.read_at, known_at=ticket.version, hours_known_at=clocks.judged_at(clock))
        reading = next((one for one in then if one.metric == metric), None)
        if reading is None:
            yield {"ticket": ticket.number, "metric": metric, "field": "clock", "kept": clock.state, "computed": None}
            continue
        again = clocks.keep(
            Clock(ticket=ticket, metric=metric, recorded_at=clock.recorded_at, warned_at=clock.warned_at), reading
        )
        for field in COMPARED:
            was, now = getattr(clock, field), getattr(again, field)
            if was != now:
                yield {
                    "ticket": ticket.number,
                    "metric": metric,
                    "field": field,
                    "kept": str(was),
                    "computed": str(now),
                }

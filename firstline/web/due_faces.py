"""The clock that a row of a list shows: what is due first; where none runs, the solution's that stands still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField

from firstline.contracts.models import Metric
from firstline.contracts.terms import FAR_AHEAD
from firstline.lib.asked_often import Among, Question
from firstline.sla.models import Clock, ClockState
from firstline.web import clock_faces

COLUMNS = (
    "ticket_id", "metric", "state", "is_over", "target_minutes", "consumed_seconds", "started_at", "due_at", "warn_at",
)  # fmt: skip
_THAT_GO_ON = Question(
    lambda: Clock.objects.filter(ticket__in=Among("tickets", BigIntegerField()), is_over=False).values(*COLUMNS)
)


def of(ids: Iterable[int], at: datetime) -> dict[int, clock_faces.Face]:
    """The face for each of these tickets, in one statement."""
    best: dict[int, dict[str, Any]] = {}
    for row in _THAT_GO_ON.all(tickets=ids):
        known = best.get(row["ticket_id"])
        if known is None or _rank(row) < _rank(known):
            best[row["ticket_id"]] = row
    return {ticket: clock_faces.face(row, at) for ticket, row in best.items()}


def _rank(row: dict[str, Any]) -> tuple[bool, datetime, bool]:
    stopped = row["state"] == ClockState.PAUSED or row["due_at"] is None
    return stopped, row["due_at"] or FAR_AHEAD, row["metric"] != Metric.RESOLUTION

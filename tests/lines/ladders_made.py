"""Ladders for tests, made as the page makes them; the worker's looks at given moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from firstline.lines import ladder_rules, ladder_watch
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Ladder
from firstline.sla import breaches
from firstline.tickets.models import Event, Kind, Ticket
from tests import cast


def ladder(*rungs: Rung, at: datetime = cast.MONDAY_NINE - timedelta(hours=1), **wanted: Any) -> Ladder:
    given = {"name": "Managers", "conditions": (), **wanted}
    return ladder_rules.keep(ladder_rules.Wanted(rungs=rungs, **given), by="test", at=at)


def clock(share: int, *tell: str, metric: str = "resolution", **more: Any) -> Rung:
    return Rung("clock", share, metric, tell or ("manager",), **more)


def looks(minutes: float) -> None:
    """What the worker does at so many minutes after nine, until nothing is due."""
    at = cast.MONDAY_NINE + timedelta(minutes=minutes)
    while breaches.record_due(at=at) or ladder_watch.climb(at):
        pass


def said(ticket: Ticket) -> list[tuple[str, int, list[str]]]:
    """(what, mark, names) of each time superiors were told, in order."""
    events = Event.objects.filter(ticket=ticket, kind=Kind.ESCALATED).order_by("pk")
    return [(one.data["what"], one.data["mark"], one.data["names"]) for one in events]

"""The visit that a contract promises turns out not to be needed: its clock ends, and the history says why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.contracts.models import Metric
from firstline.people.models import Person
from firstline.sla.models import Clock
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import WrongValue

LONGEST_WHY = 2000


def owed(ticket: Ticket) -> bool:
    """Whether somebody of ours still is expected on site."""
    return Clock.objects.filter(ticket=ticket, metric=Metric.ON_SITE, is_past=False, is_over=False).exists()


def not_needed(ticket: Ticket, *, why: str, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """The on-site clock ends without a verdict; a breach before that stays.

    Raises NotAllowed, WrongStatus on a ticket that is over, WrongValue ("why" is empty, "visit" where none is owed),
    ChangedSince.
    """
    words = why.replace("\x00", "").strip()[:LONGEST_WHY]
    if not words:
        raise WrongValue("why", "empty")
    with transaction.atomic():
        held = locked(ticket, deed="arrive", verb="no-visit", by=by, seen=seen)
        if not owed(held):
            raise WrongValue("visit", "not owed")
        record(held, Kind.NO_VISIT, by=by, at=at, why=words)
        return held

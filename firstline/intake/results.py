"""How an item ended: the columns of its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Account
from firstline.tickets.models import Message, Ticket

Outcome = Inbound.Outcome


@dataclass(frozen=True)
class Result:
    outcome: Inbound.Outcome
    reason: str = ""
    ticket: Ticket | None = None
    message: Message | None = None
    account: Account | None = None


def learnt(row: Inbound) -> datetime:
    """When we understood it; never before we had it, whatever a moved clock says."""
    return max(clock.now(), row.received_at)

"""What time alone does to tickets: the end of a hold, the end of the window after *resolved*.

A ticket is found by an indexed column and looked at again under its lock: between the two somebody may have held it
anew, or solved it anew. One that cannot be moved is logged and rests for a while: it never holds up the others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from firstline.lib import log
from firstline.lib.alone import alone
from firstline.lib.resting import Resting
from firstline.tickets import lifecycle, statuses
from firstline.tickets.history import locked
from firstline.tickets.models import Ticket

BATCH = 50

_log = log.get(__name__)
_resting = Resting()


def resume_held(*, at: datetime) -> int:
    """Resumes what was on hold until a moment that is over; it happened then, whenever we get to it."""
    found = Ticket.objects.filter(status=statuses.ON_HOLD, hold_until__lte=at).order_by("hold_until")
    return _each(found, _wake, at)


def close_solved(*, at: datetime) -> int:
    """Closes what was solved and not objected to within the window."""
    found = Ticket.objects.filter(status=statuses.RESOLVED, window_ends_at__lte=at).order_by("window_ends_at")
    return _each(found, _close, at)


def _wake(held: Ticket, at: datetime) -> bool:
    until = held.hold_until
    if held.status != statuses.ON_HOLD or until is None or until > at:
        return False
    lifecycle.resume(held, by=None, at=until, learnt_at=at, why="time")
    return True


def _close(held: Ticket, at: datetime) -> bool:
    ends = held.window_ends_at
    if held.status != statuses.RESOLVED or ends is None or ends > at:
        return False
    lifecycle.close(held, at=ends, learnt_at=at)
    return True


def _each(found: QuerySet[Ticket], move: Callable[[Ticket, datetime], bool], at: datetime) -> int:
    done = 0
    if not found.exists():  # asked four times a second: the whole row is read where there is one
        return done
    for ticket in found.exclude(pk__in=_resting.now())[:BATCH]:
        with alone(_log, "time could not move a ticket", ticket=ticket.pk) as tried, transaction.atomic():
            done += move(locked(ticket), at)
        if tried.problem is not None:
            _resting.add(ticket.pk)
    return done

"""What time alone does to tickets: the end of a hold, the end of the window after *resolved*.

A ticket is found by an indexed column and looked at again under its lock: between the two somebody may have held it
anew, or solved it anew. One that cannot be moved is logged and rests for a while: it never holds up the others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from firstline.lib import log
from firstline.lib.resting import Resting
from firstline.tickets import lifecycle, statuses
from firstline.tickets.history import locked
from firstline.tickets.models import Ticket

BATCH = 50

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
    for ticket in found.exclude(pk__in=_resting.now())[:BATCH]:
        try:
            with transaction.atomic():
                done += move(locked(ticket), at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one must not hold up the others
            _resting.add(ticket.pk)
            log.get(__name__).exception("time could not move a ticket", ticket=ticket.pk)
    return done

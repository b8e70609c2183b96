"""What time alone does to tickets: the end of a hold, the end of the window after *resolved*."""

from __future__ import annotations

from datetime import datetime

from firstline.tickets import lifecycle, statuses
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongStatus

BATCH = 50


def resume_held(*, at: datetime) -> int:
    """Resumes what was on hold until a moment that is over; it happened then, whenever we get to it."""
    due = Ticket.objects.filter(status=statuses.ON_HOLD, hold_until__lte=at).order_by("hold_until")[:BATCH]
    done = 0
    for ticket in due:
        try:
            lifecycle.resume(ticket, by=None, at=ticket.hold_until or at, learnt_at=at, why="time")
        except WrongStatus:  # somebody was quicker
            continue
        done += 1
    return done


def close_solved(*, at: datetime) -> int:
    """Closes what was solved and not objected to within the window."""
    due = Ticket.objects.filter(status=statuses.RESOLVED, window_ends_at__lte=at).order_by("window_ends_at")[:BATCH]
    done = 0
    for ticket in due:
        try:
            lifecycle.close(ticket, at=ticket.window_ends_at or at, learnt_at=at)
        except WrongStatus:
            continue
        done += 1
    return done

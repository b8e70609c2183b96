"""Warnings and breaches, each recorded once, by the one place that may (product.md, "What is always true" 3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from firstline.lib import claims, log
from firstline.sla import clocks
from firstline.sla.models import Clock
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind

LOOK_AGAIN = timedelta(seconds=5)

_log = log.get(__name__)


def record_due(*, at: datetime, understood_until: datetime | None = None, limit: int = claims.BATCH) -> int:
    """Looks at the clocks for which time alone has changed something by `at`; returns how many were settled.

    `understood_until`: when the oldest item was acknowledged that still waits to be understood (None: nothing waits).
    It may be the answer that keeps the promise, so no deadline after that moment is judged yet. A clock that cannot be
    read is logged and found again when its lease ends: it never holds up the others.
    """
    due = Clock.objects.filter(check_at__lte=at).order_by("check_at", "pk")
    settled = 0
    for clock in claims.claim(due, limit=limit):
        try:
            with transaction.atomic():
                settled += _settle(clock, at, understood_until)
        except (OperationalError, InterfaceError):
            raise
        except claims.LeaseLost:
            _log.warning("clock taken over", clock=clock.pk)
        except Exception:  # noqa: BLE001 - whatever is wrong with one must not hold up the others
            _log.exception("a clock could not be judged", clock=clock.pk, ticket=clock.ticket_id)
    return settled


def _settle(clock: Clock, at: datetime, understood_until: datetime | None) -> bool:
    ticket = locked(clock.ticket)
    reading = next((one for one in clocks.read(ticket, at=at) if clocks.is_of(clock, one)), None)
    claims.finish(clock)
    fresh = Clock.objects.get(pk=clock.pk)
    if reading is None:
        fresh.check_at = None
        fresh.save()
        return True
    overdue = reading.state == "breached" and fresh.recorded_at is None
    if overdue and understood_until is not None and reading.verdict_at and understood_until <= reading.verdict_at:
        fresh.check_at = at + LOOK_AGAIN
        fresh.save()
        return False
    warns = reading.state == "running" and fresh.warned_at is None and reading.warn_at and reading.warn_at <= at
    if warns:
        fresh.warned_at = at
    if overdue:
        fresh.recorded_at = at
    due_before = fresh.due_at
    clocks.keep(fresh, reading)
    fresh.save()
    if fresh.due_at != due_before:  # the calendar was edited
        clocks.set_place(ticket, clocks.of(ticket))
        ticket.save(update_fields=["due_at", "queue_at"])
    if warns:
        record(
            ticket, Kind.SLA_WARNING, by=None, at=reading.warn_at or at, learnt_at=at,
            metric=clock.metric, since=fresh.opened_by, due_at=reading.due_at.isoformat() if reading.due_at else None,
        )  # fmt: skip
    if overdue and reading.verdict_at:
        record(
            ticket, Kind.SLA_BREACH, by=None, at=reading.verdict_at, learnt_at=at,
            metric=clock.metric, since=fresh.opened_by, due_at=reading.verdict_at.isoformat(),
            target_minutes=fresh.target_minutes,
        )  # fmt: skip
    return True

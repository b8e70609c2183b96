"""Warnings and breaches, each recorded once, by the one place that may (product.md, "What is always true" 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from firstline.lib import claims, log
from firstline.lib.alone import alone
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import clocks, inner_terms
from firstline.sla.facts import Fact
from firstline.sla.models import Clock
from firstline.sla.reading import Reading, derive
from firstline.sla.terms_of_contract import ContractTerms
from firstline.tickets.history import locked, locked_together, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import WrongValue

LOOK_AGAIN = timedelta(seconds=5)
TOGETHER = 10  # clocks of one transaction: about 20 ms
WRITTEN = (*clocks.STORED, "warned_at", "warned_shares", "inner_warned", "recorded_at")
LATE = timedelta(minutes=20)  # longer than a breach waits for what is not yet understood

_log = log.get(__name__)


def is_due(at: datetime) -> bool:
    """Whether time alone may have changed a clock by `at`."""
    return Clock.objects.filter(check_at__lte=at).exists()


def record_due(*, at: datetime, understood_until: datetime | None = None, limit: int = claims.BATCH) -> int:
    """Looks at the clocks for which time alone has changed something by `at`; returns how many were settled.

    `understood_until`: when the oldest item was acknowledged that still waits to be understood (None: nothing waits).
    It may be the answer that keeps the promise, so no deadline after that moment is judged yet. A clock that cannot be
    read is logged and found again when its lease ends: it never holds up the others.

    Some are settled in one transaction (docs/decisions/0023-many-due-at-once.md); where one of them fails, each is
    settled in its own.
    """
    due = Clock.objects.filter(check_at__lte=at).order_by("check_at", "pk")
    claimed = claims.claim(due, limit=limit)
    terms, settled = ContractTerms(), 0
    for first in range(0, len(claimed), TOGETHER):
        some = claimed[first : first + TOGETHER]
        try:
            settled += _settle(some, terms, at, understood_until)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # noqa: BLE001 - one of them; which one is found below, and said there
            settled += sum(_settle_alone(clock, at, understood_until) for clock in some)
    return settled


def _settle_alone(clock: Clock, at: datetime, understood_until: datetime | None) -> int:
    settled = 0
    with alone(_log, "a clock could not be judged", clock=clock.pk, ticket=clock.ticket_id):
        settled += _settle([clock], ContractTerms(), at, understood_until)
    return settled


def _settle(claimed: Sequence[Clock], terms: ContractTerms, at: datetime, understood_until: datetime | None) -> int:
    """All of them, in one transaction; their tickets are held in the order of their numbers, so that two workers never
    wait for one another."""
    with transaction.atomic():
        tickets = locked_together(clock.ticket_id for clock in claimed)
        histories = clocks.histories(list(tickets.values()))
        fresh = Clock.objects.in_bulk([clock.pk for clock in claimed])
        settled = 0
        for clock in claimed:
            row = fresh.get(clock.pk)
            if row is None or row.lease_owner != clock.lease_owner:
                raise claims.LeaseLost(f"clock {clock.pk}")
            settled += _settle_one(
                row, tickets[clock.ticket_id], histories[clock.ticket_id], terms, at, understood_until
            )
        return settled


def _settle_one(
    fresh: Clock,
    ticket: Ticket,
    facts: Sequence[Fact],
    terms: ContractTerms,
    at: datetime,
    understood_until: datetime | None,
) -> bool:
    before = {name: getattr(fresh, name) for name in WRITTEN}
    reading = next((one for one in derive(facts, terms, at) if clocks.is_of(fresh, one)), None)
    if reading is None:
        claims.finish(fresh, check_at=None)
        return True
    overdue = reading.state == "breached" and fresh.recorded_at is None
    if overdue and understood_until is not None and reading.verdict_at and understood_until <= reading.verdict_at:
        claims.finish(fresh, check_at=at + LOOK_AGAIN)
        return False
    seen_at = fresh.read_at
    warned = _warned(fresh, reading, at)
    stage = fresh.inner_stage if reading.state == "running" and fresh.inner_at and fresh.inner_at <= at else ""
    if stage:
        fresh.inner_warned = [*fresh.inner_warned, stage]
    if overdue:
        fresh.recorded_at = at
    clocks.keep(fresh, reading)
    inner_terms.place(fresh, reading, facts, terms)
    claims.finish(fresh, **{name: now for name, was in before.items() if (now := getattr(fresh, name)) != was})
    if fresh.due_at != before["due_at"]:  # the calendar was edited
        clocks.set_place(ticket, clocks.of(ticket))
        ticket.save(update_fields=["due_at", "queue_at"])
    _say(fresh, ticket, reading, at, stage=stage, warned=warned, overdue=overdue, seen_at=seen_at)
    return True


def _say(
    clock: Clock,
    ticket: Ticket,
    reading: Reading,
    at: datetime,
    *,
    stage: str,
    warned: tuple[datetime, str, list[str]] | None,
    overdue: bool,
    seen_at: datetime,
) -> None:
    """The events of what has become due."""
    which: dict[str, Any] = {"metric": clock.metric, "since": clock.opened_by}
    if stage:
        record(ticket, Kind.INNER_TERM, by=None, at=at, stage=stage, line=ticket.line, **which)
    if warned is not None:
        moment, share, tell = warned
        record(
            ticket, Kind.SLA_WARNING, by=None, at=moment, learnt_at=at, share=share, tell=tell, **which,
            due_at=reading.due_at.isoformat() if reading.due_at else None, **_lateness(moment, seen_at, at),
        )  # fmt: skip
    if overdue and reading.verdict_at:
        record(
            ticket, Kind.SLA_BREACH, by=None, at=reading.verdict_at, learnt_at=at, **which,
            due_at=reading.verdict_at.isoformat(), target_minutes=clock.target_minutes,
            **_lateness(reading.verdict_at, seen_at, at),
        )  # fmt: skip


def _warned(clock: Clock, reading: Reading, at: datetime) -> tuple[datetime, str, list[str]] | None:
    """The warnings whose time has come are marked in the row; the last is said, to all who are to be told."""
    if reading.state != "running":
        return None
    due = [(moment, one) for one, moment in reading.warns if moment <= at and one.share not in clock.warned_shares]
    if not due:
        return None
    clock.warned_at = at
    clock.warned_shares = [*clock.warned_shares, *(one.share for _, one in due)]
    tell = sorted({who for _, one in due for who in one.tell})
    moment, last = max(due, key=lambda pair: pair[0])
    return moment, last.share, tell


def _lateness(moment: datetime, seen_at: datetime, at: datetime) -> dict[str, Any]:
    """`late`: nobody looked when it was time (the desk was down). `at_once`: what happened to the ticket meanwhile, not
    time, put the deadline into the past (a shorter target)."""
    late = at - max(moment, seen_at) > LATE
    return {**({"late": True} if late else {}), **({"at_once": True} if moment < seen_at else {})}


def excuse(ticket: Ticket, clock: Clock, *, reason: str, by: Person, at: datetime) -> Ticket:
    """A recorded breach that is not held against us, with a reason and a name; its verdict stays as it is."""
    demand(by, "excuse breaches")
    words = reason.replace("\x00", "").strip()[:2000]
    if not words:
        raise WrongValue("reason", "empty")
    with transaction.atomic():
        held = locked(ticket)
        fresh = Clock.objects.filter(pk=clock.pk, ticket=held).first()
        if fresh is None or fresh.recorded_at is None:
            raise WrongValue("metric", "not broken")
        if fresh.excused is not None:
            raise WrongValue("metric", "excused already")
        fresh.excused = {"reason": words, "by": by.login, "name": by.name, "at": at.isoformat()}
        fresh.save(update_fields=["excused"])
        which: dict[str, Any] = {"metric": fresh.metric, "since": fresh.opened_by}
        record(held, Kind.SLA_EXCUSED, by=by, at=at, reason=words, **which)
        return held

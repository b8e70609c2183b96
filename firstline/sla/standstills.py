"""The times in which tickets wait: noted as they begin and end, and the silent client reminded, warned, and let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from firstline.calendars.timetables import timetable_of
from firstline.contracts.models import Duty, Metric, PauseReason
from firstline.lib import claims, log
from firstline.lib.alone import alone
from firstline.people.models import Person
from firstline.sla import waiting_plan
from firstline.sla.facts import moment_of
from firstline.sla.models import Clock, Standstill
from firstline.tickets import lifecycle, queries, statuses
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Ticket

BEGINS = frozenset({Kind.WAITING, Kind.HELD})
ENDS = frozenset({Kind.RESUMED, Kind.TAKEN, Kind.HANDED_OVER, Kind.RESOLVED, Kind.CLOSED, Kind.CANCELLED, Kind.MERGED})
# What a manager looks at: time bought just before the deadline, a wait without end, one wait after the other.
JUST_BEFORE_SECONDS = 30 * 60
OFTEN = 3
LONG = timedelta(days=5)

_log = log.get(__name__)


def follow(event: Event) -> None:
    """A reaction: notes the beginning and the end of each wait."""
    if event.kind in BEGINS or event.kind in ENDS:
        now = Standstill.objects.filter(ticket=event.ticket_id, ended_at__isnull=True)
        now.update(ended_at=event.happened_at, next_at=None)
    if event.kind in BEGINS:
        _begin(event)


def _begin(event: Event) -> None:
    ticket, data = event.ticket, event.data
    contract = {"version": ticket.contract_id}
    reason = PauseReason.objects.filter(**contract, slug=data["pause"]).first() if data.get("pause") else None
    duty = Duty.objects.filter(**contract, slug=data["duty"]).first() if data.get("duty") else None
    clock = ticket.clocks.filter(metric=Metric.RESOLUTION).first()
    row = Standstill(
        ticket=ticket, event=event.pk, status=ticket.status, reason=reason, words=data.get("reason", ""),
        party=data.get("party") or ("vendor" if data.get("for") == "vendor" else "client"), by=event.by,
        began_at=event.happened_at, ordinal=Standstill.objects.filter(ticket=ticket).count() + 1,
        seconds_left=_left(clock), duty=duty, duty_due_at=moment_of(data.get("duty_due_at")),
    )  # fmt: skip
    if ticket.status == statuses.WAITING_FOR_CLIENT and reason is not None and ticket.contract is not None:
        row.next_at = waiting_plan.what_now(
            plan_of(reason), 0, began_at=row.began_at, at=row.began_at,
            timetable=timetable_of(ticket.contract.calendar), warned=False,
        ).again_at  # fmt: skip
    row.save()


def plan_of(reason: PauseReason) -> list[waiting_plan.Step]:
    return waiting_plan.plan(reason.reminders, reason.warn_minutes, reason.close_minutes)


def _left(clock: Clock | None) -> int | None:
    return None if clock is None or clock.is_over else clock.target_minutes * 60 - clock.consumed_seconds


def remind_due(*, at: datetime, limit: int = claims.BATCH) -> int:
    """Does what is due for clients who do not answer; returns how many tickets were looked at."""
    due = Standstill.objects.filter(next_at__lte=at, ended_at__isnull=True).order_by("next_at", "pk")
    done = 0
    for row in claims.claim(due, limit=limit):
        with alone(_log, "a client could not be reminded", standstill=row.pk, ticket=row.ticket_id):
            with transaction.atomic():
                _step(row, at)
            done += 1
    return done


def _step(row: Standstill, at: datetime) -> None:
    ticket = locked(row.ticket)
    claims.finish(row, next_at=None)
    fresh = Standstill.objects.select_related("reason").get(pk=row.pk)
    reason, contract = fresh.reason, ticket.contract
    if fresh.ended_at is not None or reason is None or contract is None or ticket.status != fresh.status:
        return
    now = waiting_plan.what_now(
        plan_of(reason), fresh.steps_done, began_at=fresh.began_at, at=at,
        timetable=timetable_of(contract.calendar), warned=fresh.warned,
    )  # fmt: skip
    fresh.steps_done, fresh.next_at, fresh.warned = now.done, now.again_at, fresh.warned or now.deed == "warn"
    fresh.save(update_fields=["steps_done", "next_at", "warned"])
    if now.deed == "close":
        lifecycle.close_unanswered(ticket, at=at)
    elif now.deed is not None:
        closes = now.again_at.isoformat() if now.deed == "warn" and now.again_at else None
        record(
            ticket, Kind.REMINDED, by=None, at=at, public=True, deed=now.deed, since=fresh.event, reason=fresh.words,
            closes_at=closes,
        )  # fmt: skip


def now_of(ticket: Ticket) -> Standstill | None:
    """The wait that a ticket is in; no statement where its status says that it is in none."""
    if ticket.status not in statuses.PAUSED:
        return None
    return ticket.standstills.filter(ended_at__isnull=True).select_related("duty", "reason").first()


def sample_for(person: Person, *, at: datetime) -> QuerySet[Standstill]:
    """The waits worth a manager's look, among the tickets that this person sees; newest first."""
    long = Q(ended_at__gte=F("began_at") + LONG) | Q(ended_at__isnull=True, began_at__lte=at - LONG)
    worth = Q(seconds_left__lte=JUST_BEFORE_SECONDS) | Q(ordinal__gte=OFTEN) | long
    rows = Standstill.objects.filter(worth, queries.on_visible(person)).select_related("ticket__client", "by", "reason")
    return rows.order_by("-began_at", "-pk")

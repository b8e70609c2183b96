"""The box of a line, watched: a stay begins with the first touch on it, hint and full and over are recorded once each.

Truth is the touch; `check_at` only finds the stay. Every change happens with the ticket's row held, so that pages, the
worker and another worker never record the same twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation

from firstline.lib import claims, log
from firstline.lib.alone import alone
from firstline.lines import box, card, limits
from firstline.lines.box import Limit, Marks, Policy, State
from firstline.lines.box_models import BoxStay, Outcome
from firstline.people.models import Person
from firstline.tickets import handover, history
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Status, Ticket
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.worklog import touch
from firstline.worklog.touch_models import Timer
from firstline.worklog.touching import touched as sum_of

LONGEST_REASON = 500
BEFORE_IT_WAS_MADE = timedelta(days=1)
_log = log.get(__name__)


@dataclass(frozen=True)
class Reading:
    """How the box of a ticket stands. `touched` is of whoever worked longest, `own` of the person who looks."""

    limit: Limit
    marks: Marks
    state: State
    touched: timedelta
    own: timedelta
    people: dict[int, tuple[timedelta, bool]]

    @property
    def size(self) -> timedelta | None:
        return box.size(self.limit, self.marks.extensions)


def read(ticket: Ticket, at: datetime, *, person: Person | None = None, stay: BoxStay | None = None) -> Reading:
    """Four statements."""
    stay = stay or BoxStay.objects.filter(ticket=ticket, left_at__isnull=True, line=ticket.line).first()
    limit = limits.of(ticket.category_id, ticket.line)
    marks = marks_of(stay) if stay else Marks()
    since = stay.since if stay else _since(ticket)
    periods = touch.on_line(ticket.pk, ticket.line, since, at)
    works = set(
        Timer.objects.filter(ticket=ticket, touch__isnull=False, pause_at__gt=at).values_list("person_id", flat=True)
    )
    people = {pk: (sum_of(periods.get(pk, ()), at), pk in works) for pk in {*periods, *works}}
    longest = max((length for length, _works in people.values()), default=timedelta())
    own = people.get(person.pk, (timedelta(), False))[0] if person else longest
    return Reading(limit, marks, box.state(longest, limit, marks, at), longest, own, people)


def marks_of(stay: BoxStay) -> Marks:
    return Marks(stay.extensions, stay.hinted_at is not None, stay.full_at, stay.over_at is not None)


def watch(held: Ticket, at: datetime) -> None:
    """Somebody works in it: the stay is there, and is looked at when something can come to pass. Inside the
    transaction that holds the ticket."""
    if not held.is_open:
        return
    stay = BoxStay.objects.filter(ticket=held, left_at__isnull=True).first()
    if stay is not None and stay.line != held.line:
        _leave(stay, held, Outcome.MOVED, at)
        stay = None
    limit = limits.of(held.category_id, held.line)
    if stay is None:
        if limit.minutes is None:
            return
        stay = BoxStay(ticket=held, line=held.line, since=_since(held))
    _schedule(stay, held, read(held, at, stay=stay), at)
    stay.save()


def follow(event: Event) -> None:
    """A reaction, after the timers: touch begins a stay, leaving the line ends it."""
    if history.is_quiet() or event.data.get("quiet"):
        return
    ticket, at = event.ticket, event.happened_at
    if event.kind in LEAVES:
        for stay in BoxStay.objects.filter(ticket=ticket, left_at__isnull=True):
            _leave(stay, ticket, LEAVES[Kind(event.kind)], at)
    elif event.kind == Kind.RESUMED:
        stays = BoxStay.objects.filter(ticket=ticket, left_at=None)
        stays.filter(full_at__isnull=False, over_at=None).update(full_at=at)
        if stays.exists():
            watch(ticket, at)
    elif (event.kind in TOUCHES and event.by is not None and event.by.solves) or (
        event.kind in MOVES and BoxStay.objects.filter(ticket=ticket, left_at=None).exists()
    ):
        watch(ticket, at)


LEAVES = {
    Kind.RESOLVED: Outcome.SOLVED, Kind.HANDED_OVER: Outcome.HANDED_OVER, Kind.RETURNED: Outcome.RETURNED,
    Kind.CANCELLED: Outcome.CANCELLED, Kind.MERGED: Outcome.CANCELLED, Kind.CLOSED: Outcome.CANCELLED,
}  # fmt: skip
# Perhaps to another category or line.
MOVES = frozenset({Kind.CHANGED, Kind.ASSIGNED, Kind.ROUTED, Kind.GIVEN_BACK})
TOUCHES = frozenset({Kind.TAKEN, Kind.MESSAGE, Kind.CALLED, Kind.WORKAROUND, Kind.WORKED})


# Whoever let it wait has decided: the grace goes on when it comes back.
DECIDED = frozenset({Status.WAITING_FOR_CLIENT, Status.WAITING_FOR_VENDOR, Status.ON_HOLD})


def extend(ticket: Ticket, *, reason: str, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """Five minutes more, with a reason, counted. Raises WrongStatus where there is no box."""
    with transaction.atomic():
        held = locked(ticket, deed="hand over", verb="box-extension", by=by, seen=seen)
        words = reason.replace("\x00", "").strip()[:LONGEST_REASON]
        watch(held, at)
        stay = BoxStay.objects.filter(ticket=held, left_at__isnull=True).first()
        if stay is None or not stay.minutes:
            raise WrongStatus("box-extension", held.status)
        if not words:
            raise WrongValue("reason", "empty")
        stay.extensions += 1
        stay.full_at = stay.over_at = None
        _schedule(stay, held, read(held, at, stay=stay), at)
        stay.save()
        minutes = int(box.EXTENSION / timedelta(minutes=1))
        record(
            held, Kind.BOX_EXTENDED, by=by, at=at,
            line=held.line, minutes=minutes, reason=words, extensions=stay.extensions,
        )  # fmt: skip
        return held


def record_due(*, at: datetime, limit: int = claims.BATCH) -> int:
    """Looks at the stays in which something may have come to pass by `at`; returns how many were settled. One that
    fails is logged and found again when its lease ends: it holds up no other."""
    due = BoxStay.objects.filter(check_at__lte=at).order_by("check_at", "pk")
    settled = 0
    for stay in claims.claim(due, limit=limit):
        with alone(_log, "a box could not be judged", stay=stay.pk, ticket=stay.ticket_id):
            _settle(stay, at)
            settled += 1
    return settled


def _settle(claimed: BoxStay, at: datetime) -> None:
    with transaction.atomic():
        held = locked(Ticket(pk=claimed.ticket_id))
        stay = BoxStay.objects.get(pk=claimed.pk)
        if stay.lease_owner != claimed.lease_owner:
            raise claims.LeaseLost(f"stay {claimed.pk}")
        is_over = stay.left_at is not None or not held.is_open or stay.line != held.line
        if is_over or held.status in DECIDED:
            claims.finish(stay, check_at=None)
            return
        reading = read(held, at, stay=stay)
        passed = box.due(reading.touched, reading.limit, reading.marks, at)
        _mark(stay, passed, at)
        _schedule(stay, held, read(held, at, stay=stay) if passed else reading, at)
        stay.lease_until, stay.lease_owner = None, ""
        stay.save()
        for one in passed:
            _say(held, one, reading, at)


def _mark(stay: BoxStay, passed: list[State], at: datetime) -> None:
    for one in passed:
        setattr(stay, {State.HINT: "hinted_at", State.FULL: "full_at", State.OVER: "over_at"}[one], at)


def _schedule(stay: BoxStay, held: Ticket, reading: Reading, at: datetime) -> None:
    if reading.size is not None and reading.touched < reading.size:
        stay.full_at = stay.over_at = None  # another category, limit or a correction: it is not full any more
    stay.category_id, stay.minutes = held.category_id, reading.limit.minutes or 0
    stay.policy, stay.touched = reading.limit.policy, int(reading.touched.total_seconds())
    stay.check_at = box.next_look(reading.people.values(), reading.limit, marks_of(stay), at)


def _say(held: Ticket, what: State, reading: Reading, at: datetime) -> None:
    """The event; notices make words of it. Over: what the policy says."""
    minutes = int(reading.touched / timedelta(minutes=1))
    kinds = {State.HINT: Kind.BOX_HINT, State.FULL: Kind.BOX_FULL, State.OVER: Kind.BOX_OVER}
    policy = reading.limit.policy
    if policy == Policy.HAND_OVER and held.line == 3:
        policy = Policy.TELL_LEAD
    more: dict[str, Any] = {"policy": policy.value} if what == State.OVER else {}
    record(
        held, kinds[what], by=None, at=at, line=held.line, minutes=minutes,
        box=reading.limit.minutes, extensions=reading.marks.extensions, **more,
    )  # fmt: skip
    if what == State.OVER and policy == Policy.HAND_OVER:
        _hand_over(held, at)


def _hand_over(held: Ticket, at: datetime) -> None:
    language = held.assignee.language if held.assignee else settings.LANGUAGE_CODE
    with translation.override(language):
        filled = card.of(held.assignee, held, state=State.OVER, at=at)
    handover.hand_over(
        held, to_line=held.line + 1, symptom=filled.symptom, tried=filled.tried, impact=filled.impact,
        reason=filled.reason, by=None, at=at,
    )  # fmt: skip


def _leave(stay: BoxStay, ticket: Ticket, outcome: Outcome, at: datetime) -> None:
    periods = touch.on_line(ticket.pk, stay.line, stay.since, at)
    longest = max((sum_of(found, at) for found in periods.values()), default=timedelta())
    BoxStay.objects.filter(pk=stay.pk).update(
        left_at=max(at, stay.since), outcome=outcome, check_at=None, category=ticket.category_id,
        touched=int(longest.total_seconds()),
    )  # fmt: skip


def _since(ticket: Ticket) -> datetime:
    """When this stay began: after the last one; the first reaches back to the call in which the ticket was made."""
    before = BoxStay.objects.filter(ticket=ticket).aggregate(left=Max("left_at"))["left"]
    return before or ticket.created_at - BEFORE_IT_WAS_MADE

"""The timer: one a person, begun by *take*, in the ticket he works in, paused when he leaves, works elsewhere or does
nothing for three minutes. The server's clock decides; a page only says that somebody is there.

Locks are taken in one order: the ticket, then the timer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from firstline.lib import log
from firstline.live.publish import publish
from firstline.people.models import Person
from firstline.tickets import history, swarm
from firstline.tickets.history import locked
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.permissions import demand, may
from firstline.tickets.refusals import WrongStatus
from firstline.worklog import touch
from firstline.worklog.touch_models import How, Timer, Touch
from firstline.worklog.touching import BEAT, IDLE, is_gap, live_until

PAUSED_AT_ONCE = 100
_log = log.get(__name__)


@dataclass(frozen=True)
class Running:
    ticket_id: int
    since: datetime


def running(person_ids: Iterable[int]) -> dict[int, Running]:
    """In which ticket each of these people works now, and since when: one statement."""
    rows = Timer.objects.filter(person__in=list(person_ids), touch__isnull=False)
    values = rows.values_list("person_id", "ticket_id", "touch__started_at")
    return {person: Running(ticket, since) for person, ticket, since in values if ticket is not None}


def of(person: Person) -> Timer | None:
    """His timer with its ticket and its running period: one statement."""
    return Timer.objects.select_related("ticket", "touch").filter(person=person).first()


def start(person: Person, ticket: Ticket, *, at: datetime) -> Timer:
    """By hand: in any open ticket that he may work on. Raises NotAllowed, WrongStatus."""
    with transaction.atomic():
        held = locked(ticket)
        demand(person, "log time", held)
        if not held.is_open:
            raise WrongStatus("timer", held.status)
        timer = _held(person)
        timer.is_on = True
        _work_in(timer, held, at)
        return timer


def stop(person: Person, *, at: datetime) -> Timer:
    """By hand: it follows him no more, until he takes something or starts it again."""
    with transaction.atomic():
        timer = _held(person)
        _pause(timer, at)
        timer.is_on, timer.gap_from, timer.gap_until = False, None, None
        timer.save()
        return timer


def beat(person: Person, ticket: Ticket, *, at: datetime) -> Timer:
    """The page of the ticket has his attention: the timer goes on there, or moves there if it is his work."""
    with transaction.atomic():
        held = locked(ticket)
        timer = _held(person)
        if timer.is_on and held.is_open and (_runs_in(timer, held) or _is_his(person, held)):
            _work_in(timer, held, at)
        return timer


def leave(person: Person, ticket: Ticket, *, at: datetime) -> Timer:
    """He left the page: paused, unless he works in another ticket already."""
    with transaction.atomic():
        timer = _held(person)
        if timer.is_running and timer.ticket_id == ticket.pk:
            _pause(timer, at)
            timer.save()
        return timer


def pause_idle(at: datetime) -> int:
    """What runs by itself: timers of whom nothing was heard for three minutes."""
    due = Timer.objects.filter(touch__isnull=False, pause_at__lte=at).order_by("pause_at")
    if not due.exists():
        return 0
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        rows = list(due.select_related("touch")[:PAUSED_AT_ONCE])
        for timer in rows:
            try:
                with transaction.atomic():
                    _pause(timer, at)
                    timer.save()
            except IntegrityError:  # one person's periods hold up nobody else's
                _log.exception("a timer could not be paused", person=timer.person_id)
                Timer.objects.filter(pk=timer.pk).update(pause_at=at + IDLE)
    return len(rows)


def follow(event: Event) -> None:
    """A reaction: *take* starts the timer of who takes, words move it, and what ends the work on the line ends it.
    Minutes that cannot be counted refuse nobody his verb."""
    if history.is_quiet() or event.data.get("quiet") or event.kind not in ENDS | WRITING | {Kind.TAKEN}:
        return
    if event.kind not in ENDS and (event.by is None or not event.by.solves or not event.ticket.is_open):
        return
    try:
        with transaction.atomic():
            _follow(event)
    except IntegrityError:
        _log.exception("time was not counted", ticket=event.ticket_id)


def _follow(event: Event) -> None:
    person, ticket, at = event.by, event.ticket, event.happened_at
    if event.kind in ENDS:
        _pause_all(ticket, at)
    elif person is None:
        return
    elif event.kind == Kind.TAKEN:
        timer = _held(person)
        timer.is_on = True
        _work_in(timer, ticket, at)
    elif event.kind in WRITING:
        timer = _held(person)
        if timer.is_on:
            _work_in(timer, ticket, at)
        if event.kind == Kind.CALLED and event.data.get("seconds"):
            touch.add_call(person, ticket, seconds=event.data["seconds"], at=at)
        if event.kind == Kind.REMOTE_ENDED and event.data.get("seconds"):
            touch.add_call(person, ticket, seconds=event.data["seconds"], at=at, how=How.WORK)


# After these nobody works on it on this line any more.
ENDS = frozenset(
    {Kind.HANDED_OVER, Kind.RETURNED, Kind.RESOLVED, Kind.CANCELLED, Kind.MERGED, Kind.CONFIRMED, Kind.CLOSED}
)
WRITING = frozenset({Kind.MESSAGE, Kind.CALLED, Kind.WORKAROUND, Kind.REMOTE_STARTED, Kind.REMOTE_ENDED})


def _held(person: Person) -> Timer:
    """His timer, locked until the transaction ends."""
    Timer.objects.get_or_create(person=person)
    fresh = Timer.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Timer.objects
    return fresh.select_related("touch").get(person=person)


def _runs_in(timer: Timer, ticket: Ticket) -> bool:
    return timer.touch is not None and timer.ticket_id == ticket.pk and timer.touch.line == ticket.line


def _is_his(person: Person, ticket: Ticket) -> bool:
    """Where looking is working: what he has, what lies in the queue of his line, where he was called in."""
    if not may(person, "log time", ticket):
        return False
    return ticket.assignee_id == person.pk or ticket.line == person.line or swarm.is_in(person, ticket)


def _work_in(timer: Timer, ticket: Ticket, at: datetime) -> None:
    running_touch = timer.touch
    if running_touch is not None and _runs_in(timer, ticket) and timer.pause_at is not None and at <= timer.pause_at:
        if at > running_touch.ended_at:
            running_touch.ended_at = at
            running_touch.save(update_fields=["ended_at"])
            timer.seen_at, timer.pause_at = at, at + IDLE
            timer.save(update_fields=["seen_at", "pause_at"])
        return
    _pause(timer, at)
    left, back = timer.paused_at, timer.ticket_id == ticket.pk
    start = left if left is not None and back and left <= at and at - left <= BEAT else at
    timer.touch = _begun(timer, ticket, start)
    asks = left is not None and back and is_gap(left, at)
    if asks:
        timer.gap_from, timer.gap_until = left, at
    elif not back:
        timer.gap_from = timer.gap_until = None  # the question was of the ticket that he had left
    timer.ticket, timer.paused_at = ticket, None
    timer.seen_at = max(at, timer.touch.ended_at)
    timer.pause_at = timer.seen_at + IDLE
    timer.save()
    _tell(timer)


def _begun(timer: Timer, ticket: Ticket, start: datetime) -> Touch:
    """A new period; never before the end of another one of his, whatever the clocks of two servers say."""
    later = Touch.objects.filter(person_id=timer.person_id, ended_at__gt=start).aggregate(end=Max("ended_at"))["end"]
    start = max(start, later) if later else start
    return Touch.objects.create(
        person_id=timer.person_id, ticket=ticket, line=ticket.line, started_at=start, ended_at=start
    )


def _pause(timer: Timer, at: datetime) -> None:
    """Ends the running period where the work ended. The caller saves the timer."""
    if timer.touch is None or timer.seen_at is None:
        return
    end = max(timer.touch.ended_at, live_until(timer.seen_at, at))
    timer.touch.ended_at = end
    timer.touch.save(update_fields=["ended_at"])
    timer.touch, timer.paused_at, timer.pause_at = None, end, None
    _tell(timer)


def _pause_all(ticket: Ticket, at: datetime) -> None:
    there = Timer.objects.filter(ticket=ticket, touch__isnull=False)
    if connection.vendor == "postgresql":
        there = there.select_for_update(of=("self",))
    for timer in there.select_related("touch").order_by("pk"):
        _pause(timer, at)
        timer.gap_from = timer.gap_until = None
        timer.save()


def _tell(timer: Timer) -> None:
    publish("timer", timer.pk, [f"person:{timer.person_id}"])

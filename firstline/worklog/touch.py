"""Touch that was not seen by the timer, what it adds up to, and its corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from firstline.audit import trail
from firstline.lib.periods import Period
from firstline.live.publish import publish
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.tickets import queries
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import demand, may_direct
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.worklog.models import Entry, WorkKind
from firstline.worklog.touch_models import Correction, How, Timer, Touch
from firstline.worklog.touching import LONGEST_GAP, free_before, live_until, only_free, to_log
from firstline.worklog.touching import touched as sum_of

# Work of these kinds happens in the ticket; a visit and the way there do not.
IN_THE_TICKET = frozenset({WorkKind.REMOTE, WorkKind.PHONE})
LONGEST_REASON = 300
A_DAY = timedelta(days=1)


def periods(touches: Iterable[Touch], at: datetime, live: Mapping[int, datetime | None]) -> list[Period]:
    """Touches as periods up to `at`; `live` says of running ones (by their id) when the last activity was."""
    found = []
    for one in touches:
        seen_at = live.get(one.pk)
        found.append(Period(one.started_at, max(one.ended_at, live_until(seen_at, at)) if seen_at else one.ended_at))
    return found


def on_line(ticket_id: int, line: int, since: datetime, at: datetime) -> dict[int, list[Period]]:
    """By person, when he worked in the ticket on that line since a moment; the running timers count up to `at`."""
    rows = list(Touch.objects.filter(ticket=ticket_id, line=line, ended_at__gte=since).order_by("started_at"))
    live = _live(Timer.objects.filter(touch__in=[row.pk for row in rows]))
    found: dict[int, list[Period]] = {}
    for row, period in zip(rows, periods(rows, at, live), strict=True):
        if period.end is None or period.end > since:
            found.setdefault(row.person_id, []).append(Period(max(period.start, since), period.end))
    return found


def total(person: Person, ticket: Ticket, at: datetime) -> timedelta:
    """How long he worked in the ticket, whatever the line."""
    rows = list(Touch.objects.filter(person=person, ticket=ticket))
    live = _live(Timer.objects.filter(person=person, touch__isnull=False))
    return sum_of(periods(rows, at, live), at)


def proposal(person: Person, ticket: Ticket, at: datetime) -> int:
    """The minutes that he worked in the ticket and has not yet logged."""
    logged = Entry.objects.filter(person=person, ticket=ticket, kind__in=IN_THE_TICKET)
    minutes = logged.aggregate(sum=Sum("minutes"))["sum"] or 0
    return to_log(total(person, ticket, at), minutes)


def add_call(person: Person, ticket: Ticket, *, seconds: int, at: datetime, how: How = How.CALL) -> None:
    """A logged call, or a remote session: the time before `at` in which he was not counted elsewhere."""
    wanted = Period(at - timedelta(seconds=min(seconds, A_DAY.total_seconds())), at)
    for free in only_free(wanted, _taken(person, wanted.start)):
        _add(person, ticket, free, how)


def add_logged(person: Person, ticket: Ticket, *, minutes: int, before: int, at: datetime) -> None:
    """More remote work was logged than the timer saw (`before` is what it proposed): the rest was touch, too."""
    since = at - A_DAY
    missing = timedelta(minutes=minutes - before)
    if missing > timedelta():
        _timer_of(person.pk)
        for free in free_before(at, missing, _taken(person, since), since):
            _add(person, ticket, free, How.WORK)


def answer_gap(person: Person, *, ticket: Ticket | None, at: datetime) -> None:
    """What he did while the page saw nothing: worked on `ticket`, or (None) had a break. Once asked, once answered."""
    with transaction.atomic():
        timer = _timer_of(person.pk)
        if timer is None or timer.gap_from is None or timer.gap_until is None:
            return
        gap = Period(timer.gap_from, min(timer.gap_until, timer.gap_from + LONGEST_GAP))
        timer.gap_from = timer.gap_until = None
        timer.save(update_fields=["gap_from", "gap_until"])
        if ticket is None:
            return
        demand(person, "log time", ticket)
        for free in only_free(gap, _taken(person, gap.start)):
            _add(person, ticket, free, How.GAP)


def get_for(person: Person, number: int) -> Touch:
    """One that he may correct: his own, or of whose line he is the lead, or any for the manager. Raises NotThere."""
    found = Touch.objects.select_related("ticket", "person", "timer").filter(pk=number).first()
    if found is None:
        raise NotThere(str(number))
    directed = directs(person) and queries.sees(person, found.ticket) and may_direct(person, found.ticket)
    if not (found.person_id == person.pk or directed):
        raise NotThere(str(number))
    return found


def directs(person: Person) -> bool:
    """Whose own time is not the only one that he looks after."""
    return person.role in {Role.LEAD, Role.MANAGER}


def correct(touch: Touch, *, started_at: datetime, ended_at: datetime, reason: str, by: Person, at: datetime) -> Touch:
    """Another start or end, with a reason; what it was is kept. Raises WrongValue, NotAllowed."""
    if touch.person_id != by.pk and not directs(by):
        raise NotAllowed("correct time")
    words = reason.replace("\x00", "").strip()[:LONGEST_REASON]
    if not words:
        raise WrongValue("reason", "empty")
    if ended_at < started_at or ended_at - started_at > A_DAY:
        raise WrongValue("ended_at", "not after the start")
    if ended_at > at:
        raise WrongValue("ended_at", "in the future")
    with transaction.atomic():
        timer = _timer_of(touch.person_id)
        held = Touch.objects.select_for_update().get(pk=touch.pk)
        running = timer.touch if timer is not None else None
        if running is not None and running.pk == held.pk:
            raise WrongValue("ended_at", "the timer is running")
        if running is not None and ended_at > running.started_at:  # it goes on beyond what is written of it
            raise WrongValue("started_at", "counted already")
        others = Touch.objects.filter(person=held.person_id, started_at__lt=ended_at, ended_at__gt=started_at)
        if others.exclude(pk=held.pk).exists() and ended_at > started_at:
            raise WrongValue("started_at", "counted already")
        Correction.objects.create(
            touch=held, by=by, at=at, reason=words, was_started_at=held.started_at, was_ended_at=held.ended_at
        )
        trail.note(
            at=at, actor=by.actor, action="touch corrected", target=f"ticket:{held.ticket_id}", touch=held.pk,
            person=held.person_id, reason=words, before=[held.started_at.isoformat(), held.ended_at.isoformat()],
            after=[started_at.isoformat(), ended_at.isoformat()],
        )  # fmt: skip
        held.started_at, held.ended_at = started_at, ended_at
        held.save(update_fields=["started_at", "ended_at"])
        return held


def _timer_of(person: int) -> Timer | None:
    """His timer, locked until the transaction ends: whoever writes periods of his comes one after the other."""
    timers = Timer.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Timer.objects
    return timers.select_related("touch").filter(person=person).first()


def _live(timers: QuerySet[Timer]) -> dict[int, datetime | None]:
    return {touch: seen_at for touch, seen_at in timers.values_list("touch_id", "seen_at") if touch is not None}


def _taken(person: Person, since: datetime) -> list[Period]:
    """When he was counted already, in whatever ticket; a running timer holds everything from its start on."""
    rows = list(Touch.objects.filter(person=person, ended_at__gte=since))
    live = set(Timer.objects.filter(person=person, touch__isnull=False).values_list("touch_id", flat=True))
    return [Period(row.started_at, None if row.pk in live else row.ended_at) for row in rows]


def _add(person: Person, ticket: Ticket, period: Period, how: How) -> None:
    if period.end is not None and period.end > period.start:
        made = Touch.objects.create(
            person=person, ticket=ticket, line=ticket.line, started_at=period.start, ended_at=period.end, how=how
        )
        publish("timer", made.pk, [f"person:{person.pk}"])  # what his pages count is more now

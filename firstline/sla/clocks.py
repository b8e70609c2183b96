"""The clocks of a ticket: read from its history, kept in rows so that lists can be ordered and the due be found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Max, Prefetch

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import Timetable
from firstline.contracts.models import Metric
from firstline.contracts.terms import FAR_AHEAD
from firstline.lib import one_row
from firstline.lib.asked_often import Given, Question
from firstline.post import outbox
from firstline.sla import inner_terms
from firstline.sla.facts import Fact
from firstline.sla.models import Clock, ClockState
from firstline.sla.reading import Reading, derive
from firstline.sla.terms_of_contract import ContractTerms, Hours
from firstline.tickets.history import record
from firstline.tickets.lifecycle import UNANSWERED
from firstline.tickets.models import Event, Kind, Ticket

# Events that can move a clock; the rest say nothing to it.
MOVING = frozenset(
    {
        Kind.CREATED, Kind.MESSAGE, Kind.CALLED, Kind.TAKEN, Kind.HANDED_OVER, Kind.WAITING, Kind.HELD, Kind.RESUMED,
        Kind.RESOLVED, Kind.CONFIRMED, Kind.CLOSED, Kind.REOPENED, Kind.CANCELLED, Kind.CHANGED, Kind.WORKAROUND,
        Kind.ARRIVED, Kind.NO_VISIT, Kind.WORKED, Kind.MERGED, Kind.UNMERGED, Kind.MERGED_HERE, Kind.UNMERGED_HERE,
        Kind.RETURNED,
    }
)  # fmt: skip
# Whose a ticket becomes by a person, a rule, or because somebody went: to the clocks it is all the same.
GIVING = (Kind.ASSIGNED, Kind.ROUTED, Kind.GIVEN_BACK)
ON_SITE = "on_site"  # the work kind (worklog) by which an engineer says that he was there
JUST_AFTER = timedelta(milliseconds=1)  # at the deadline itself the promise is still kept

STORED = (
    "opened_by", "is_past", "target_minutes", "calendar", "hours", "state", "is_over", "stands", "started_at",
    "read_at", "due_at", "warn_at", "consumed_seconds", "verdict_at", "check_at", "inner_at", "inner_stage",
)  # fmt: skip


CURRENT = Prefetch("clocks", Clock.objects.filter(is_past=False))  # for lists: without what was judged before
ORDER = {metric: place for place, metric in enumerate(Metric.values)}


def follow(event: Event) -> None:
    """A reaction: reads the clocks again after an event that may move them, and sets the place in the queue."""
    ticket = event.ticket
    if not _moves(event) or (ticket.contract_id is None and event.kind in {Kind.CREATED, Kind.MESSAGE}):
        return
    is_first = event.kind == Kind.CREATED
    kept = [] if is_first else list(ticket.clocks.all())
    # A fact that is learnt late must not take the clocks back to a moment that they have left behind.
    moment = max([event.learnt_at, *(clock.read_at for clock in kept)])
    facts, terms = facts_of(ticket, [event] if is_first else None), ContractTerms()
    readings = standing(ticket, kept, derive(facts, terms, moment), at=moment)
    before = {clock.pk: _as_stored(clock) for clock in kept if clock.is_past}
    warned = [clock for clock in kept if clock.warned_at is not None and not clock.is_over]
    rows = _rows(ticket, kept, readings)
    for row, reading in zip(rows, readings, strict=True):
        inner_terms.place(row, reading, facts, terms)
    old = [row for row in rows if row.pk is not None]
    one_row.add_all([row for row in rows if row.pk is None])
    for row in old:  # two small statements cost less than one with a CASE for each column
        if before.get(row.pk) != _as_stored(row):
            row.save(update_fields=STORED)
    for clock in set(kept).difference(rows):
        clock.delete()  # another contract that promises nothing of the kind; what was promised before is in the history
    set_place(ticket, rows)
    ticket.clocks_read = rows
    for row in warned:
        if row.is_over:
            _take_back_warnings(row)
    for row, reading in zip(rows, readings, strict=True):
        if reading.late_fact is not None and row.recorded_at is not None and row.excused is None:
            _excuse(ticket, row, reading.late_fact, at=event.learnt_at)


def _take_back_warnings(row: Clock) -> None:
    """What was to be warned of is done: a warning that has not left yet need not leave any more."""
    said = Event.objects.filter(ticket=row.ticket_id, kind=Kind.SLA_WARNING, data__metric=row.metric)
    numbers = [event.pk for event in said if event.data.get("since", 0) == row.opened_by]
    if numbers and row.warned_at is not None:
        outbox.withdraw(ticket=row.ticket_id, kind=Kind.SLA_WARNING, since=row.warned_at, events=numbers)


def _as_stored(clock: Clock) -> list[object]:
    """What of an old row may still change: not the moment that it was read at."""
    return [getattr(clock, field) for field in STORED if field != "read_at"]


def _moves(event: Event) -> bool:
    if event.kind in GIVING:  # moves no clock, but may move the ticket from one stage to another
        return bool(ContractTerms().inner_shares({"contract": event.ticket.contract_id}))
    return event.kind in MOVING and (event.kind != Kind.WORKED or event.data.get("kind") == ON_SITE)


def _rows(ticket: Ticket, kept: Sequence[Clock], readings: Sequence[Reading]) -> list[Clock]:
    """The row of each reading, with the reading written into it: the one that it had, or a new one."""
    newest = {reading.metric: reading.opened_by for reading in readings}
    free, rows = list(kept), []
    for reading in readings:
        row = next((one for one in free if is_of(one, reading)), None)
        if row is None:
            row = Clock(ticket=ticket, metric=reading.metric)
        else:
            free.remove(row)
        row.is_past = reading.opened_by != newest[reading.metric]
        rows.append(keep(row, reading))
    return rows


def is_of(clock: Clock, reading: Reading) -> bool:
    """Whether this is the row of the reading."""
    return clock.metric == reading.metric and clock.opened_by in reading.openers


def read(
    ticket: Ticket,
    *,
    at: datetime,
    events: Iterable[Event] | None = None,
    known_at: datetime | int | None = None,
    hours: Hours | None = None,
) -> list[Reading]:
    """Every clock of the ticket at a moment, from its events (all of them, unless given)."""
    return derive(facts_of(ticket, events), ContractTerms(hours), at, known_at)


def facts_of(ticket: Ticket, events: Iterable[Event] | None = None) -> list[Fact]:
    """The ticket's history as its clocks see it."""
    history = ticket.events.filter(kind__in=READ) if events is None else events
    return [fact_of(event, ticket) for event in history]


def histories(tickets: Sequence[Ticket]) -> dict[int, list[Fact]]:
    """The same for many tickets at once, by their numbers."""
    by_number = {ticket.pk: ticket for ticket in tickets}
    found: dict[int, list[Fact]] = {number: [] for number in by_number}
    for event in Event.objects.filter(ticket__in=list(by_number), kind__in=READ).order_by("pk"):
        found[event.ticket_id].append(fact_of(event, by_number[event.ticket_id]))
    return found


class NewestHours(NamedTuple):
    """The newest version of each calendar, and when the hours of any of them were edited last."""

    numbers: Mapping[str, int]
    edited_at: datetime | None


def newest_hours() -> NewestHours:
    rows = CalendarVersion.objects.order_by().values_list("calendar__slug")
    found = list(rows.annotate(number=Max("number"), edited_at=Max("created_at")))
    return NewestHours({slug: number for slug, number, _ in found}, max((at for _, _, at in found), default=None))


def judged_at(clock: Clock) -> datetime | None:
    """When the verdict was written down, or the end without one; None before. It stays, whatever is edited later."""
    if clock.state == ClockState.BREACHED:
        return clock.recorded_at
    return clock.read_at if clock.state in {ClockState.MET, ClockState.CANCELLED} else None


def judged_by(clock: Clock, newest: NewestHours) -> Hours | None:
    """The hours of its verdict; None where there is none, or where those are the hours of today.

    The number of the calendar's version says it, not the moment: an edit and a verdict at one instant may have
    come in either order (docs/decisions/0031).
    """
    moment = judged_at(clock)
    if moment is None:
        return None
    is_newest = clock.hours in (None, newest.numbers.get(clock.calendar))
    if is_newest and (newest.edited_at is None or moment >= newest.edited_at):
        return None
    return Hours(moment, clock.calendar, clock.hours)


def standing(ticket: Ticket, kept: Sequence[Clock], readings: list[Reading], *, at: datetime) -> list[Reading]:
    """The readings, of judged clocks by the hours of their verdict; who is reopened runs by today's."""
    if all(judged_at(clock) is None for clock in kept):
        return readings
    newest = newest_hours()
    judged = [(clock, hours) for clock in kept if (hours := judged_by(clock, newest)) is not None]
    if not judged:
        return readings
    facts = facts_of(ticket)
    found = []
    for reading in readings:
        for clock, hours in judged:
            if is_of(clock, reading):
                then = derive(facts, ContractTerms(hours), at)
                before = next((one for one in then if is_of(clock, one)), None)
                if before is not None and before.state == clock.state:
                    reading = before
        found.append(reading)
    return found


READ = (*MOVING, *GIVING, Kind.SLA_BREACH)


def fact_of(event: Event, ticket: Ticket) -> Fact:
    """An event as clocks see it (the keys are sla.facts' table).

    Who asks for himself and works at the desk is the requester in his own ticket: his words are no response. Work on
    site says when it began, if only afterwards. What was closed because no answer came was not solved: no verdict.
    """
    data, happened = dict(event.data), event.happened_at
    if event.kind == Kind.CHANGED:
        data = dict(data.get("changed", {}))
    data["public"] = event.public
    if event.kind == Kind.MESSAGE and event.by_id == ticket.requester_id:
        data["by_agent"] = False
    if event.kind == Kind.WORKED and data.get("kind") == ON_SITE:
        began = happened - timedelta(minutes=data.get("minutes") or 0)
        return Fact(Kind.ARRIVED, max(began, ticket.created_at), event.learnt_at, data, event.pk)
    if event.kind == Kind.CLOSED and data.get("why") == UNANSWERED:
        return Fact(Kind.CANCELLED, happened, event.learnt_at, data, event.pk)
    kind = Kind.ASSIGNED if event.kind in GIVING else event.kind
    if event.kind == Kind.RETURNED:
        kind = Kind.HANDED_OVER  # back again: the pause is over, and the time is that of the line that it returns to
    return Fact(kind, happened, event.learnt_at, data, event.pk)


def keep(clock: Clock, reading: Reading) -> Clock:
    """The reading written into its row (not saved). A breach that is not yet recorded leaves the clock running and
    due for the recorder: it alone decides that a breach may be written down (breaches.record_due)."""
    clock.opened_by = reading.opened_by
    breached = reading.state == "breached"
    unrecorded = breached and clock.recorded_at is None
    # What was met keeps the moment of its verdict, until a merge gives it another beginning: it is read anew then.
    stays_met = clock.pk is not None and clock.state == ClockState.MET and clock.started_at == reading.started_at
    clock.target_minutes = round(reading.target_minutes)
    clock.calendar, clock.hours = reading.promise.calendar, reading.promise.hours
    clock.state = ClockState.RUNNING if unrecorded else ClockState(reading.state)
    clock.is_over = reading.is_over
    clock.stands = breached and reading.stands
    if not (stays_met and clock.state == ClockState.MET):
        clock.read_at = reading.read_at
    clock.started_at = reading.started_at
    clock.due_at = reading.due_at
    clock.warn_at = reading.warn_at
    clock.consumed_seconds = round(reading.consumed.total_seconds())
    clock.verdict_at = None if unrecorded else reading.verdict_at
    if unrecorded:
        clock.check_at = reading.verdict_at
    elif reading.state == "running" and reading.due_at:
        warns = [at for warning, at in reading.warns if warning.share not in clock.warned_shares]
        clock.check_at = min([*warns, reading.due_at + JUST_AFTER])
    else:
        clock.check_at = None
    return clock


def read_again(calendar: str, *, at: datetime) -> int:
    """The hours of a calendar (its slug) were edited: the recorder reads its clocks again, all that are not judged."""
    open_ones = Clock.objects.filter(calendar=calendar, state__in=(ClockState.RUNNING, ClockState.PAUSED))
    return open_ones.update(check_at=at)


def set_place(ticket: Ticket, clocks: Iterable[Clock]) -> None:
    """Where the ticket stands in its queue: by the earliest moment that still is owed, kept or not. Not saved here:
    history.record does, after the reactions."""
    owed = [clock.due_at for clock in clocks if not clock.is_over and clock.due_at is not None]
    due = min(owed) if owed and ticket.is_open else None
    ticket.due_at, ticket.queue_at = due, due or FAR_AHEAD


def of(ticket: Ticket) -> list[Clock]:
    """The rows, each metric's newest, in the order in which the metrics are owed."""
    along = "clocks" in vars(ticket).get("_prefetched_objects_cache", {})
    return _in_order(ticket.clocks.all() if along else _CURRENT_OF.all(ticket=ticket.pk))


def just_read(ticket: Ticket) -> list[Clock] | None:
    """The same as the last event on this very object wrote them, for the answer to the deed; None where none did."""
    return None if ticket.clocks_read is None else _in_order(ticket.clocks_read)


def _in_order(clocks: Iterable[Clock]) -> list[Clock]:
    return sorted((clock for clock in clocks if not clock.is_past), key=lambda one: ORDER[one.metric])


_CURRENT_OF = Question(lambda: Clock.objects.filter(ticket=Given("ticket", BigIntegerField()), is_past=False))


def consumed_minutes(clock: Clock, at: datetime, known: dict[str, Timetable] | None = None) -> float:
    """Working minutes used until `at`: as read, and while it runs what has passed since.

    `known` keeps timetables by slug, so that a list of clocks asks for each calendar once.
    """
    seconds = float(clock.consumed_seconds)
    counts = clock.state in {ClockState.RUNNING, ClockState.BREACHED} and not (clock.is_over or clock.stands)
    if counts and at > clock.read_at:
        timetables = {} if known is None else known
        if clock.calendar not in timetables:
            timetables[clock.calendar] = timetable_of(Calendar.objects.get(slug=clock.calendar))
        seconds += timetables[clock.calendar].between(clock.read_at, at).total_seconds()
    return round(seconds / 60, 2)


def shape(clock: Clock, at: datetime, known: dict[str, Timetable] | None = None) -> dict[str, Any]:
    """The Clock of interfaces.md; `known` as in `consumed_minutes`."""
    return {
        "metric": clock.metric,
        "target_minutes": clock.target_minutes,
        "calendar": clock.calendar,
        "state": str(clock.state),
        "due_at": clock.due_at.astimezone(UTC).isoformat() if clock.due_at else None,
        "consumed_minutes": consumed_minutes(clock, at, known),
        "verdict_at": clock.verdict_at.astimezone(UTC).isoformat() if clock.verdict_at else None,
        "excused": clock.excused,
    }


def _excuse(ticket: Ticket, clock: Clock, fact: Fact, *, at: datetime) -> None:
    clock.excused = {"reason": "learnt late", "by": None, "at": at.isoformat(), "event": fact.number}
    clock.save(update_fields=["excused"])
    record(ticket, Kind.SLA_EXCUSED, by=None, at=at, metric=clock.metric, reason="learnt late", event=fact.number)

"""What the clocks of a ticket show, worked out afresh from its history. Pure: no Django, no system clock.

`derive(facts, terms, now)` reads every clock of a ticket; `read_clock` reads one from plain moments. The rules, from
product.md "Conventions" and interfaces.md "Clock":

- met when the fact's time ≤ due, breached after it; a deadline exactly at closing time stays there;
- a breach's verdict_at is the due moment, and it stays: reopening, another priority or a late fact do not erase it;
- the response clocks never pause; the resolution clock does while waiting for the client, on hold, and while waiting
  for a vendor where the contract says so; a pause that is the provider's own time stops nothing; time while solved is
  not counted;
- after a change of priority, type, service or client the new target holds from the original start, consumed time
  kept. Where the new target has another calendar, what was consumed is computed again by the new calendar from the
  original start. If that leaves less than nothing, the clock is breached at the moment when the new target was used
  up. A clock that was judged keeps the terms by which it was judged.

Late facts (product.md, "What is always true" 3): give the recorded breaches (`sla_breach` facts) with the history. A
breach that was recorded stays; if what was learnt afterwards shows that the promise was kept, `late_fact` is the fact
that excuses it. Where none was recorded the clock is simply met, and `late_fact` says that it was learnt late.
`known_at` (a moment, or an event number) answers as it was known then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from firstline.calendars.working_time import NeverOpen, WorkingTime
from firstline.lib.periods import Period, clipped, minus
from firstline.sla.courses import CLOCKS, Course, Pause, beginning
from firstline.sla.facts import Fact, known, moment_of, properties_over_time
from firstline.sla.owed import WARN_SHARE, Promise, Terms, Warning

State = Literal["running", "paused", "met", "breached", "cancelled"]
SegmentKind = Literal["ran", "closed", "paused", "solved"]

MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


class Segment(NamedTuple):
    """A stretch of a clock's life. Only `ran` counts; `reason` of a pause is client, vendor or hold, `party` whose time
    it is."""

    start: datetime
    end: datetime
    kind: SegmentKind
    reason: str = ""
    party: str = ""

    @property
    def minutes(self) -> float:
        """How long it lasted; the segments that ran add up to what was consumed."""
        return (self.end - self.start) / MINUTE


@dataclass(frozen=True)
class Reading:
    """One clock at one moment (`read_at`). All moments are in UTC.

    `due_at`: None while paused, when cancelled, and when the calendar never opens long enough again.
    `consumed`: working time counted until now, or until the clock stopped.
    `verdict_at`: the fact's time when met, the due moment when breached, the end when cancelled; else None.
    `warn_at`: when the share of the first warning is (or was) used up; None where that is not yet known, or no warning
    is wanted.
    `wakes_at`: when a hold ends by itself.
    `promise`: the terms by which the clock runs or was judged.
    `opened_by`, `openers`: which of a clock that comes again and again it is (courses.Course).
    """

    metric: str
    state: State
    promise: Promise
    started_at: datetime
    read_at: datetime
    due_at: datetime | None
    consumed: timedelta
    verdict_at: datetime | None = None
    warn_at: datetime | None = None
    wakes_at: datetime | None = None
    late_fact: Fact | None = None
    opened_by: int = 0
    openers: frozenset[int] = frozenset({0})
    _life: _Life | None = field(default=None, repr=False, compare=False)

    @property
    def target_minutes(self) -> float:
        """The promised working time in minutes."""
        return self.promise.target / MINUTE

    @property
    def consumed_minutes(self) -> float:
        """The used working time in minutes."""
        return self.consumed / MINUTE

    @property
    def is_over(self) -> bool:
        """Whether what was promised was done (in time or not), or the ticket was cancelled: it does not run on."""
        return self.state == "cancelled" or (self._life is not None and self._life.is_over)

    @property
    def stopped_at(self) -> datetime | None:
        """When what was promised was done, in time or not; None where it was not."""
        return None if self._life is None else self._life.stopped_at

    @property
    def stands(self) -> bool:
        """Whether it does not count right now, whatever was judged: its ticket waits, and is not solved."""
        return not self.is_over and self._life is not None and self._life.pause_now(self.promise) is not None

    @property
    def changes_at(self) -> datetime | None:
        """The next moment at which time alone changes something: the warning, the deadline, the end of a hold.

        At the deadline itself the promise is still kept: it is breached at any moment after it.
        """
        if self.state == "paused":
            return self.wakes_at
        if self.state != "running":
            return None
        return self.warn_at if self.warn_at is not None and self.read_at < self.warn_at else self.due_at

    @property
    def warns(self) -> list[tuple[Warning, datetime]]:
        """Each warning of the terms with the moment at which its share is (or was) used up, where that is known."""
        if self._life is None:
            return []
        found = []
        for i, warning in enumerate(self.promise.warnings):
            at = self.warn_at if i == 0 else _share_used(self._life, self.promise, self.state, warning)
            found += [] if at is None else [(warning, at)]
        return found

    def used_up_at(self, percent: int) -> datetime | None:
        """When so much of the target was used up, or will be if it runs on; None where that is not known."""
        if self._life is None:
            return None
        state = "running" if self.state == "breached" else self.state
        return _share_used(self._life, self.promise, state, Warning(str(percent / 100)))

    @property
    def segments(self) -> list[Segment]:
        """The clock's life from its start until now or until it stopped, without a gap, in order."""
        return [] if self._life is None else self._life.segments(self.promise)


def derive(facts: Iterable[Fact], terms: Terms, now: datetime, known_at: datetime | int | None = None) -> list[Reading]:
    """Return a reading of each clock that the terms promise, from the ticket's whole history.

    Of a clock that comes again and again there is a reading for each time, in order. `known_at` leaves out what was
    learnt after a moment, or came after an event number. Facts later than `now` have not happened yet. A history
    without its `created` fact has no clocks.
    """
    history = [fact for fact in known(facts, known_at) if fact.at <= now]
    started, since = beginning(history)
    if started is None:
        return []
    changes = properties_over_time(history)
    readings = []
    for metric, courses_of in CLOCKS.items():
        eras = [_Era(change.at, terms.promise(metric, change.properties)) for change in changes]
        if all(era.promise is None for era in eras):
            continue
        for course in courses_of(started, since):
            holding = _holding(eras, course.started_at)
            if any(era.promise is not None for era in holding):
                readings.append(_with_record(_read(metric, _Life(course, now), holding), course, history))
    return readings


def _holding(eras: Sequence[_Era], start: datetime) -> list[_Era]:
    """Return the eras from a start on: what held before it began is nothing to a clock."""
    before = [era for era in eras if era.begin <= start]
    return [*before[-1:], *(era for era in eras if era.begin > start)]


def read_clock(
    *,
    target: timedelta,
    timetable: WorkingTime,
    started_at: datetime,
    now: datetime,
    pauses: Sequence[tuple[datetime, datetime | None]] = (),
    stopped_at: datetime | None = None,
    cancelled_at: datetime | None = None,
    solved: Sequence[tuple[datetime, datetime | None]] = (),
    warn_share: float = float(WARN_SHARE),
    metric: str = "resolution",
) -> Reading:
    """Return the reading of one clock with one target from plain moments.

    `pauses` and `solved` are periods [from, to), an end of None = still so; time in them is not counted. A ticket
    that was reopened has its solved time in `solved`, and `stopped_at` only where it is solved now.
    """
    course = Course(
        started_at,
        stopped_by=None if stopped_at is None else Fact("resolved", stopped_at, stopped_at),
        pauses=tuple(Pause(start, end, "", "") for start, end in pauses),
        solved=tuple(Period(start, end) for start, end in solved),
        cancelled_at=cancelled_at,
    )
    promise = Promise(target, timetable, vendor_waiting_pauses=True, warnings=(Warning(str(warn_share)),))
    return _read(metric, _Life(course, now), [_Era(started_at, promise)])


class _Era(NamedTuple):
    """From `begin` until the next era this is owed; None = nothing is."""

    begin: datetime
    promise: Promise | None


class _Life:
    """When one clock was alive (neither solved nor over), until `end`: the stop, the cancellation or now."""

    def __init__(self, course: Course, now: datetime) -> None:
        stopped_at = course.stopped_by.at if course.stopped_by else None
        self.course = course
        self.now = now
        self.stopped_at = stopped_at
        self.is_over = stopped_at is not None or course.cancelled_at is not None
        self.end = stopped_at or course.cancelled_at or now
        self.live = minus([Period(course.started_at, self.end)], course.solved)

    def lives_in(self, begin: datetime, until: datetime | None) -> bool:
        """Say whether the clock was alive at some moment from `begin` to `until`; right now counts as one."""
        if not self.is_over and until is None:
            return True
        return bool(clipped(self.live, Period(begin, until)))

    def running(self, promise: Promise, until: datetime | None = None) -> list[Period]:
        """Return the stretches in which the clock ran (open or closed), up to a moment."""
        live = self.live if until is None else clipped(self.live, Period(self.course.started_at, until))
        return minus(live, self.pauses(promise))

    def pauses(self, promise: Promise) -> list[Period]:
        """Return the pauses that count under these terms."""
        return [Period(p.start, p.end) for p in self._counting(promise)]

    def pause_now(self, promise: Promise) -> Pause | None:
        """Return the pause in which the clock stands."""
        return next((p for p in self._counting(promise) if Period(p.start, p.end).covers(self.now)), None)

    def segments(self, promise: Promise) -> list[Segment]:
        """Return the whole life in pieces, in order."""
        whole = Period(self.course.started_at, self.end)
        found = [Segment(p.start, p.end, "solved") for p in clipped(self.course.solved, whole) if p.end is not None]
        taken = list(self.course.solved)
        for pause in self._counting(promise):
            rest = minus([Period(pause.start, pause.end)], taken)
            found += [
                Segment(p.start, p.end, "paused", pause.reason, pause.party)
                for p in clipped(rest, whole)
                if p.end is not None
            ]
            taken.append(Period(pause.start, pause.end))
        for piece in self.running(promise):
            found += _ran_and_closed(promise.timetable, piece)
        return sorted(segment for segment in found if segment.end > segment.start)

    def _counting(self, promise: Promise) -> list[Pause]:
        return [p for p in self.course.pauses if _stops(p, promise)]


def _stops(pause: Pause, promise: Promise) -> bool:
    if pause.party == "provider":
        return False
    if pause.stops is not None:
        return pause.stops
    return pause.party != "vendor" or promise.vendor_waiting_pauses


def _read(metric: str, life: _Life, eras: Sequence[_Era]) -> Reading:
    current = eras[0]
    for i, era in enumerate(eras):
        until = eras[i + 1].begin if i + 1 < len(eras) else None
        if i > 0 and not life.lives_in(era.begin, until):
            continue  # what was judged, or changed twice at once, is not judged again
        current = era
        if era.promise is not None:
            spent, over = _used_up(era.promise.timetable, life.running(era.promise, until), era.promise.target)
            if over:
                return _reading(metric, life, era.promise, "breached", due_at=spent, verdict_at=spent)
    if current.promise is None:
        owed = next(era.promise for era in reversed(eras) if era.promise is not None)
        return _reading(metric, life, owed, "cancelled", verdict_at=current.begin)
    return _unbreached(metric, life, current.promise)


def _unbreached(metric: str, life: _Life, promise: Promise) -> Reading:
    if life.stopped_at is not None:
        late = life.course.stopped_by
        due = _due(life, promise, promise.target)
        if late is not None and (due is None or late.learnt_at <= due):
            late = None
        return _reading(metric, life, promise, "met", due_at=due, verdict_at=life.stopped_at, late_fact=late)
    if life.course.cancelled_at is not None:
        return _reading(metric, life, promise, "cancelled", verdict_at=life.course.cancelled_at)
    pause = life.pause_now(promise)
    if pause is not None:
        return replace(_reading(metric, life, promise, "paused"), wakes_at=pause.end)
    return _reading(metric, life, promise, "running", due_at=_due(life, promise, promise.target))


def _reading(
    metric: str,
    life: _Life,
    promise: Promise,
    state: State,
    *,
    due_at: datetime | None = None,
    verdict_at: datetime | None = None,
    late_fact: Fact | None = None,
) -> Reading:
    running = life.running(promise)
    warn_at = _share_used(life, promise, state, promise.warnings[0]) if promise.warnings else None
    return Reading(
        metric=metric,
        state=state,
        promise=promise,
        started_at=life.course.started_at,
        read_at=life.now,
        due_at=due_at,
        consumed=sum((promise.timetable.between(p.start, p.end) for p in running if p.end is not None), NOTHING),
        verdict_at=verdict_at,
        warn_at=warn_at,
        late_fact=late_fact,
        opened_by=life.course.opened_by,
        openers=life.course.openers,
        _life=life,
    )


def _share_used(life: _Life, promise: Promise, state: State, warning: Warning) -> datetime | None:
    goal = promise.target * float(warning.share)
    if state in ("running", "met"):
        return _due(life, promise, goal)
    return _used_up(promise.timetable, life.running(promise), goal)[0]


def _used_up(timetable: WorkingTime, running: Iterable[Period], goal: timedelta) -> tuple[datetime | None, bool]:
    """Return the moment at which `goal` of working time was used up, and whether the clock ran on past it.

    None: not yet. A clock that stood still at the very moment goes on, if it does, with nothing left: it is past the
    goal at its next open moment. An open last stretch is answered as if it ran on (raises NeverOpen).
    """
    left, exactly = goal, None
    for start, end in running:
        if end is None:
            return timetable.add(start, left), False
        used = timetable.between(start, end)
        if used >= left and used:
            moment = timetable.add(start, left)
            if moment < end:
                return moment, True
            exactly = moment
        left = max(left - used, NOTHING)
    return exactly, False


def _due(life: _Life, promise: Promise, goal: timedelta) -> datetime | None:
    """Return when `goal` is used up if the clock runs on from where it stands; None if the calendar never allows it."""
    running = life.running(promise)
    if running and running[-1].end == life.end:
        running[-1] = Period(running[-1].start, None)
    else:
        running.append(Period(life.end, None))
    try:
        return _used_up(promise.timetable, running, goal)[0]
    except NeverOpen:
        return None


def _with_record(reading: Reading, course: Course, history: Sequence[Fact]) -> Reading:
    """Keep a breach that was recorded; say which fact excuses it if, by what is known now, there was none."""
    breaches = [f for f in history if (f.kind, f.data.get("metric")) == ("sla_breach", reading.metric)]
    records = [f for f in breaches if f.data.get("since", 0) in course.openers]
    if not records:
        return reading
    record = min(records, key=lambda fact: (fact.learnt_at, fact.number))
    due_at = moment_of(record.data.get("due_at")) or record.at
    late = None
    if reading.state != "breached":
        # By the number first: a word that waited for the recorder's lock was written down after the breach, whatever
        # moment it had in its hand when it began to wait.
        learnt = [f for f in history if f.at <= due_at and (f.number, f.learnt_at) > (record.number, record.learnt_at)]
        late = course.stopped_by if course.stopped_by in learnt else next((f for f in learnt if f != record), None)
    return replace(reading, state="breached", due_at=due_at, verdict_at=due_at, late_fact=late, wakes_at=None)


def _ran_and_closed(timetable: WorkingTime, piece: Period) -> list[Segment]:
    if piece.end is None:
        return []
    found: list[Segment] = []
    since = piece.start
    for opens, closes in timetable.open_spans(piece.start, piece.end):
        found += [Segment(since, opens, "closed"), Segment(opens, closes, "ran")]
        since = closes
    return [*found, Segment(since, piece.end, "closed")]

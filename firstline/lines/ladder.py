"""Telling superiors: what a rung says, which marks a ticket has reached, who is told. Pure.

An *occasion* is a ticket and a clock of it (`what` is "clock"), its Nth hand-over, its Nth reopening, that it is a
VIP's, that it is a complaint. A *mark* is a share of a clock in percent, or the how many-th.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

CLOCK, HANDED_OVER, REOPENED, VIP, COMPLAINT = "clock", "handed_over", "reopened", "vip", "complaint"
WHATS = (CLOCK, HANDED_OVER, REOPENED, VIP, COMPLAINT)
COUNTED = (HANDED_OVER, REOPENED)
METRICS = (
    "acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution",
)  # fmt: skip
SHARES = (50, 75, 90, 100)
MOST_COUNT, MOST_RUNGS, MOST_TOLD = 20, 20, 10
ASSIGNEE, LINE_LEAD, MANAGER, ON_CALL = "assignee", "line_lead", "manager", "on_call"
ROLES = (ASSIGNEE, LINE_LEAD, MANAGER, ON_CALL)
MAIL, IN_APP, SMS = "mail", "in_app", "sms"
CHANNELS, USUAL = (MAIL, IN_APP, SMS), (MAIL, IN_APP)
WAIT, LONGEST_WAIT = 15, 1440  # minutes without an answer until the next layer is called


class Rung(NamedTuple):
    """`metric`: "" is every clock. `tell`: of ROLES, or "team:SLUG", "person:LOGIN". `priority`, `line`: 0 is none."""

    what: str
    mark: int = 1
    metric: str = ""
    tell: tuple[str, ...] = ()
    channels: tuple[str, ...] = USUAL
    priority: int = 0
    line: int = 0
    watch: bool = False


class Key(NamedTuple):
    """Which occasion of a ticket: `number` is the event that opened the clock (0: it comes once), or the mark."""

    what: str
    metric: str = ""
    number: int = 0


@dataclass(frozen=True)
class ClockNow:
    """A clock at one moment. `counts`: its time counts and something is still owed. `used_up`: when each share was or
    will be; 100 only once the breach is recorded. `openers`: by which events it may be known."""

    metric: str
    number: int = 0
    openers: frozenset[int] = frozenset({0})
    counts: bool = True
    used_up: Mapping[int, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """A mark with the moment at which it was, or will be, reached."""

    key: Key
    rung: Rung
    at: datetime
    openers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Known:
    """What was said of an occasion so far."""

    key: Key
    marks: frozenset[int] = frozenset()
    acknowledged: bool = False


@dataclass(frozen=True)
class Speech:
    """What is to be said now: the highest mark, and those below that pass with it."""

    key: Key
    rung: Rung
    at: datetime
    marks: frozenset[int]


@dataclass(frozen=True)
class Looked:
    """What a look found: speeches, and the marks that will be reached if nothing happens until then, in order."""

    speeches: tuple[Speech, ...] = ()
    coming: tuple[Reached, ...] = ()


# ---- what is wrong with a rung ---------------------------------------------------------------------


def problems(rungs: Sequence[Rung]) -> list[tuple[str, str]]:
    """(field, problem) of each thing that is wrong, before names are looked up."""
    found: list[tuple[str, str]] = []
    if not rungs:
        found.append(("rungs", "none"))
    if len(rungs) > MOST_RUNGS:
        found.append(("rungs", f"more than {MOST_RUNGS}"))
    seen: set[tuple[str, str, int]] = set()
    for place, rung in enumerate(rungs):
        found += [(f"rungs[{place}].{name}", problem) for name, problem in _problems_of(rung)]
        stands = (rung.what, rung.metric, rung.mark)
        if stands in seen:
            found.append((f"rungs[{place}].mark", "twice"))
        seen.add(stands)
    return found


def _problems_of(rung: Rung) -> Iterable[tuple[str, str]]:
    if rung.what not in WHATS:
        yield "what", f"one of {', '.join(WHATS)}"
        return
    if rung.what == CLOCK:
        if rung.mark not in SHARES:
            yield "mark", "50, 75, 90 or 100"
        if rung.metric and rung.metric not in METRICS:
            yield "metric", f"one of {', '.join(METRICS)}"
    elif rung.metric:
        yield "metric", "only of a clock"
    if rung.what in COUNTED and not 1 <= rung.mark <= MOST_COUNT:
        yield "mark", f"1 to {MOST_COUNT}"
    if rung.what in (VIP, COMPLAINT) and rung.mark != 1:
        yield "mark", "1"
    if not rung.tell:
        yield "tell", "nobody"
    if len(rung.tell) > MOST_TOLD:
        yield "tell", f"more than {MOST_TOLD}"
    for who in rung.tell:
        if who not in ROLES and who.partition(":")[0] not in ("team", "person"):
            yield "tell", f"{who[:60]}: unknown"
    if not rung.channels or not set(rung.channels) <= set(CHANNELS):
        yield "channels", f"of {', '.join(CHANNELS)}"
    if rung.priority not in (0, 1, 2, 3):
        yield "priority", "1 to 3"
    if rung.line not in (0, 2, 3):
        yield "line", "2 or 3"


# ---- which marks are reached -----------------------------------------------------------------------


def marks(
    rungs: Iterable[Rung], clocks: Sequence[ClockNow], happened: Mapping[str, Sequence[datetime]]
) -> list[Reached]:
    """Each mark that has a moment, past or to come. `happened`: when it was handed over (each time), reopened, became
    a VIP's, a complaint."""
    found = []
    for rung in rungs:
        if rung.what != CLOCK:
            times = happened.get(rung.what, ())
            if len(times) >= rung.mark:
                found.append(Reached(Key(rung.what, "", rung.mark), rung, times[rung.mark - 1]))
            continue
        for clock in clocks:
            if clock.counts and rung.metric in ("", clock.metric) and (at := clock.used_up.get(rung.mark)):
                found.append(Reached(Key(CLOCK, clock.metric, clock.number), rung, at, clock.openers))
    return found


def look(reached: Sequence[Reached], known: Sequence[Known], *, since: datetime | None, at: datetime) -> Looked:
    """What is to be said at `at`. `since`: marks that were reached before stay unsaid (the ladder is younger)."""
    due: dict[Key, list[Reached]] = {}
    coming: list[Reached] = []
    for one in reached:
        before = known_of(one.key, one.openers, known)
        if before is not None and (before.acknowledged or one.rung.mark in before.marks):
            continue
        if since is not None and one.at < since:
            continue
        if one.at > at:
            coming.append(one)
        else:
            due.setdefault(before.key if before is not None else one.key, []).append(one)
    speeches = [_together(key, ones) for key, ones in due.items()]
    return Looked(
        tuple(sorted(speeches, key=lambda one: one.at)), tuple(sorted(coming, key=lambda one: one.at))
    )  # fmt: skip


def known_of(key: Key, openers: frozenset[int], known: Iterable[Known]) -> Known | None:
    """What was said of this occasion, by whichever of its numbers it was known then."""
    numbers = openers or {key.number}
    return next(
        (one for one in known if one.key[:2] == key[:2] and (one.key.number in numbers or one.key == key)), None
    )


def _together(key: Key, ones: Sequence[Reached]) -> Speech:
    ones = sorted(ones, key=lambda one: (one.rung.mark, bool(one.rung.metric), one.at))
    last = ones[-1]
    priorities = [one.rung.priority for one in ones if one.rung.priority]
    rung = last.rung._replace(
        tell=_united(one.rung.tell for one in ones), channels=_united(one.rung.channels for one in ones),
        priority=min(priorities, default=0), line=max(one.rung.line for one in ones),
        watch=any(one.rung.watch for one in ones),
    )  # fmt: skip
    return Speech(key, rung, last.at, frozenset(one.rung.mark for one in ones))


def _united(many: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in many for one in some))


# ---- who is told -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class People:
    """Who could be told of a ticket, by number; only those who may see it. `on_call`: in the order of the layers.
    `here`: on duty by a shift; where no shifts are kept, nobody."""

    assignee: int | None = None
    leads: tuple[int, ...] = ()
    managers: tuple[int, ...] = ()
    on_call: tuple[int, ...] = ()
    named: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()
    here: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Telling:
    """`people`, each once; `called`: who of them was called from a layer, so that the next one is after a while.
    `notes`: unassigned, absent, nobody_on_call, all_absent, nobody."""

    people: tuple[int, ...] = ()
    called: int | None = None
    notes: tuple[str, ...] = ()


def who_is_told(tell: Sequence[str], people: People, *, inside: bool) -> Telling:
    """By day those whom the rung names; outside the hours who is on call, and of the others who is on duty anyhow."""
    told: list[int] = []
    notes: list[str] = []
    for who in tell:
        if who == ON_CALL:
            continue
        found = _named(who, people, notes if inside else [])
        told += [one for one in found if one not in people.absent and (inside or one in people.here)]
    called = None
    if not inside or ON_CALL in tell:
        called = next((one for one in people.on_call if one not in people.absent), None)
        if called is not None:
            told.insert(0, called)
        else:
            notes.append("nobody_on_call")
            told += [one for one in people.managers if one not in people.absent]
    return _somebody(told, called, notes, people)


def who_is_next(people: People, *, called: Iterable[int]) -> Telling:
    """Nobody answered: the next layer; after the last one the managers, and then nobody more (`called` is None)."""
    before = set(called)
    following = next((one for one in people.on_call if one not in before | people.absent), None)
    if following is not None:
        return Telling((following,), following)
    managers = [one for one in people.managers if one not in before]
    if not managers and people.managers:
        return Telling((), None, ("last_layer",))  # they know
    return _somebody([one for one in managers if one not in people.absent], None, ["last_layer"], people)


def _named(who: str, people: People, notes: list[str]) -> Sequence[int]:
    if who == LINE_LEAD:
        return people.leads
    if who == MANAGER:
        return people.managers
    if who != ASSIGNEE:
        return people.named.get(who, ())
    if people.assignee is None:
        notes.append("unassigned")
        return people.leads
    if people.assignee in people.absent:
        notes.append("absent")
        return people.leads
    return (people.assignee,)


def _somebody(told: list[int], called: int | None, notes: list[str], people: People) -> Telling:
    """Where nobody is left: a manager who is here, then any manager; else it is said that there is nobody."""
    if not told:
        told = [one for one in people.managers if one not in people.absent]
    if not told and people.managers:
        notes.append("all_absent")
        told = list(people.managers)
    if not told:
        notes.append("nobody")
    return Telling(tuple(dict.fromkeys(told)), called, tuple(dict.fromkeys(notes)))


def next_call(told_at: datetime, wait: int) -> datetime:
    return told_at + timedelta(minutes=wait)

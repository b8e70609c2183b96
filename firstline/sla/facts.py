"""What a ticket's history says to its clocks: when each one starts, pauses, stops. Pure: no Django, no system clock.

A history is a sequence of `Fact`s, one for each event of the ticket. The kinds that mean something here, and the keys
of `data` that are read (anything else is passed over):

| kind | data | says |
| --- | --- | --- |
| created | answered: bool; priority, type, service, client … | the clocks start; `answered` = made during a call |
| message | public: bool, by_agent: bool | public and by an agent: a response |
| called | – | a logged call with the requester: a response |
| waiting | for: "client" or "vendor" | a pause begins (of a vendor only where the contract says so) |
| held | until: ISO moment, datetime or None | a pause until then or until the next move, whichever comes first |
| resumed, taken, handed_over | – | the pause ends |
| resolved, confirmed, closed | – | solved; the first of them counts; *resolved* is a response too |
| cancelled | – | the clocks end without a verdict |
| reopened | – | solved or cancelled no more: the clocks go on, the time between is not counted |
| changed | field: {"from": …, "to": …} | a property of the ticket, and with it the target, is another one from now on |
| sla_breach | metric: str; due_at: ISO moment or datetime | a breach was recorded (see reading.derive) |

The statuses move only by these facts: an answer of the requester that wakes a waiting or solved ticket is a `message`
and a `resumed` or `reopened` beside it. `assigned` keeps the status and says nothing here.

A clock of a new metric is one more function in CLOCKS that turns a history into a `Course`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from firstline.lib.periods import Period

RESUMING = frozenset({"resumed", "taken", "handed_over", "reopened"})
SOLVING = frozenset({"resolved", "confirmed", "closed"})
ENDING = frozenset({"confirmed", "closed", "cancelled"})


@dataclass(frozen=True)
class Fact:
    """One event as clocks see it: when it happened, when we learnt it, its number in the history (it only grows)."""

    kind: str
    at: datetime
    learnt_at: datetime
    data: Mapping[str, object] = field(default_factory=dict)
    number: int = 0


class Pause(NamedTuple):
    """A stretch without running time; `end` None = still so. `reason` is client, vendor or hold."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True)
class Course:
    """The outer facts of one clock, before any target is known.

    `solved` are the stretches whose time is not counted; the last one has no end where the ticket still is solved,
    and `stopped_by` is then the fact that began it. `cancelled_at`: the clock ended there without being stopped.
    """

    started_at: datetime
    stopped_by: Fact | None = None
    pauses: tuple[Pause, ...] = ()
    solved: tuple[Period, ...] = ()
    cancelled_at: datetime | None = None


class Change(NamedTuple):
    """From `at` on the ticket has these properties (priority, type, service, client, …)."""

    at: datetime
    properties: Mapping[str, object]


def known(facts: Iterable[Fact], known_at: datetime | int | None = None) -> list[Fact]:
    """Return the facts in the order in which they happened, only those learnt by a moment or up to an event number."""
    if isinstance(known_at, datetime):
        facts = (fact for fact in facts if fact.learnt_at <= known_at)
    elif known_at is not None:
        facts = (fact for fact in facts if fact.number <= known_at)
    return sorted(facts, key=lambda fact: (fact.at, fact.number))


def facts_of(facts: Iterable[Fact]) -> dict[str, Course]:
    """Return the course of each clock by its metric; nothing for a history in which the ticket is not yet created."""
    history = known(facts)
    started = next((fact for fact in history if fact.kind == "created"), None)
    if started is None:
        return {}
    return {metric: course(started, history) for metric, course in CLOCKS.items()}


def properties_over_time(facts: Iterable[Fact]) -> list[Change]:
    """Return what the ticket was from its creation on, in order: one entry for each change, the creation first."""
    changes: list[Change] = []
    for fact in known(facts):
        if fact.kind == "created" and not changes:
            changes.append(Change(fact.at, {k: v for k, v in fact.data.items() if k != "answered"}))
        elif fact.kind == "changed" and changes:
            new = {k: step["to"] for k, step in fact.data.items() if isinstance(step, Mapping) and "to" in step}
            changes.append(Change(fact.at, {**changes[-1].properties, **new}))
    return changes


def is_response(fact: Fact) -> bool:
    """Say whether the fact is a first response (product.md): never a note, an acknowledgement or an assignment.

    A solution is one: how it was solved is what the agent says to the requester, on the page and by mail.
    """
    if fact.kind == "created":
        return bool(fact.data.get("answered"))
    if fact.kind == "message":
        return bool(fact.data.get("public")) and bool(fact.data.get("by_agent"))
    return fact.kind in {"called", "resolved"}


def _first_response(started: Fact, history: Sequence[Fact]) -> Course:
    answer = next((fact for fact in history if is_response(fact) and fact.at >= started.at), None)
    if answer is not None:
        return Course(started.at, stopped_by=answer)
    # A ticket that ended without any answer leaves nobody to be answered: no verdict, unless it came before.
    ended_at = None
    for fact in history:
        if fact.kind in ENDING and ended_at is None:
            ended_at = fact.at
        elif fact.kind == "reopened":
            ended_at = None
    return Course(started.at, cancelled_at=ended_at)


def _resolution(started: Fact, history: Sequence[Fact]) -> Course:
    walk = _Walk()
    for fact in history:
        if fact.at >= started.at:
            walk.step(fact)
    return walk.course(started.at)


CLOCKS: dict[str, Callable[[Fact, Sequence[Fact]], Course]] = {
    "first_response": _first_response,
    "resolution": _resolution,
}


class _Walk:
    """Goes through a history once and notes the pauses and the solved stretches of the resolution clock."""

    def __init__(self) -> None:
        self.pauses: list[Pause] = []
        self.solved: list[Period] = []
        self.pausing: Pause | None = None
        self.ended_by: Fact | None = None

    def step(self, fact: Fact) -> None:
        if self.ended_by is not None:
            if fact.kind == "reopened":
                self.solved.append(Period(self.ended_by.at, fact.at))
                self.ended_by = None
            return
        if fact.kind in SOLVING or fact.kind == "cancelled":
            self._end_pause(fact.at)
            self.ended_by = fact
        elif fact.kind in RESUMING:
            self._end_pause(fact.at)
        elif fact.kind == "waiting":
            self._end_pause(fact.at)
            self.pausing = Pause(fact.at, None, str(fact.data.get("for")))
        elif fact.kind == "held":
            self._end_pause(fact.at)
            self.pausing = Pause(fact.at, moment_of(fact.data.get("until")), "hold")

    def course(self, started_at: datetime) -> Course:
        pauses, solved, ended_by = list(self.pauses), list(self.solved), self.ended_by
        if self.pausing is not None:
            pauses.append(self.pausing)
        if ended_by is None:
            return Course(started_at, None, tuple(pauses), tuple(solved))
        solved.append(Period(ended_by.at, None))
        if ended_by.kind == "cancelled":
            return Course(started_at, None, tuple(pauses), tuple(solved), cancelled_at=ended_by.at)
        return Course(started_at, ended_by, tuple(pauses), tuple(solved))

    def _end_pause(self, at: datetime) -> None:
        if self.pausing is not None:
            start, until, reason = self.pausing
            self.pauses.append(Pause(start, at if until is None else min(at, until), reason))
            self.pausing = None


def moment_of(value: object) -> datetime | None:
    """Read a moment out of an event's data, where JSON has made it a text. ValueError: it is none, or has no offset."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no offset to UTC")
    return moment

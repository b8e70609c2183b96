"""How each clock of a ticket goes: when it starts, pauses and stops, by the facts alone. Pure: no Django, no clock.

| clock | from | until | stands still |
| --- | --- | --- | --- |
| acknowledge | the creation | somebody takes it, is there, or says the first public word | never |
| first_response | the creation | the first public word of an agent, a call, a solution | never |
| next_response | the oldest unanswered word of the requester's side, after the first response | the response | never |
| update | the creation, then each public word | the next public word | as the resolution |
| on_site | the creation | somebody of ours is there; no visit needed or made: no verdict | as the resolution |
| workaround | the creation | a workaround, or the solution | as the resolution |
| resolution | the creation | the solution | in pauses (`Pause`), and while solved |

next_response and update come again and again: each time is a course of its own, known by the number of the fact that
opened it (`opened_by`), and what was judged before stays as it was. The others have one course, opened by 0.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from firstline.lib.periods import Period
from firstline.sla.facts import (
    Fact,
    acknowledges,
    is_response,
    moment_of,
    tells_how_it_stands,
    wants_response,
)

RESUMING = frozenset({"resumed", "taken", "handed_over", "reopened"})
SOLVING = frozenset({"resolved", "confirmed", "closed"})
CANCELLING = frozenset({"cancelled", "merged"})
ENDING = frozenset({"confirmed", "closed"}) | CANCELLING
REPEATED = frozenset({"next_response", "update"})


class Pause(NamedTuple):
    """A stretch in which the ticket waited; `end` None = still so. `reason` is client, vendor or hold.

    `party` is whose time it is: client, vendor, force_majeure or provider. Where the desk did not say, it follows from
    what is waited for; a hold was agreed with the client. The provider's own time never stops a clock. `stops` is what
    the contract says of the reason; None: it says nothing.
    """

    start: datetime
    end: datetime | None
    reason: str
    party: str = "client"
    stops: bool | None = None


@dataclass(frozen=True)
class Course:
    """The outer facts of one clock, before any target is known.

    `solved` are the stretches whose time is not counted; the last one has no end where the ticket still is solved,
    and `stopped_by` is then the fact that began it. `cancelled_at`: the clock ended there without being stopped.
    `openers`: the numbers of all facts by which a repeated clock may be known that was opened by `opened_by`.
    """

    started_at: datetime
    stopped_by: Fact | None = None
    pauses: tuple[Pause, ...] = ()
    solved: tuple[Period, ...] = ()
    cancelled_at: datetime | None = None
    opened_by: int = 0
    openers: frozenset[int] = frozenset({0})


def acknowledge(started: Fact, history: Sequence[Fact]) -> list[Course]:
    return [_until(acknowledges, started, history)]


def first_response(started: Fact, history: Sequence[Fact]) -> list[Course]:
    return [_until(is_response, started, history)]


def next_response(started: Fact, history: Sequence[Fact]) -> list[Course]:
    """One course for each run of words of the requester's side; before the first response that one is owed."""
    courses: list[Course] = []
    unanswered: list[Fact] = []
    answered = False
    for fact in history:
        if is_response(fact):
            answered = True
            courses += _run(unanswered, stopped_by=fact)
            unanswered = []
        elif fact.kind in ENDING:
            courses += _run(unanswered, cancelled_at=fact.at)
            unanswered = []
        elif answered and wants_response(fact):
            unanswered.append(fact)
    return courses + _run(unanswered)


def update(started: Fact, history: Sequence[Fact]) -> list[Course]:
    """One course for each silence: from the creation, a public word or a reopening to the next public word."""
    pauses = through(history).pauses_so_far()
    courses: list[Course] = []
    opener: Fact | None = started
    for fact in history:
        if fact is started:
            continue
        if tells_how_it_stands(fact):
            courses += _silence(opener, pauses, stopped_by=fact)
            opener = None if fact.kind in SOLVING else fact
        elif fact.kind in ENDING:
            courses += _silence(opener, pauses, cancelled_at=fact.at)
            opener = None
        elif fact.kind == "reopened" and opener is None:
            opener = fact
    return courses + _silence(opener, pauses)


def on_site(started: Fact, history: Sequence[Fact]) -> list[Course]:
    course = _stopped_by_deed({"arrived", "no_visit"}, started, history)
    if course.stopped_by is not None and course.stopped_by.kind != "arrived":
        return [replace(course, stopped_by=None, cancelled_at=course.stopped_by.at)]
    return [course]


def workaround(started: Fact, history: Sequence[Fact]) -> list[Course]:
    return [_stopped_by_deed({"workaround"}, started, history)]


def resolution(started: Fact, history: Sequence[Fact]) -> list[Course]:
    return [through(history).course(started.at)]


CLOCKS: dict[str, Callable[[Fact, Sequence[Fact]], list[Course]]] = {
    "acknowledge": acknowledge,
    "first_response": first_response,
    "next_response": next_response,
    "update": update,
    "on_site": on_site,
    "workaround": workaround,
    "resolution": resolution,
}


def beginning(history: Sequence[Fact]) -> tuple[Fact | None, list[Fact]]:
    """Return the `created` fact of a history in order, and what happened from its moment on.

    What began earlier and was merged into the ticket moves the creation back. A merge that was undone has not been.
    """
    created = next((fact for fact in history if fact.kind == "created"), None)
    if created is None:
        return None, []
    standing = _standing(history)
    older = [moment_of(fact.data.get("began_at")) for fact in standing if fact.kind == "merged_here"]
    started = replace(created, at=min([created.at, *(moment for moment in older if moment is not None)]))
    return started, [started, *(fact for fact in standing if fact is not created and fact.at >= started.at)]


def _standing(history: Sequence[Fact]) -> list[Fact]:
    """The history without the merges that were undone."""
    merges: dict[tuple[str, object], list[Fact]] = {}
    undone: list[Fact] = []
    for fact in history:
        if fact.kind in ("merged", "merged_here"):
            merges.setdefault((fact.kind, fact.data.get("source")), []).append(fact)
        elif fact.kind in ("unmerged", "unmerged_here"):
            before = merges.get((fact.kind.removeprefix("un"), fact.data.get("source")))
            undone += [before.pop()] if before else []
    return [fact for fact in history if fact not in undone]


def through(history: Sequence[Fact]) -> Walk:
    """Go through a history once."""
    walk = Walk()
    for fact in history:
        walk.step(fact)
    return walk


class Walk:
    """Goes through a history and notes the pauses and the solved stretches of the resolution clock."""

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
        if fact.kind in SOLVING or fact.kind in CANCELLING:
            self._end_pause(fact.at)
            self.ended_by = fact
        elif fact.kind in RESUMING:
            self._end_pause(fact.at)
        elif fact.kind == "waiting":
            self._end_pause(fact.at)
            reason = str(fact.data.get("for"))
            self.pausing = Pause(fact.at, None, reason, _party(fact, reason), _stops(fact))
        elif fact.kind == "held":
            self._end_pause(fact.at)
            until = moment_of(fact.data.get("until"))
            self.pausing = Pause(fact.at, until, "hold", _party(fact, "client"), _stops(fact))

    def pauses_so_far(self) -> tuple[Pause, ...]:
        return tuple(self.pauses) if self.pausing is None else (*self.pauses, self.pausing)

    def course(self, started_at: datetime) -> Course:
        pauses, solved, ended_by = self.pauses_so_far(), list(self.solved), self.ended_by
        if ended_by is None:
            return Course(started_at, None, pauses, tuple(solved))
        solved.append(Period(ended_by.at, None))
        if ended_by.kind in CANCELLING:
            return Course(started_at, None, pauses, tuple(solved), cancelled_at=ended_by.at)
        return Course(started_at, ended_by, pauses, tuple(solved))

    def _end_pause(self, at: datetime) -> None:
        if self.pausing is not None:
            until = self.pausing.end
            self.pauses.append(self.pausing._replace(end=at if until is None else min(at, until)))
            self.pausing = None


def _party(fact: Fact, otherwise: str) -> str:
    said = fact.data.get("party")
    return said if isinstance(said, str) and said else otherwise


def _stops(fact: Fact) -> bool | None:
    said = fact.data.get("pauses")
    return said if isinstance(said, bool) else None


def _until(stops: Callable[[Fact], bool], started: Fact, history: Sequence[Fact]) -> Course:
    """A clock that never pauses. A ticket that ended before leaves nobody to be answered: no verdict."""
    ended_at = None
    for fact in history:
        if stops(fact):
            return Course(started.at, stopped_by=fact)
        if fact.kind in ENDING and ended_at is None:
            ended_at = fact.at
        elif fact.kind == "reopened":
            ended_at = None
    return Course(started.at, cancelled_at=ended_at)


def _stopped_by_deed(kinds: Container[str], started: Fact, history: Sequence[Fact]) -> Course:
    """The resolution's course, but for good ended by the first fact of these kinds that comes while the clock lives."""
    walk = Walk()
    for fact in history:
        if fact.kind in kinds and walk.ended_by is None:
            return replace(walk.course(started.at), stopped_by=fact)
        walk.step(fact)
    return walk.course(started.at)


def _run(
    words: Sequence[Fact], *, stopped_by: Fact | None = None, cancelled_at: datetime | None = None
) -> list[Course]:
    if not words:
        return []
    numbers = frozenset(word.number for word in words)
    return [
        Course(
            words[0].at, stopped_by=stopped_by, cancelled_at=cancelled_at, opened_by=words[0].number, openers=numbers
        )
    ]


def _silence(
    opener: Fact | None,
    pauses: tuple[Pause, ...],
    *,
    stopped_by: Fact | None = None,
    cancelled_at: datetime | None = None,
) -> list[Course]:
    if opener is None:
        return []
    return [Course(opener.at, stopped_by, pauses, (), cancelled_at, opener.number, frozenset({opener.number}))]

"""Who used the client's minutes: intake, each line, the vendor, the client, nobody. Pure: no Django, no system clock.

From the creation to the solution (or until now) each moment is somebody's:

| it is | whose |
| --- | --- |
| solved, before it was opened again | nobody's |
| waiting or on hold | the one whose time the pause is; force majeure is nobody's, the provider's own is the line's |
| not yet in anybody's hands | intake's |
| else | the line's on which it lies |

It is in hands once it is taken, given to a person, handed over, answered, or somebody is on site. Only working time of
the given timetable counts, so that the parts add up exactly to the working time between the two ends.

`late_by` divides the time by which a clock was late the same way; there, force majeure has its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from firstline.calendars.working_time import WorkingTime
from firstline.sla.courses import Walk, beginning
from firstline.sla.facts import Fact, acknowledges
from firstline.sla.reading import Reading

INTAKE, VENDOR, CLIENT, NOBODY = "intake", "vendor", "client", "nobody"
FORCE_MAJEURE = "force_majeure"  # nobody's in the bar, a party of its own in the terms of penalties
PARTIES = (INTAKE, "line1", "line2", "line3", VENDOR, CLIENT, NOBODY)
NOTHING = timedelta()


class Stretch(NamedTuple):
    """Somebody's time, [start, end)."""

    start: datetime
    end: datetime
    party: str


@dataclass(frozen=True)
class Attribution:
    """`used` has every party of PARTIES; they add up to `total`, the working time from `start` to `end`."""

    start: datetime
    end: datetime
    stretches: tuple[Stretch, ...]
    used: dict[str, timedelta]
    total: timedelta


def attribute(facts: Sequence[Fact], timetable: WorkingTime, now: datetime) -> Attribution | None:
    """Return who used the time of a history until it was solved, or until `now`; None where nothing was created."""
    history = sorted((fact for fact in facts if fact.at <= now), key=lambda fact: (fact.at, fact.number))
    started, since = beginning(history)
    if started is None:
        return None
    whose = (one._replace(party=_in_the_bar(one.party)) for one in _stretches(since, now))
    stretches = tuple(_joined(whose))
    used = dict.fromkeys(PARTIES, NOTHING)
    for one in stretches:
        used[one.party] += timetable.between(one.start, one.end)
    end = stretches[-1].end if stretches else started.at
    return Attribution(started.at, end, stretches, used, timetable.between(started.at, end))


def stage_now(facts: Sequence[Fact], now: datetime) -> str | None:
    """Return whose hands it is in right now: a party, or None once it is solved or ended."""
    history = sorted((fact for fact in facts if fact.at <= now), key=lambda fact: (fact.at, fact.number))
    started, since = beginning(history)
    if started is None:
        return None
    place = _Place()
    for fact in since:
        place.step(fact)
    return None if place.walk.ended_by is not None else _in_the_bar(place.party(now))


def late_by(facts: Sequence[Fact], reading: Reading) -> dict[str, timedelta]:
    """Return whose the minutes are by which a clock is late at its moment: what it counted after its target was used
    up, by party (PARTIES and force_majeure). They add up exactly to what was consumed beyond the target."""
    history = sorted((fact for fact in facts if fact.at <= reading.read_at), key=lambda fact: (fact.at, fact.number))
    started, since = beginning(history)
    late = reading.consumed - reading.promise.target
    if started is None or late <= NOTHING:
        return {}
    stretches = list(_joined(_stretches(since, reading.read_at)))
    found: dict[str, timedelta] = {}
    for start, end in _last_of([(one.start, one.end) for one in reading.segments if one.kind == "ran"], late):
        rest = end - start
        for one in stretches:
            part = min(end, one.end) - max(start, one.start)
            if part > NOTHING:
                found[one.party] = found.get(one.party, NOTHING) + part
                rest -= part
        if rest:  # after the ticket's end only what has no course of its own still runs
            found[NOBODY] = found.get(NOBODY, NOTHING) + rest
    return found


def _last_of(spans: Sequence[tuple[datetime, datetime]], length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """The end of a row of spans, so long."""
    for start, end in reversed(spans):
        if length <= NOTHING:
            return
        begin = max(start, end - length)
        yield begin, end
        length -= end - begin


def _in_the_bar(party: str) -> str:
    return party if party in PARTIES else NOBODY


class _Place:
    """Where the ticket is after the facts so far."""

    def __init__(self) -> None:
        self.walk = Walk()
        self.line = 1
        self.in_hands = False

    def step(self, fact: Fact) -> None:
        self.walk.step(fact)
        said = fact.data.get("to_line", fact.data.get("line"))
        if isinstance(said, dict):  # a change of the property: {"from": 1, "to": 2}
            said = said.get("to")
        if isinstance(said, int) and 1 <= said <= 3 and fact.kind in {"created", "handed_over", "assigned", "changed"}:
            self.line = said
        given = fact.kind == "assigned" and bool(fact.data.get("assignee"))
        if given or fact.kind == "handed_over" or acknowledges(fact):
            self.in_hands = True

    def party(self, at: datetime) -> str:
        pause = self.walk.pausing
        if pause is not None and (pause.end is None or at < pause.end) and pause.party != "provider":
            return pause.party if pause.party in (VENDOR, CLIENT, FORCE_MAJEURE) else NOBODY
        return f"line{self.line}" if self.in_hands else INTAKE

    def changes_at(self) -> datetime | None:
        """When time alone moves it on: a hold that ends by itself."""
        return self.walk.pausing.end if self.walk.pausing is not None else None


def _stretches(since: Sequence[Fact], now: datetime) -> Iterator[Stretch]:
    place = _Place()
    reached: datetime | None = None
    opened_again = [i for i, fact in enumerate(since) if fact.kind == "reopened"]
    for i, fact in enumerate(since):
        if reached is not None:
            yield from _until(place, reached, fact.at)
        place.step(fact)
        reached = fact.at
        if place.walk.ended_by is not None and not any(later > i for later in opened_again):
            return  # what comes after the end is nobody's business
    if reached is not None:
        yield from _until(place, reached, now)


def _until(place: _Place, start: datetime, end: datetime) -> Iterator[Stretch]:
    if place.walk.ended_by is not None:
        yield Stretch(start, end, NOBODY)
        return
    turns = place.changes_at()
    if turns is not None and start < turns < end:
        yield Stretch(start, turns, place.party(start))
        start = turns
    yield Stretch(start, end, place.party(start))


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    last: Stretch | None = None
    for one in stretches:
        if one.end <= one.start:
            continue
        if last is not None and last.party == one.party:
            last = Stretch(last.start, one.end, last.party)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last

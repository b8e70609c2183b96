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
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from firstline.calendars.working_time import WorkingTime
from firstline.sla.courses import Walk, beginning
from firstline.sla.facts import Fact, acknowledges

INTAKE, VENDOR, CLIENT, NOBODY = "intake", "vendor", "client", "nobody"
PARTIES = (INTAKE, "line1", "line2", "line3", VENDOR, CLIENT, NOBODY)
NOTHING = timedelta()


@dataclass(frozen=True)
class Stretch:
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
    stretches = tuple(_joined(_stretches(since, now)))
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
    return None if place.walk.ended_by is not None else place.party(now)


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
            return pause.party if pause.party in (VENDOR, CLIENT) else NOBODY
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

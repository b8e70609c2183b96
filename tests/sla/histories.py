"""Histories for the tests of clocks, and a walker that reads them minute by minute, without any trick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from firstline.calendars.working_time import Calendar
from firstline.sla.facts import Fact
from firstline.sla.reading import Promise, Reading, derive
from tests.calendars import walker

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SOFIA = ZoneInfo("Europe/Sofia")
OFFICE = Calendar(SOFIA, dict.fromkeys(range(5), ((540, 780), (840, 1080))))
ROUND_THE_CLOCK = Calendar(SOFIA, dict.fromkeys(range(7), ((0, 1440),)))
NIGHTS = Calendar(SOFIA, dict.fromkeys(range(7), ((1320, 360), (600, 660))))


def at(text: str) -> datetime:
    """A moment in Sofia: '2026-06-15 10:00'; the 15th is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=SOFIA)


def fact(kind: str, when: str, *, learnt: str = "", number: int = 0, **data: object) -> Fact:
    return Fact(kind, at(when), at(learnt or when), data, number)


@dataclass(frozen=True)
class Terms:
    """Promises by priority; None for a metric or a priority that has none."""

    by_priority: Mapping[object, Promise | None]
    metrics: tuple[str, ...] = ("first_response", "resolution")

    def promise(self, metric: str, properties: Mapping[str, object]) -> Promise | None:
        return self.by_priority.get(properties.get("priority")) if metric in self.metrics else None


EIGHT, FOUR, ONE = (Promise(hours * HOUR, OFFICE, "office") for hours in (8, 4, 1))
TERMS = Terms({1: ONE, 2: FOUR, 3: EIGHT})
CREATED = fact("created", "2026-06-15 09:00", priority=3, type="incident")


def read(metric: str, facts: list[Any], now: str, terms: Terms = TERMS, **fields: Any) -> Reading:
    """One reading of a history; its facts are numbered in the order given."""
    numbered = [type(f)(f.kind, f.at, f.learnt_at, f.data, n) for n, f in enumerate(facts)]
    return {reading.metric: reading for reading in derive(numbered, terms, at(now), **fields)}[metric]


MOVES = ["waiting", "waiting", "held", "resumed", "taken", "resolved", "reopened", "reopened", "changed", "assigned"]


@st.composite
def lives(draw: Any) -> tuple[list[Fact], Terms, datetime]:
    """Draw a history, terms of three priorities, and a now. No two facts share a minute."""
    start = draw(
        st.sampled_from([datetime(2026, 3, 27, 14, tzinfo=UTC), datetime(2026, 6, 12, 6, tzinfo=UTC)])
    ) + MINUTE * draw(st.integers(0, 600))
    step = draw(st.sampled_from([1, 1, 60]))  # on whole hours deadlines, pauses and closing time often fall together
    start -= MINUTE * (start.minute if step == 60 else 0)
    offsets = [n * step for n in sorted(draw(st.sets(st.integers(1, 2400 // step), min_size=2, max_size=7)))]
    facts = [Fact("created", start, start, {"priority": 1})]
    for number, offset in enumerate(offsets, 1):
        kind, when, data = draw(st.sampled_from(MOVES)), start + offset * MINUTE, {}
        if kind == "waiting":
            data = {"for": draw(st.sampled_from(["client", "vendor"]))}
        elif kind == "held":
            until = draw(st.none() | st.integers(1, 900 // step))
            data = {"until": None if until is None else (when + until * step * MINUTE).isoformat()}
        elif kind == "changed":
            data = {"priority": {"from": None, "to": draw(st.integers(1, 4))}, "subject": {"from": "a", "to": "b"}}
        facts.append(Fact(kind, when, when, data, number))
    promises: dict[object, Promise | None] = {
        priority: Promise(
            MINUTE * step * draw(st.integers(1, 1200 // step)),
            draw(st.sampled_from([OFFICE, ROUND_THE_CLOCK, NIGHTS])),
            vendor_waiting_pauses=draw(st.booleans()),
        )
        for priority in (1, 2, 3)
    }
    return facts, Terms({**promises, 4: None}), start + draw(st.integers(0, 3000 // step)) * step * MINUTE


@dataclass
class Walked:
    """What the walker found out about the resolution clock."""

    state: str
    verdict_at: datetime | None
    consumed: int
    promise: Promise | None


def walk(facts: list[Fact], terms: Terms, now: datetime) -> Walked:
    """Look at each minute from the creation to now: what is the status, is it open, how much is used up?"""
    promises = [p for p in terms.by_priority.values() if p is not None]
    used, done, over = dict.fromkeys(map(id, promises), 0), {}, {}
    facts = [f for f in facts if f.at <= now]
    minute = start = facts[0].at
    while minute < now:
        status, reason = _status(facts, minute)
        promise = _promise(facts, terms, minute)
        if status != "solved":
            for p in promises:
                runs = status == "running" or (
                    status == "paused" and reason == "vendor" and not p.vendor_waiting_pauses
                )
                opened = walker.is_open(p.timetable, minute)  # type: ignore[arg-type]
                if runs and id(p) in done and id(p) not in over and (done[id(p)] == minute or opened):
                    over[id(p)] = minute
                used[id(p)] += runs and opened
                if runs and opened and used[id(p)] * MINUTE == p.target:
                    done[id(p)] = minute + MINUTE
            if promise is not None and id(promise) in over:
                return Walked("breached", over[id(promise)], _consumed(facts, promise, now), promise)
        minute += MINUTE
    status, reason = _status(facts, now)
    ended = next(
        (f.at for f in reversed(facts) if f.kind == "resolved" and _status(facts, f.at - MINUTE)[0] != "solved"), now
    )
    promise = _promise(facts, terms, max(ended - MINUTE, start) if status == "solved" else now)
    if promise is not None and id(promise) in over and status != "solved":
        return Walked("breached", over[id(promise)], _consumed(facts, promise, now), promise)
    if promise is None:
        return Walked("cancelled", None, 0, None)
    if status == "solved":
        return Walked("met", ended, used[id(promise)], promise)
    paused = status == "paused" and not (reason == "vendor" and not promise.vendor_waiting_pauses)
    return Walked("paused" if paused else "running", None, used[id(promise)], promise)


def _consumed(facts: list[Fact], promise: Promise, now: datetime) -> int:
    count, minute = 0, facts[0].at
    while minute < now:
        status, reason = _status(facts, minute)
        runs = status == "running" or (status == "paused" and reason == "vendor" and not promise.vendor_waiting_pauses)
        count += runs and walker.is_open(promise.timetable, minute)  # type: ignore[arg-type]
        minute += MINUTE
    return count


def _status(facts: list[Fact], minute: datetime) -> tuple[str, str]:
    status, reason, until = "running", "", None
    for f in facts:
        if f.at > minute:
            break
        if f.kind == "reopened" and status == "solved":
            status = "running"
        elif status == "solved":
            continue
        elif f.kind == "resolved":
            status = "solved"
        elif f.kind in ("resumed", "taken", "reopened"):
            status = "running"
        elif f.kind == "waiting":
            status, reason, until = "paused", str(f.data["for"]), None
        elif f.kind == "held":
            told = f.data["until"]
            status, reason, until = "paused", "hold", told and datetime.fromisoformat(str(told))
    if status == "paused" and until is not None and minute >= until:
        status = "running"
    return status, reason


def _promise(facts: list[Fact], terms: Terms, minute: datetime) -> Promise | None:
    priority: object = 1
    for f in facts:
        if f.kind == "changed" and f.at <= minute:
            priority = f.data["priority"]["to"]  # type: ignore[index]
    return terms.by_priority[priority]

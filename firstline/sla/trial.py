"""A sample moment against a version's terms, drafts too: the deadlines that a ticket would really have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from firstline.calendars.working_time import NeverOpen
from firstline.contracts.models import ContractVersion, Metric
from firstline.sla.facts import Fact
from firstline.sla.reading import Reading, Segment, derive
from firstline.sla.terms_of_contract import ContractTerms, Hours

# What a sample ticket waits for, as its facts say it.
WAITS = ("client", "vendor", "hold")


@dataclass(frozen=True)
class Sample:
    """A ticket that might come: when, what it is, and when it would stand still (what for, from, until)."""

    at: datetime
    priority: int
    type: str = "incident"
    service: str = ""
    pauses: tuple[tuple[str, datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Tried:
    """One metric: the minutes promised, by which calendar, when they are used up, and what ran until then."""

    metric: str
    minutes: int
    calendar: str
    due_at: datetime | None
    segments: list[Segment]


def tried(version: ContractVersion, sample: Sample, *, known_at: datetime) -> list[Tried]:
    """Every metric that the version promises such a ticket, in order; calendars as known at `known_at`."""
    sample = _in_utc(sample)
    terms = ContractTerms(Hours(known_at))
    found: dict[str, Tried] = {}
    for facts in (_silent(version, sample), _answered(version, sample)):
        for reading in _read(facts, terms, sample):
            found.setdefault(reading.metric, _until_due(facts, terms, reading))
    return [found[metric] for metric in Metric.values if metric in found]


def _in_utc(sample: Sample) -> Sample:
    """By a wall clock two moments around a change of the hour are not as far apart as they look."""
    pauses = tuple((what, since.astimezone(UTC), until.astimezone(UTC)) for what, since, until in sample.pauses)
    return replace(sample, at=sample.at.astimezone(UTC), pauses=pauses)


def _read(facts: Sequence[Fact], terms: ContractTerms, sample: Sample) -> list[Reading]:
    try:
        return derive(facts, terms, max([sample.at, *(until for _, _, until in sample.pauses)]))
    except NeverOpen:
        return []


def _until_due(facts: Sequence[Fact], terms: ContractTerms, reading: Reading) -> Tried:
    due, segments = reading.due_at, reading.segments
    if due is not None and due > reading.read_at:
        # The same clock looked at again when its time is just used up: now its whole life lies behind it.
        again = [one for one in derive(facts, terms, due) if one.metric == reading.metric]
        segments = again[-1].segments if again else segments
    elif due is not None:
        segments = [one._replace(end=min(one.end, due)) for one in segments if one.start < due]
    return Tried(reading.metric, round(reading.target_minutes), reading.promise.calendar, due, segments)


def _silent(version: ContractVersion, sample: Sample) -> list[Fact]:
    """Nobody does anything but wait: all clocks that begin with the ticket."""
    facts = [_fact("created", sample.at, 1, **_properties(version, sample))]
    for what, since, until in sample.pauses:
        kind, data = ("held", {"until": until.isoformat()}) if what == "hold" else ("waiting", {"for": what})
        facts += [_fact(kind, since, len(facts) + 1, **data), _fact("resumed", until, len(facts) + 2)]
    return facts


def _answered(version: ContractVersion, sample: Sample) -> list[Fact]:
    """It was answered, and the requester's word came after: what is owed next."""
    return [
        _fact("created", sample.at, 1, answered=True, **_properties(version, sample)),
        _fact("message", sample.at, 2, public=True, by_agent=True),
        _fact("message", sample.at, 3, public=True, by_agent=False),
    ]


def _properties(version: ContractVersion, sample: Sample) -> dict[str, object]:
    return {
        "contract": version.pk, "priority": sample.priority, "type": sample.type, "service": sample.service or None,
    }  # fmt: skip


def _fact(kind: str, at: datetime, number: int, **data: object) -> Fact:
    return Fact(kind, at, at, data, number)

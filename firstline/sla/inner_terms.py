"""The inner terms: how much of the client's time each stage may use, and when the one that has it has used it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from firstline.calendars.working_time import NeverOpen
from firstline.contracts.models import Metric
from firstline.sla.attribution import attribute, stage_now
from firstline.sla.facts import Fact, properties_over_time
from firstline.sla.models import Clock
from firstline.sla.reading import Reading
from firstline.sla.terms_of_contract import ContractTerms


def place(row: Clock, reading: Reading, facts: Sequence[Fact], terms: ContractTerms) -> None:
    """Writes into the row of the resolution (not saved) when the stage that has the ticket will have used its share,
    and makes the recorder look then. Each stage is warned once."""
    row.inner_at, row.inner_stage = None, ""
    if row.metric != Metric.RESOLUTION or reading.state != "running":
        return
    found = due(reading, facts, terms, reading.read_at)
    if found is None or found[0] in row.inner_warned:
        return
    row.inner_stage, row.inner_at = found
    row.check_at = row.inner_at if row.check_at is None else min(row.check_at, row.inner_at)


def due(reading: Reading, facts: Sequence[Fact], terms: ContractTerms, now: datetime) -> tuple[str, datetime] | None:
    """The stage that has the ticket, and when its share of the resolution's time is used up; None where it has none."""
    changes = properties_over_time(fact for fact in facts if fact.at <= now)
    shares = terms.inner_shares(changes[-1].properties) if changes else {}
    stage = stage_now(facts, now) if shares else None
    if stage is None or stage not in shares:
        return None
    share = shares[stage]
    budget = reading.promise.target * share.numerator / share.denominator
    used = attribute(facts, reading.promise.timetable, now)
    if used is None:
        return None
    try:
        left = budget - used.used[stage]
        return stage, reading.promise.timetable.add(now, left) if left.total_seconds() > 0 else now
    except NeverOpen:
        return None

"""Computing clocks again from the history and holding them against what is kept: nothing may differ."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from firstline.sla import clocks, inner_terms
from firstline.sla.clocks import NewestHours
from firstline.sla.facts import Fact
from firstline.sla.models import Clock
from firstline.sla.reading import Reading, derive
from firstline.sla.terms_of_contract import ContractTerms, Hours
from firstline.tickets.models import Ticket

COMPARED = (
    "target_minutes",
    "calendar",
    "state",
    "is_over",
    "is_past",
    "started_at",
    "due_at",
    "warn_at",
    "consumed_seconds",
    "verdict_at",
    "inner_at",
    "inner_stage",
)
SAMPLE = 300  # tickets looked at each night, and as many again
AT_ONCE = 500  # tickets whose events are fetched together
Difference = dict[str, Any]


def differences_of(tickets: Iterable[Ticket]) -> Iterator[tuple[Ticket, list[Difference]]]:
    """Each ticket with what differs, some hundred looked up at once."""
    waiting = iter(tickets)
    terms, newest = ContractTerms(), clocks.newest_hours()
    while some := list(islice(waiting, AT_ONCE)):
        rows, facts = _rows_of(some), clocks.histories(some)
        for ticket in some:
            yield ticket, list(_compared(ticket, rows[ticket.pk], facts[ticket.pk], terms, newest))


class Differs(Exception):
    """Clocks that are kept are not what the history says."""


def sample(at: datetime, size: int = SAMPLE) -> int:
    """Replays the tickets that changed last and as many from all over the history; returns how many. Raises Differs:
    a periodic job that fails is a named problem on /readyz until it runs without one."""
    newest = list(Ticket.objects.filter(updated_at__lte=at).order_by("-pk")[:size])
    highest = newest[0].pk if newest else 0
    chosen = random.Random(at.toordinal()).sample(range(1, highest + 1), min(size, highest))  # noqa: S311 - a sample
    others = Ticket.objects.filter(pk__in=chosen).exclude(pk__in=[ticket.pk for ticket in newest])
    looked_at, found = 0, []
    for _ticket, differing in differences_of([*newest, *others]):
        looked_at += 1
        found += differing
    if found:
        named = sorted({one["ticket"] for one in found})
        raise Differs(f"{len(found)} differences in {len(named)} tickets: {', '.join(named[:20])}")
    return looked_at


def differences(ticket: Ticket) -> list[Difference]:
    """One row a difference: ticket, metric, field, kept, computed. The reading is of the moment that the row is of,
    as known at the ticket's newest event."""
    return next(found for _, found in differences_of([ticket]))


def _rows_of(tickets: Sequence[Ticket]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(ticket__in=[ticket.pk for ticket in tickets]).order_by("pk"):
        found[clock.ticket_id].append(clock)
    return found


def _compared(
    ticket: Ticket, rows: Sequence[Clock], facts: Sequence[Fact], terms: ContractTerms, newest_hours: NewestHours
) -> Iterator[Difference]:
    known: dict[tuple[datetime, Hours | None], list[Reading]] = {}

    def readings(at: datetime, hours: Hours | None) -> list[Reading]:
        if (at, hours) not in known:
            asked = terms if hours is None else ContractTerms(hours)
            known[at, hours] = derive(facts, asked, at, ticket.version)
        return known[at, hours]

    for clock in rows:
        yield from _of_row(ticket, clock, readings(clock.read_at, clocks.judged_by(clock, newest_hours)), facts, terms)
    newest = max((clock.read_at for clock in rows), default=ticket.updated_at)
    for reading in readings(newest, None):
        if not any(clocks.is_of(clock, reading) for clock in rows):
            yield _difference(ticket, reading.metric, "clock", None, reading.state)


def _of_row(
    ticket: Ticket, clock: Clock, readings: Sequence[Reading], facts: Sequence[Fact], terms: ContractTerms
) -> Iterator[Difference]:
    reading = next((one for one in readings if clocks.is_of(clock, one)), None)
    if reading is None:
        yield _difference(ticket, clock.metric, "clock", clock.state, None)
        return
    newest = [one for one in readings if one.metric == clock.metric][-1]
    again = Clock(
        ticket=ticket, metric=clock.metric, recorded_at=clock.recorded_at, warned_at=clock.warned_at,
        is_past=clock.is_past if newest is reading else True, warned_shares=clock.warned_shares,
        inner_warned=clock.inner_warned,
    )  # fmt: skip
    clocks.keep(again, reading)
    inner_terms.place(again, reading, facts, terms)
    for field in COMPARED:
        was, now = getattr(clock, field), getattr(again, field)
        if was != now:
            yield _difference(ticket, clock.metric, field, was, now)


def _difference(ticket: Ticket, metric: str, field: str, kept: object, computed: object) -> Difference:
    return {
        "ticket": ticket.number,
        "metric": metric,
        "field": field,
        "kept": None if kept is None else str(kept),
        "computed": None if computed is None else str(computed),
    }

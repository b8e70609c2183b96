"""What the last year would have cost under other terms: the same tickets, read again as if they had begun with them.

Nothing is changed: each ticket's history is derived once more with the version in question, and its rules are applied
month by month. A year takes as many turns of the worker as it has months, so that nothing else waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Sum

from firstline.audit import trail
from firstline.contracts.models import ContractVersion
from firstline.lib import claims, log
from firstline.lib.alone import alone
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import clocks, kpi_standing, measured, statements
from firstline.sla.facts import Fact
from firstline.sla.models import Clock, Statement, WhatIf
from firstline.sla.months import Month, zone_of
from firstline.sla.owed import Promise
from firstline.sla.penalties import CENT, Judged
from firstline.sla.reading import Reading, derive
from firstline.sla.terms_of_contract import ContractTerms
from firstline.tickets.models import Event, Kind, Ticket

MONTHS = 12
AT_ONCE = 500  # tickets whose histories are in memory together
LONGEST_LIFE = timedelta(days=400)  # a ticket that began earlier is not looked for any more

TOLD = [kind for kind in clocks.READ if kind != Kind.SLA_BREACH]
_log = log.get(__name__)


class _Under:
    """The terms of one version, whichever the ticket had."""

    def __init__(self, version: ContractVersion) -> None:
        self._terms, self._number = ContractTerms(), version.pk

    def promise(self, metric: str, properties: Mapping[str, object]) -> Promise | None:
        return self._terms.promise(metric, {**properties, "contract": self._number})


def ask(version: ContractVersion, *, by: Person, at: datetime) -> WhatIf:
    """The question is put to the worker, anew where it was put before. Raises NotAllowed."""
    demand(by, "settle statements")
    with transaction.atomic():
        row, _made = WhatIf.objects.update_or_create(
            version=version, defaults={"asked_at": at, "asked_by": by, "due_at": at, "body": {}, "problem": ""}
        )
        trail.note(at=at, actor=by.actor, action="what if asked", target=f"version:{version.pk}")
    return row


def compute_due(*, at: datetime) -> int:
    """A job: one month of one question."""
    done = 0
    for row in claims.claim(WhatIf.objects.filter(due_at__lte=at).order_by("due_at", "id"), limit=1):
        with alone(_log, "a question could not be answered", what_if=row.pk) as tried:
            _next_month(row, at)
        if tried.problem is not None:
            claims.give_up(row, tried.problem)
        done += 1
    return done


def total(row: WhatIf) -> Decimal:
    """What the months that are worked out would have cost together."""
    return sum((Decimal(month["total"]) for month in row.body.get("months", [])), Decimal(0))


def _next_month(row: WhatIf, at: datetime) -> None:
    version = ContractVersion.objects.select_related("calendar", "contract").get(pk=row.version_id)
    months = list(row.body.get("months", []))
    span = _months(row.asked_at.astimezone(zone_of(version)).date())[len(months)]
    month = Month(*span, zone_of(version))
    judged = list(_judged(version, month, at))
    found = statements.charge_of(version, month, judged, _shares(version, month, judged, at), at=at)
    months.append(
        {
            "first": month.first.isoformat(),
            "total": str(found.total),
            "judged": len(judged),
            "missed": sum(not one.met and not one.excused for one in judged),
            "was": str(_was(version, month)),
        }
    )
    with transaction.atomic():
        claims.finish(row, body={"months": months}, due_at=at if len(months) < MONTHS else None)


def _months(today: date) -> list[tuple[date, date]]:
    """The twelve calendar months before this one, the oldest first."""
    found, after = [], today.replace(day=1)
    for _ in range(MONTHS):
        first = (after - timedelta(days=1)).replace(day=1)
        found.append((first, after))
        after = first
    return found[::-1]


def _judged(version: ContractVersion, month: Month, at: datetime) -> Iterator[Judged]:
    """Every clock that these terms would have judged in the month, of all tickets of the contract."""
    terms, within = _Under(version), month.period
    assert within.end is not None  # noqa: S101 - a month has one
    missed_by = cache(lambda number: _missed(number, terms, at))
    for ticket in _tickets(version, within.start, within.end):
        target = ticket.merged_into_id
        history = [clocks.fact_of(event, ticket) for event in ticket.events.all()]
        excused = {clock.metric for clock in ticket.clocks.all() if clock.excused}
        for reading in derive(history, terms, at):
            if reading.verdict_at is None or not within.covers(reading.verdict_at) or reading.state == "cancelled":
                continue
            # As on a statement: a merge forgives no breach that the target has not.
            if target is None or (reading.state == "breached" and reading.metric not in missed_by(target)):
                yield _of(ticket, history, reading, excused)


def _missed(number: int, terms: _Under, at: datetime) -> set[str]:
    """What a ticket would have missed under these terms."""
    ticket = Ticket.objects.get(pk=number)
    facts = [clocks.fact_of(event, ticket) for event in ticket.events.filter(kind__in=TOLD).order_by("id")]
    return {reading.metric for reading in derive(facts, terms, at) if reading.state == "breached"}


def _tickets(version: ContractVersion, start: datetime, end: datetime) -> Iterator[Ticket]:
    """Whose clocks may have been judged then. What was recorded as breached by the terms of that time is left out."""
    rows = Ticket.objects.filter(
        contract__contract=version.contract_id, created_at__gte=start - LONGEST_LIFE, created_at__lt=end
    ).select_related("service")
    rows = rows.prefetch_related(
        Prefetch("events", Event.objects.filter(kind__in=TOLD).order_by("id")),
        Prefetch("clocks", Clock.objects.filter(excused__isnull=False)),
    )
    return rows.order_by("id").iterator(chunk_size=AT_ONCE)


def _of(ticket: Ticket, facts: Sequence[Fact], reading: Reading, excused: set[str]) -> Judged:
    late = measured.lateness(facts, reading)
    return Judged(
        ticket=ticket.pk,
        metric=reading.metric,
        met=reading.state == "met",
        priority=ticket.priority,
        type=ticket.type,
        service=ticket.service.slug if ticket.service else "",
        late=late.minutes,
        late_by=late.by,
        excused=reading.metric in excused,
    )


def _shares(version: ContractVersion, month: Month, judged: list[Judged], at: datetime) -> dict[str, Any]:
    return kpi_standing.shares(kpi_standing.of_month(version, month, at=at, under=version.contract, judged=judged))


def _was(version: ContractVersion, month: Month) -> Decimal:
    """What the statements of that month came to."""
    rows = Statement.objects.filter(
        version__contract=version.contract_id, starts_on__gte=month.first, starts_on__lt=month.after
    )
    return Decimal(rows.aggregate(sum=Sum("total"))["sum"] or 0).quantize(CENT)

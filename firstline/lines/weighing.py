"""The job that weighs open tickets (lines.order) and keeps the rank where the queue's index finds it.

Never in a ticket's transaction: what is new or has changed first, then what was weighed longest ago. A ticket that
nobody has weighed yet stands on top. Only the first who asks for this order waits for it, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from firstline.contracts import penalty_terms
from firstline.contracts.models import ContractVersion
from firstline.lines import order
from firstline.lines.order import Chances, Facts
from firstline.lines.order_models import Weighed
from firstline.people.models import Person
from firstline.sla.models import Clock, ClockState
from firstline.sla.penalties import Judged, Purse, charge
from firstline.tickets.lists import OPEN
from firstline.tickets.models import Ticket
from firstline.tickets.view_models import SavedView
from firstline.worklog.touch_models import Touch

AT_ONCE, A_MINUTE = 250, 1_000
FRESH_FOR = timedelta(minutes=5)
READ_BACK = 3_000  # clocks and periods of work that say what is usual
# What one unit of a priority's worth is in a currency: round numbers, so that a penalty in roubles weighs no hundred
# times what the same penalty weighs in euros. A currency that is not here counts as it is.
UNITS = {"RUB": 100, "KZT": 500, "UAH": 45, "BGN": 2}
COLUMNS = (
    "pk", "version", "priority", "type", "created_at", "category_id", "line", "contract_id", "service__slug",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the desk's history says: chances by metric, and usual minutes of work by category and by line."""

    chances: Mapping[str, Chances]
    of_category: Mapping[int, timedelta]
    of_line: Mapping[int, timedelta]

    def usual(self, category: int | None, line: int) -> timedelta:
        return self.of_category.get(category or 0) or self.of_line.get(line) or order.USUAL


def _is_wanted() -> bool:
    """Whether somebody's queue, or a view, stands in this order."""
    if Person.objects.filter(is_active=True, queue_order="cost").exists():
        return True
    return SavedView.objects.filter(asked__order="cost").exists()


def weigh_where_read(at: datetime) -> int:
    """A job, each minute: only on a desk where somebody has his queue in this order."""
    return weigh_due(at) if _is_wanted() else 0


def weigh_at_once(at: datetime) -> int:
    """For whoever asks for the order where nobody had it: the job would put it right a minute later."""
    return 0 if Weighed.objects.filter(at__gt=at - FRESH_FOR).exists() else weigh_due(at)


def weigh_due(at: datetime) -> int:
    """What is new, has changed or was weighed a while ago; returns how much."""
    numbers = _due(at)
    if not numbers:
        return 0
    known = history()
    for first in range(0, len(numbers), AT_ONCE):
        with transaction.atomic():
            _weigh(numbers[first : first + AT_ONCE], known, at)
    return len(numbers)


def _due(at: datetime) -> list[int]:
    changed = Ticket.objects.filter(OPEN).filter(Q(weighed__isnull=True) | Q(weighed__version__lt=F("version")))
    found = list(changed.order_by("queue_at", "pk").values_list("pk", flat=True)[:A_MINUTE])
    stale = Weighed.objects.filter(at__lte=at - FRESH_FOR).order_by("at").values_list("pk", "ticket__is_open")
    rows = list(stale[: A_MINUTE - len(found)]) if len(found) < A_MINUTE else []
    Weighed.objects.filter(pk__in=[number for number, is_open in rows if not is_open]).delete()
    return list(dict.fromkeys([*found, *(number for number, is_open in rows if is_open)]))


def history() -> Known:
    """Two statements over the newest that ended."""
    judged = Clock.objects.filter(state__in=(ClockState.MET, ClockState.BREACHED), is_over=True, target_minutes__gt=0)
    shares: dict[str, list[float]] = {}
    for metric, used, target in judged.order_by("-pk").values_list("metric", "consumed_seconds", "target_minutes")[
        :READ_BACK
    ]:
        shares.setdefault(metric, []).append(used / 60 / target)
    worked: dict[tuple[int, int, int], timedelta] = {}
    touches = Touch.objects.order_by("-pk").values_list(
        "ticket_id", "ticket__category_id", "line", "started_at", "ended_at"
    )
    for ticket, category, line, start, end in touches[:READ_BACK]:
        key = (ticket, category or 0, line)
        worked[key] = worked.get(key, timedelta()) + (end - start)
    return Known(
        {metric: Chances.of(found) for metric, found in shares.items()},
        _medians((category, time) for (_ticket, category, _line), time in worked.items() if category),
        _medians((line, time) for (_ticket, _category, line), time in worked.items()),
    )


def _medians(pairs: Any) -> dict[int, timedelta]:
    found: dict[int, list[float]] = {}
    for key, time in pairs:
        found.setdefault(key, []).append(time.total_seconds())
    return {key: timedelta(seconds=median(times)) for key, times in found.items() if len(times) >= 3}


def _weigh(numbers: Sequence[int], known: Known, at: datetime) -> None:
    tickets = list(Ticket.objects.filter(pk__in=numbers).values_list(*COLUMNS))
    clocks = _next_clocks(numbers)
    spent: dict[int, timedelta] = {}
    touches = Touch.objects.filter(ticket__in=numbers).values_list("ticket_id", "started_at", "ended_at")
    for ticket, start, end in touches:
        spent[ticket] = spent.get(ticket, timedelta()) + (end - start)
    costs = _Costs({row[7] for row in tickets if row[7]})
    ranks, rows = [], []
    for pk, version, priority, kind, created, category, line, contract, service in tickets:
        metric, started, due = clocks.get(pk, ("", None, None))
        penalty, currency = costs.of(contract, metric, priority, kind, service or "")
        alike = penalty / UNITS.get(currency, 1)
        facts = Facts(priority, created, started, due, alike, known.usual(category, line), spent.get(pk, timedelta()))
        weight = order.weigh(facts, known.chances.get(metric, Chances()), at)
        ranks.append(Ticket(pk=pk, rank=weight.rank))
        rows.append(
            Weighed(
                ticket_id=pk, version=version, at=at, penalty=penalty, currency=currency, chance=weight.chance,
                left_minutes=round(weight.left.total_seconds() / 60), is_old=weight.is_old,
            )
        )  # fmt: skip
    Ticket.objects.bulk_update(ranks, ["rank"])
    Weighed.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ticket"],
        update_fields=["version", "at", "penalty", "currency", "chance", "left_minutes", "is_old"],
    )  # fmt: skip


def _next_clocks(numbers: Sequence[int]) -> dict[int, tuple[str, datetime, datetime]]:
    """The clock of each ticket that is due first."""
    running = Clock.objects.filter(ticket__in=numbers, is_over=False, due_at__isnull=False)
    rows = running.order_by("-due_at").values_list("ticket_id", "metric", "started_at", "due_at")
    return {ticket: (metric, start, due) for ticket, metric, start, due in rows if due is not None}


class _Costs:
    """What the first late hour of a ticket costs by its contract's rules."""

    def __init__(self, versions: set[int]) -> None:
        rows = ContractVersion.objects.filter(pk__in=versions).prefetch_related("penalties")
        self._versions = {row.pk: row for row in rows}
        self._known: dict[tuple[Any, ...], Decimal] = {}

    def of(self, version: int | None, metric: str, priority: int, kind: str, service: str) -> tuple[Decimal, str]:
        row = self._versions.get(version or 0)
        if row is None or not metric:
            return Decimal(0), ""
        key = (version, metric, priority, kind, service)
        if key not in self._known:
            rules = [
                replace(penalty_terms.read(one.kind, one.terms), rounding=one.rounding)
                for one in row.penalties.all()
                if one.kind in penalty_terms.OF_TICKETS
            ]
            late = Judged(1, metric, met=False, priority=priority, type=kind, service=service, late=Fraction(60))
            self._known[key] = charge(rules, [late], Purse(Fraction(row.monthly_fee or 0)), periods=False).total
        return self._known[key], row.currency

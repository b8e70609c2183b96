"""What the outages of a client come to: the availability of each contract that holds, this month and the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from firstline.contracts.models import Contract, ContractVersion, Indicator, Service
from firstline.sla import measured
from firstline.sla.months import Month, month_of, zone_of
from firstline.sla.penalties import Share


@dataclass(frozen=True)
class Availability:
    """Of a contract's service (None: of all that it covers) in one month, as far as it has come. `goal`: of the
    indicator, where the version fixes one."""

    version: ContractVersion
    month: Month
    share: Share
    service: Service | None = None
    goal: Fraction | None = None

    @property
    def met(self) -> bool | None:
        """None where nothing is promised, or no agreed time has passed."""
        value = self.share.value
        return None if self.goal is None or value is None else value >= self.goal


def of_contracts(contracts: Iterable[Contract], *, at: datetime) -> list[Availability]:
    """This month before the last one; of each month the versions that hold in it."""
    found = []
    for contract in contracts:
        versions = contract.versions.filter(frozen_at__isnull=False).select_related("calendar", "contract__client")
        for version in versions.order_by("-number"):
            today = at.astimezone(zone_of(version)).date()
            found += [
                one
                for first in (today.replace(day=1), (today.replace(day=1) - timedelta(days=1)).replace(day=1))
                for one in _in_month(version, first, at)
            ]
    return sorted(found, key=lambda one: (one.month.first.replace(day=1), one.month.first), reverse=True)


def _in_month(version: ContractVersion, first: date, at: datetime) -> Iterator[Availability]:
    try:
        month = month_of(version, first)
    except ValueError:  # it holds on no day of it
        return
    if month.period.start > at:
        return
    rows: list[Indicator | None] = list(version.indicators.filter(kind="availability").select_related("service"))
    for row in rows or [None]:
        share = measured.availability(version, month.period, row.service_id if row else None, at=at)
        goal = Fraction(row.goal) / 100 if row else None
        yield Availability(version, month, share, row.service if row else None, goal)

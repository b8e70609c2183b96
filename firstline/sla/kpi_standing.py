"""The indicators of a contract version beside their goals, for a month or for the period that each is counted over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from firstline.contracts.models import Contract, ContractVersion, Indicator
from firstline.contracts.models.money import Comparison, Per
from firstline.sla import measured
from firstline.sla.indicators import measure
from firstline.sla.months import DAY, Days, Month, days_of, zone_of
from firstline.sla.penalties import Judged, Share

MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True)
class Standing:
    """An indicator's share in its period, beside its goal (both exact). `met` is None where nothing was measured."""

    kind: str
    share: Share
    goal: Fraction
    at_most: bool
    period: str
    first: date
    after: date
    metric: str = ""
    service: str = ""
    source: str = ""
    provisional: bool = False

    @property
    def met(self) -> bool | None:
        value = self.share.value
        if value is None:
            return None
        return value <= self.goal if self.at_most else value >= self.goal


def of_month(
    version: ContractVersion,
    month: Month,
    *,
    at: datetime,
    under: Contract | None = None,
    judged: Sequence[Judged] | None = None,
) -> list[Standing]:
    """The indicators whose period ends with this month: monthly ones always, the others in their last month.

    `under` counts the tickets of a whole contract, and `judged` gives the clocks: for who asks what other terms would
    have come to. Then the month itself is the period of all of them.
    """
    rows = version.indicators.select_related("service")
    if under is not None:
        return [_standing(version, row, month, at, under, judged) for row in rows]
    days = days_of(version)
    if days is None or month.run_out:
        return []
    return [
        _standing(version, row, _period(version, days, row, month.first), at)
        for row in rows
        if month.after >= _calendar_end(row, month.first) or _ends_here(days, month)
    ]


def now(version: ContractVersion, *, at: datetime) -> list[Standing]:
    """Every indicator in the period that runs now, as far as it has come."""
    days = days_of(version)
    if days is None:
        return []
    today = max(at.astimezone(zone_of(version)).date(), days.since)
    today = today if days.until is None else min(today, days.until - DAY)
    return [
        _standing(version, row, _period(version, days, row, today), at)
        for row in version.indicators.select_related("service")
    ]


def shares(standings: Iterable[Standing]) -> dict[str, Share]:
    """By kind; of several of one kind, the one that stands first in the contract."""
    found: dict[str, Share] = {}
    for one in standings:
        found.setdefault(one.kind, one.share)
    return found


def body(one: Standing) -> dict[str, Any]:
    """As a statement keeps it: exact numbers as text."""
    return {
        "kind": one.kind, "metric": one.metric, "service": one.service, "source": one.source, "period": one.period,
        "first": one.first.isoformat(), "after": one.after.isoformat(), "at_most": one.at_most,
        "goal": str(one.goal), "share": [str(one.share.part), str(one.share.whole)], "provisional": one.provisional,
    }  # fmt: skip


def of_body(kept: Mapping[str, Any]) -> Standing:
    """The standing that `body` kept."""
    part, whole = kept["share"]
    return Standing(
        kind=kept["kind"], metric=kept["metric"], service=kept["service"], source=kept["source"],
        period=kept["period"], first=date.fromisoformat(kept["first"]), after=date.fromisoformat(kept["after"]),
        at_most=kept["at_most"], goal=Fraction(kept["goal"]), share=Share(Fraction(part), Fraction(whole)),
        provisional=kept["provisional"],
    )  # fmt: skip


def _standing(
    version: ContractVersion,
    row: Indicator,
    span: Month,
    at: datetime,
    under: Contract | None = None,
    judged: Sequence[Judged] | None = None,
) -> Standing:
    within = span.period
    if judged is None:
        judged = measured.counted(version, span.verdicts) if row.kind == "sla_share" else []
    service = row.service.slug if row.service else ""
    kept = [
        one
        for one in judged
        if (not row.metric or one.metric == row.metric) and (not service or one.service == service)
    ]
    solved = measured.solved(under or version, within, at=at) if row.kind in SOLVED else []
    share = measure(
        row.kind,
        judged=kept,
        solved=solved,
        scores=measured.scores(under or version, within) if row.kind == "satisfaction" else (),
        uptime=measured.availability(version, within, row.service_id, at=at) if row.kind == "availability" else None,
    )
    return Standing(
        kind=row.kind, share=share, goal=Fraction(row.goal) / 100, at_most=row.comparison == Comparison.AT_MOST,
        period=row.period, first=span.first, after=span.after, metric=row.metric, service=service, source=row.source,
        provisional=row.kind == "reopen_share" and any(not one.sure for one in solved),
    )  # fmt: skip


SOLVED = frozenset({"first_line_share", "remote_share", "reopen_share"})


def _period(version: ContractVersion, days: Days, row: Indicator, day: date) -> Month:
    """The calendar month, quarter or year around a day, cut to the version's own days."""
    months = MONTHS[Per(row.period)]
    begin, end = date(day.year, (day.month - 1) // months * months + 1, 1), _calendar_end(row, day)
    first, after = days.cut(begin, end)
    return Month(first, after, zone_of(version), tail=end)


def _calendar_end(row: Indicator, day: date) -> date:
    months = MONTHS[Per(row.period)]
    last = (day.month - 1) // months * months + months
    return date(day.year + last // 12, last % 12 + 1, 1)


def _ends_here(days: Days, month: Month) -> bool:
    return days.until is not None and month.after >= days.until

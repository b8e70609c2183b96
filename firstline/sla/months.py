"""The months of a contract version: the days on which it really holds, and what its tickets are judged in after them.

A version is ended by the next one, whatever end it has of its own (contracts.validity); its tickets keep it. So what
its open tickets still owe is judged after its last day: within the month of that day on the same paper, and in later
months on papers that count tickets alone (a *run-out*), since what is promised for a period is then the next one's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from firstline.contracts import versions
from firstline.contracts.models import ContractVersion
from firstline.contracts.validity import holding
from firstline.lib.periods import Period

DAY = timedelta(days=1)


class Days(NamedTuple):
    """From a day to another, which is not one of them; None: without end."""

    since: date
    until: date | None

    def cut(self, first: date, after: date) -> tuple[date, date]:
        """The days of both; where there are none, the second is not after the first."""
        return max(first, self.since), after if self.until is None else min(after, self.until)


@dataclass(frozen=True)
class Month:
    """A calendar month of a version: its first day, the day after its last one, in the zone of its calendar.

    `tail` is the day until which its tickets' verdicts count; None: to the same. `run_out`: it holds on no day of it.
    """

    first: date
    after: date
    zone: ZoneInfo
    tail: date | None = None
    run_out: bool = False

    @property
    def period(self) -> Period:
        """The same as moments."""
        return Period(self._midnight(self.first), self._midnight(self.after))

    @property
    def verdicts(self) -> Period:
        """In which its tickets are judged."""
        return Period(self._midnight(self.first), self._midnight(self.tail or self.after))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def days_of(version: ContractVersion) -> Days | None:
    """When it holds; a draft, by its own days; None: on no day, another has corrected it."""
    own = Days(version.valid_from, None if version.valid_to is None else version.valid_to + DAY)
    if version.is_draft:
        return own
    every = {one.number: versions.span(one) for one in versions.in_force_of(version.contract)}
    every[version.number] = versions.span(version)
    found = holding(every.values())[version.number]
    return None if found.since is None else Days(found.since, None if found.to is None else found.to + DAY)


def month_of(version: ContractVersion, day: date) -> Month:
    """The month around a day, cut to the version's own days. Raises ValueError where the version has none of it."""
    days = days_of(version)
    begin, end = day.replace(day=1), after_month(day)
    first, after = days.cut(begin, end) if days else (begin, begin)
    if first >= after:
        raise ValueError(f"{version} is not in force in {day:%Y-%m}")
    return Month(first, after, zone_of(version), tail=end)


def run_out(version: ContractVersion, day: date) -> Month:
    """The whole month around a day on which the version holds no more, for the tickets that keep it."""
    return Month(day.replace(day=1), after_month(day), zone_of(version), run_out=True)


def after_month(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def zone_of(version: ContractVersion) -> ZoneInfo:
    """In which a version's days begin."""
    return ZoneInfo(version.calendar.time_zone)

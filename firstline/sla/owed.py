"""What is owed: the terms as the reading of clocks asks for them. Pure: no Django, no system clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from firstline.calendars.working_time import WorkingTime

WARN_SHARE = "0.8"  # of the target, when the contract says nothing else


class Warning(NamedTuple):
    """At this share of the target (a decimal, as the contract writes it) these are told: assignee, line_lead …"""

    share: str
    tell: tuple[str, ...] = ("assignee",)


@dataclass(frozen=True)
class Promise:
    """What is owed on one metric: so much working time of this timetable. `calendar` is its name, for people.
    `warnings` are in the order of their shares; there may be none. `hours`: the number of the calendar's newest version
    that the timetable has, 0 where nobody counts them."""

    target: timedelta
    timetable: WorkingTime
    calendar: str = ""
    vendor_waiting_pauses: bool = False
    warnings: tuple[Warning, ...] = (Warning(WARN_SHARE),)
    hours: int = 0


class Terms(Protocol):
    """The contract version a ticket began with, asked for a metric and the ticket's properties at a moment."""

    def promise(self, metric: str, properties: Mapping[str, object]) -> Promise | None:
        """Return what is owed, None where nothing is. `properties` are those of `created` and `changed` facts."""

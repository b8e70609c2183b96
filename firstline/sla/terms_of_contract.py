"""The contract version of a ticket, asked for what it promises: the bridge from tables to the pure reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.timetables import timetable_as_of, timetable_of
from firstline.calendars.working_time import Timetable
from firstline.contracts import targets
from firstline.contracts.models import ContractVersion, Target
from firstline.sla.reading import Promise


@dataclass(frozen=True)
class _Offer:
    """A version's targets, as of its `stamp`: calendar, vendor's pauses, newest target.

    A correction in place writes all targets anew, so that each one has another newest id.
    """

    stamp: tuple[int, bool, int | None]
    calendar: Calendar
    targets: list[targets.Target]
    calendars: dict[str, Calendar]


# version id → what it offers. Kept after the commit only: what is undone must not be remembered.
_kept: dict[int, _Offer] = {}


class ContractTerms:
    """Terms (sla.reading) of the versions that a ticket had over its life. One statement for a version that was read
    before, whatever it promises."""

    def __init__(self) -> None:
        self._offers: dict[int, _Offer] = {}
        self._timetables: dict[int, Timetable] = {}

    def promise(self, metric: str, properties: Mapping[str, object]) -> Promise | None:
        number = properties.get("contract")
        if not isinstance(number, int):
            return None
        offer = self._of(number)
        chosen = targets.most_specific(
            offer.targets,
            metric=metric,
            priority=_whole(properties.get("priority")),
            type=_word(properties.get("type")),
            service=_word(properties.get("service")),
        )
        if chosen is None:
            return None
        calendar = offer.calendars[chosen.calendar] if chosen.calendar else offer.calendar
        return Promise(
            timedelta(minutes=chosen.minutes),
            self._hours(calendar),
            calendar=calendar.slug,
            vendor_waiting_pauses=offer.stamp[1],
        )

    def _of(self, number: int) -> _Offer:
        if number not in self._offers:
            calendar_id, vendor_pauses, newest_target, newest_hours = _stamp(number)
            self._timetables[calendar_id] = timetable_as_of(calendar_id, newest_hours)
            offer = _kept.get(number)
            if offer is None or offer.stamp != (calendar_id, vendor_pauses, newest_target):
                offer = _read(number, (calendar_id, vendor_pauses, newest_target))
                _keep(number, offer)
            self._offers[number] = offer
        return self._offers[number]

    def _hours(self, calendar: Calendar) -> Timetable:
        if calendar.pk not in self._timetables:
            self._timetables[calendar.pk] = timetable_of(calendar)
        return self._timetables[calendar.pk]


def _stamp(number: int) -> tuple[int, bool, int | None, int | None]:
    """What shows in one statement whether a version and its calendar are as they were when last read."""
    newest_target = Target.objects.filter(version=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    newest_hours = CalendarVersion.objects.filter(calendar=OuterRef("calendar")).order_by("-number").values("pk")[:1]
    version = ContractVersion.objects.order_by().values_list(
        "calendar_id", "vendor_pauses", Subquery(newest_target), Subquery(newest_hours)
    )
    calendar, vendor_pauses, target, hours = version.get(pk=number)
    return calendar, vendor_pauses, target, hours


def _read(number: int, stamp: tuple[int, bool, int | None]) -> _Offer:
    rows = list(Target.objects.filter(version_id=number).select_related("service", "calendar"))
    return _Offer(
        stamp,
        Calendar.objects.get(pk=stamp[0]),
        [_plain(row) for row in rows],
        {row.calendar.slug: row.calendar for row in rows if row.calendar},
    )


def _keep(number: int, offer: _Offer) -> None:
    transaction.on_commit(lambda: _kept.update({number: offer}))


def _plain(row: Target) -> targets.Target:
    return targets.Target(
        metric=row.metric,
        minutes=row.minutes,
        priority=row.priority,
        type=row.type or None,
        service=row.service.slug if row.service else None,
        calendar=row.calendar.slug if row.calendar else None,
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""The contract version of a ticket, asked for what it promises: the bridge from tables to the pure reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import BigIntegerField

from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import Timetable
from firstline.contracts import edition, targets
from firstline.contracts.models import ContractVersion, InnerTerm, Target
from firstline.lib.asked_often import Given, Question
from firstline.sla.owed import Promise, Warning


class Hours(NamedTuple):
    """The hours by which something was judged: `calendar` up to its version `number`, others as known at a moment. What
    has no number (it was judged before numbers were kept) goes by the moment alone."""

    at: datetime
    calendar: str = ""
    number: int | None = None


@dataclass(frozen=True)
class _Offer:
    """A version's targets, its own calendar's slug, and the hours of every calendar it names."""

    calendar: str
    vendor_pauses: bool
    targets: list[targets.Target]
    hours: dict[str, Timetable]
    warnings: tuple[Warning, ...]
    shares: dict[str, Fraction]


class ContractTerms:
    """Terms (sla.reading) of the versions that a ticket had over its life; each is asked for once.

    `hours`: the calendars as they were when something was judged, without what was edited since.
    """

    def __init__(self, hours: Hours | None = None) -> None:
        self._offers: dict[int, _Offer] = {}
        self._hours = hours
        self._edition: edition.Edition | None = None

    def promise(self, metric: str, properties: Mapping[str, object]) -> Promise | None:
        number = properties.get("contract")
        if not isinstance(number, int):
            return None
        offer = self._offer(number)
        chosen = targets.most_specific(
            offer.targets,
            metric=metric,
            priority=_whole(properties.get("priority")),
            type=_word(properties.get("type")),
            service=_word(properties.get("service")),
        )
        if chosen is None:
            return None
        calendar = chosen.calendar or offer.calendar
        return Promise(
            timedelta(minutes=chosen.minutes),
            offer.hours[calendar],
            calendar=calendar,
            vendor_waiting_pauses=offer.vendor_pauses,
            warnings=tuple(Warning(*one) for one in chosen.warnings) or offer.warnings,
            hours=offer.hours[calendar].number,
        )

    def inner_shares(self, properties: Mapping[str, object]) -> dict[str, Fraction]:
        """The share of the resolution's time that each stage may use; none where the version names none."""
        number = properties.get("contract")
        return self._offer(number).shares if isinstance(number, int) else {}

    def _offer(self, number: int) -> _Offer:
        if number not in self._offers:
            then = self._hours
            if then is None and self._edition is None:
                self._edition = edition.newest()
            self._offers[number] = _offers.of(number, self._edition) if then is None else _offer_of(number, then)
        return self._offers[number]


def _offer_of(number: int, hours: Hours | None = None) -> _Offer:
    version, *_ = _VERSION.all(number=number)
    rows = _TARGETS.all(version=number)
    calendars = {version.calendar, *(row.calendar for row in rows if row.calendar)}
    return _Offer(
        version.calendar.slug,
        version.vendor_pauses,
        [_plain(row) for row in rows],
        {calendar.slug: _hours_of(calendar, hours) for calendar in calendars},
        tuple(Warning(*one) for one in _warnings(version.warnings)),
        {row.stage: Fraction(row.share) / 100 for row in _SHARES.all(version=number)},
    )


def _hours_of(calendar: Calendar, hours: Hours | None) -> Timetable:
    if hours is not None and calendar.slug == hours.calendar and hours.number is not None:
        return timetable_of(calendar, number=hours.number)
    return timetable_of(calendar, known_at=hours.at if hours else None)


def _warnings(written: list[dict[str, Any]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """In the order of their shares."""
    found = [(str(one["share"]), tuple(one.get("tell", ()))) for one in written]
    return tuple(sorted(found, key=lambda one: Fraction(one[0])))


_NUMBER, _OF_VERSION = Given("number", BigIntegerField()), Given("version", BigIntegerField())
_VERSION = Question(lambda: ContractVersion.objects.select_related("calendar").filter(pk=_NUMBER))
_TARGETS = Question(
    lambda: (
        Target.objects.filter(version=_OF_VERSION)
        .select_related("service", "calendar")
        .order_by("metric", "priority", "id")
    )
)
_SHARES = Question(lambda: InnerTerm.objects.filter(version=_OF_VERSION).order_by())
_offers = edition.Remembered(_offer_of)


def _plain(row: Target) -> targets.Target:
    return targets.Target(
        metric=row.metric,
        minutes=row.minutes,
        priority=row.priority,
        type=row.type or None,
        service=row.service.slug if row.service else None,
        calendar=row.calendar.slug if row.calendar else None,
        warnings=_warnings(row.warnings),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None

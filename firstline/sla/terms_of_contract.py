"""The contract version of a ticket, asked for what it promises: the bridge from tables to the pure reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.contracts import targets
from firstline.contracts.models import ContractVersion, Target
from firstline.sla.reading import Promise


class ContractTerms:
    """Terms (sla.reading) of the versions that a ticket had over its life. About two statements for a ticket."""

    def __init__(self) -> None:
        self._versions: dict[int, tuple[ContractVersion, list[targets.Target]]] = {}
        self._calendars: dict[str, Calendar] = {}

    def promise(self, metric: str, properties: Mapping[str, object]) -> Promise | None:
        number = properties.get("contract")
        if not isinstance(number, int):
            return None
        version, offered = self._of(number)
        chosen = targets.most_specific(
            offered,
            metric=metric,
            priority=_whole(properties.get("priority")),
            type=_word(properties.get("type")),
            service=_word(properties.get("service")),
        )
        if chosen is None:
            return None
        calendar = self._calendars[chosen.calendar] if chosen.calendar else version.calendar
        return Promise(
            timedelta(minutes=chosen.minutes),
            timetable_of(calendar),
            calendar=calendar.slug,
            vendor_waiting_pauses=version.vendor_pauses,
        )

    def _of(self, number: int) -> tuple[ContractVersion, list[targets.Target]]:
        if number not in self._versions:
            rows = list(
                Target.objects.filter(version_id=number).select_related("version__calendar", "service", "calendar")
            )
            version = rows[0].version if rows else ContractVersion.objects.select_related("calendar").get(pk=number)
            self._calendars.update({row.calendar.slug: row.calendar for row in rows if row.calendar})
            self._versions[number] = version, [_plain(row) for row in rows]
        return self._versions[number]


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

"""What a contract would promise a ticket that began now: for who talks to a caller, before there is a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firstline.assets.models import Equipment
from firstline.calendars.working_time import NeverOpen
from firstline.contracts import terms
from firstline.contracts.models import ContractVersion, Metric, Service
from firstline.people.models import Client
from firstline.sla.terms_of_contract import ContractTerms


@dataclass(frozen=True)
class Promised:
    """The version in force, and when each metric would be due; a metric without a target is not there."""

    contract: ContractVersion | None
    due: dict[str, datetime]


def for_new(
    client: Client | None,
    *,
    service: Service | None,
    priority: int,
    type: str,
    at: datetime,
    equipment: Equipment | None = None,
) -> Promised:
    """The reading that the clocks of the ticket will have: version in force, most specific target, its calendar."""
    version = terms.in_force(client, service, at, equipment) if client else None
    if version is None:
        return Promised(None, {})
    asked = {"contract": version.pk, "priority": priority, "type": type, "service": service.slug if service else None}
    reading, due = ContractTerms(), {}
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        promise = reading.promise(metric, asked)
        if promise is None:
            continue
        try:
            due[metric.value] = promise.timetable.add(at, promise.target)
        except NeverOpen:
            continue  # a calendar without a single open hour promises nothing that could be said
    return Promised(version, due)

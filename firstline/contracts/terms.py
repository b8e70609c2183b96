"""Which contract version a ticket begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from firstline.contracts.edition import Remembered
from firstline.contracts.models import ContractVersion, Service
from firstline.people.models import Client

FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)  # where no clock runs: sorts last, and is never null in an index


@dataclass(frozen=True)
class _Covering:
    """A version, and the numbers of the services it names; none means all of them."""

    version: ContractVersion
    services: frozenset[int]


def in_force(client: Client, service: Service | None, at: datetime) -> ContractVersion | None:
    """The version in force for this client at `at` (local dates of its calendar), or None.

    One that names the service beats one that covers everything; of several, the newest. A version that names other
    services only does not cover this one; a ticket without a service may begin under any.
    """
    newest: dict[int, _Covering] = {}
    for one in _versions.of(client.pk):
        version = one.version
        today = at.astimezone(ZoneInfo(version.calendar.time_zone)).date()
        if version.valid_from <= today and (version.valid_to is None or today <= version.valid_to):
            newest.setdefault(version.contract_id, one)
    everything = None
    for one in newest.values():
        if service is not None and service.pk in one.services:
            return one.version
        if everything is None and (not one.services or service is None):
            everything = one.version
    return everything


def _versions_of(client: int) -> list[_Covering]:
    """Every version of a client's contracts, newest first."""
    versions = (
        ContractVersion.objects.filter(contract__client=client)
        .select_related("calendar", "contract")
        .prefetch_related("services")
        .order_by("-valid_from", "-number", "-id")
    )
    return [_Covering(version, frozenset(one.pk for one in version.services.all())) for version in versions]


_versions = Remembered(_versions_of)

"""Which contract version a ticket begins with. Drafts are not in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from firstline.contracts.coverage import Cover, Coverage
from firstline.contracts.edition import Remembered
from firstline.contracts.models import ContractVersion, Service
from firstline.lib.language import picked
from firstline.people.models import Client

FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)  # where no clock runs: sorts last, and is never null in an index


@dataclass(frozen=True)
class _Covering:
    """A version, and the numbers of the services it names."""

    version: ContractVersion
    coverage: Coverage


@dataclass(frozen=True)
class Standing:
    """What a contract says of a service: included, for money, or not covered; and what is to be done then."""

    cover: Cover
    version: ContractVersion
    service: Service

    def what_to_do(self, language: str | None = None) -> str:
        """The words of the contract, else of the service."""
        own = self.version.advice
        return picked(own, next(iter(own.values()), ""), language) or self.service.what_to_do(language)


def in_force(client: Client, service: Service | None, at: datetime) -> ContractVersion | None:
    """The version in force for this client at `at` (local dates of its calendar), or None.

    One that names the service beats one that covers everything; of several, the newest. A version that does not cover
    the service is not in force for it; a ticket without a service may begin under any.
    """
    everything = None
    for one in _of_the_day(client, at):
        if service is not None and one.coverage.names(service.pk):
            return one.version
        if everything is None and (service is None or one.coverage.of(service.pk) != "excluded"):
            everything = one.version
    return everything


def covers(client: Client, service: Service, at: datetime) -> list[tuple[ContractVersion, Cover]]:
    """What each of the client's contracts in force says of a service."""
    return [(one.version, one.coverage.of(service.pk)) for one in _of_the_day(client, at)]


def standing(client: Client, service: Service, at: datetime, version: int | None) -> Standing | None:
    """How a ticket of this service stands: by the version that it began under (its number), else by the contract in
    force when it began; None without any. Of several that do not cover it the first is named."""
    if version is not None:
        found = next((one for one in _versions.of(client.pk) if one.version.pk == version), None)
        return None if found is None else Standing(found.coverage.of(service.pk), found.version, service)
    of_the_day = _of_the_day(client, at)
    return Standing(of_the_day[0].coverage.of(service.pk), of_the_day[0].version, service) if of_the_day else None


def _of_the_day(client: Client, at: datetime) -> list[_Covering]:
    """One version of each contract: of those that have begun the last, unless it has ended."""
    begun: dict[int, _Covering] = {}
    for one in _versions.of(client.pk):
        if one.version.valid_from <= _day(one.version, at):
            begun.setdefault(one.version.contract_id, one)
    return [
        one for one in begun.values() if one.version.valid_to is None or _day(one.version, at) <= one.version.valid_to
    ]


def _day(version: ContractVersion, at: datetime) -> date:
    return at.astimezone(ZoneInfo(version.calendar.time_zone)).date()


def _versions_of(client: int) -> list[_Covering]:
    """Every version of a client's contracts that was put in force, newest first."""
    versions = (
        ContractVersion.objects.filter(contract__client=client, frozen_at__isnull=False)
        .select_related("calendar", "contract")
        .prefetch_related("services", "billable", "excluded")
        .order_by("-valid_from", "-number", "-id")
    )
    return [_Covering(version, coverage_of(version)) for version in versions]


def coverage_of(version: ContractVersion) -> Coverage:
    return Coverage(
        *(frozenset(one.pk for one in named.all()) for named in (version.services, version.billable, version.excluded))
    )


_versions = Remembered(_versions_of)

"""Which contract version a ticket begins with. Drafts are not in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, F, QuerySet, Value

from firstline.assets.models import Equipment
from firstline.contracts.coverage import Cover, Coverage
from firstline.contracts.edition import Remembered
from firstline.contracts.models import ContractVersion, Service
from firstline.lib.asked_often import Among, Given, Question
from firstline.lib.language import picked
from firstline.people.models import Client

FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)  # where no clock runs: sorts last, and is never null in an index


@dataclass(frozen=True)
class _Covering:
    """A version, and the numbers of the services and things it names."""

    version: ContractVersion
    coverage: Coverage


@dataclass(frozen=True)
class Standing:
    """What a contract says of a service and of a thing: included, for money, or not covered; and what is to be done
    then. `equipment` is set where it is the thing that is not covered."""

    cover: Cover
    version: ContractVersion
    service: Service | None
    equipment: Equipment | None = None

    @property
    def what(self) -> Service | Equipment | None:
        """What it is said of."""
        return self.equipment or self.service

    def what_to_do(self, language: str | None = None) -> str:
        """The words of the contract, else of the service."""
        own = self.version.advice
        said = picked(own, next(iter(own.values()), ""), language)
        return said or (self.service.what_to_do(language) if self.service and self.equipment is None else "")


def in_force(
    client: Client, service: Service | None, at: datetime, equipment: Equipment | None = None
) -> ContractVersion | None:
    """The version in force for this client at `at` (local dates of its calendar), or None.

    One that names the service or the thing beats one that covers everything; of several, the newest. A version that
    does not cover the service, or the thing, is not in force for it; a ticket that names none may begin under any.
    """
    best: tuple[int, ContractVersion] | None = None
    for one in _of_the_day(client, at):
        by_name = one.coverage.fits(_number(service), _number(equipment))
        if by_name is not None and (best is None or by_name > best[0]):
            best = by_name, one.version
    return best[1] if best else None


def covers(client: Client, service: Service, at: datetime) -> list[tuple[ContractVersion, Cover]]:
    """What each of the client's contracts in force says of a service."""
    return [(one.version, one.coverage.of(service.pk)) for one in _of_the_day(client, at)]


def coverages(client: Client, at: datetime) -> list[tuple[ContractVersion, Coverage]]:
    """What each of the client's contracts in force names: asked once, however many services are looked at."""
    return [(one.version, one.coverage) for one in _of_the_day(client, at)]


def standing(
    client: Client, service: Service | None, at: datetime, version: int | None, equipment: Equipment | None = None
) -> Standing | None:
    """How a ticket of this service and this thing stands: by the version that it began under (its number), else by the
    contract in force when it began; None without any. Of several that do not cover it the first is named."""
    if version is not None:
        found = next((one for one in _versions.of(client.pk) if one.version.pk == version), None)
    else:
        found = next(iter(_of_the_day(client, at)), None)
    if found is None or (service is None and equipment is None):
        return None
    if not found.coverage.takes(_number(equipment)):
        return Standing("excluded", found.version, service, equipment)
    return Standing(found.coverage.of(service.pk) if service else "included", found.version, service)


def _number(one: Service | Equipment | None) -> int | None:
    return None if one is None else one.pk


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
    versions = _PUT_IN_FORCE.all(client=client)
    coverages = _coverages(versions)
    return [_Covering(version, coverages[version.pk]) for version in versions]


def coverage_of(version: ContractVersion) -> Coverage:
    return _coverages([version])[version.pk]


def _coverages(versions: Sequence[ContractVersion]) -> dict[int, Coverage]:
    """What each version names, by its number: one statement."""
    found: dict[int, dict[str, set[int]]] = {version.pk: {kind: set() for kind in _NAMED} for version in versions}
    for row in _COVERED.all(versions=list(found)):
        found[row["version"]][row["kind"]].add(row["number"])
    return {version: Coverage(**kinds) for version, kinds in found.items()}


def _covered(versions: Among) -> QuerySet[Any, dict[str, Any]]:
    parts = [
        through.objects.filter(contractversion_id__in=versions)
        .order_by()
        .values(version=F("contractversion_id"), kind=Value(kind), number=F(column))
        for kind, (through, column) in _NAMED.items()
    ]
    together: QuerySet[Any, dict[str, Any]] = parts[0].union(*parts[1:], all=True)
    return together


# As Coverage calls them: the table in which a version names them, and its column.
_NAMED: dict[str, tuple[Any, str]] = {
    "included": (ContractVersion.services.through, "service_id"),
    "billable": (ContractVersion.billable.through, "service_id"),
    "excluded": (ContractVersion.excluded.through, "service_id"),
    "equipment": (ContractVersion.equipment.through, "equipment_id"),
}
_COVERED = Question(lambda: _covered(Among("versions", BigIntegerField())))
_PUT_IN_FORCE = Question(
    lambda: (
        ContractVersion.objects.filter(contract__client=Given("client", BigIntegerField()), frozen_at__isnull=False)
        .select_related("calendar", "contract")
        .order_by("-valid_from", "-number", "-id")
    )
)
_versions = Remembered(_versions_of)

"""Contracts of an apply file, with their versions' targets. What a ticket began under is never rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max

from firstline.calendars.models import Calendar
from firstline.contracts.models import Contract, ContractVersion, Service, Target
from firstline.imports.apply_file import Row, WrongFile, day_of
from firstline.imports.put import CHANGED, CREATED, UNCHANGED
from firstline.people.models import Client


def put_contracts(rows: list[Row], targets: list[Row], at: datetime) -> Iterator[tuple[str, str]]:
    """One (slug, result) a version. Rows of one slug with other `valid_from` are versions of one contract.

    A target without `valid_from` belongs to the newest of them in the file.
    """
    belongs = _targets_by_version(rows, targets)
    for number, row in enumerate(rows):
        yield row["slug"], _put_version(row, belongs[number], f"contract[{number}]", at)


def _targets_by_version(rows: list[Row], targets: list[Row]) -> list[list[Row]]:
    belongs: list[list[Row]] = [[] for _ in rows]
    for number, target in enumerate(targets):
        same = [place for place, row in enumerate(rows) if row["slug"] == target["contract"]]
        if "valid_from" in target:
            same = [place for place in same if day_of(rows[place]["valid_from"]) == day_of(target["valid_from"])]
        if not same:
            raise WrongFile([f"target[{number}].contract: its [[contract]] is not in this file"])
        newest = max(same, key=lambda place: str(day_of(rows[place]["valid_from"])))
        belongs[newest].append(target)
    return belongs


def _put_version(row: Row, targets: list[Row], path: str, at: datetime) -> str:
    client = Client.objects.get(slug=row["client"])
    contract, is_new = Contract.objects.get_or_create(slug=row["slug"], defaults={"client": client})
    if contract.client_id != client.pk:
        raise WrongFile(
            [f"{path}.client: the contract is {contract.client.slug}'s; another client needs another contract"]
        )
    valid_from, valid_to = day_of(row["valid_from"]), day_of(row.get("valid_to"))
    if valid_from is None:
        raise WrongFile([f"{path}.valid_from: is missing"])
    if valid_to is not None and valid_to < valid_from:
        raise WrongFile([f"{path}.valid_to: before valid_from"])
    values = {
        "valid_from": valid_from,
        "valid_to": valid_to,
        "calendar": Calendar.objects.get(slug=row["calendar"]),
        "vendor_pauses": row.get("vendor_pauses", False),
    }
    services = set(Service.objects.filter(slug__in=row.get("services", [])))
    wanted = sorted((_target_values(target) for target in targets), key=str)
    kept = contract.versions.filter(valid_from=valid_from, frozen_at__isnull=False).order_by("-number").first()
    if kept is not None and _is_same(kept, values, services, wanted):
        return UNCHANGED
    if kept is not None and not kept.tickets.exists():
        # Nobody began under it yet: it is corrected in place.
        ContractVersion.objects.filter(pk=kept.pk).update(**values)
        version = kept
        version.targets.all().delete()
    else:
        newest = contract.versions.aggregate(newest=Max("number"))["newest"] or 0
        version = ContractVersion.objects.create(contract=contract, number=newest + 1, frozen_at=at, **values)
    version.services.set(services)
    Target.objects.bulk_create(Target(version=version, **target) for target in wanted)
    return CREATED if is_new or kept is None else CHANGED


def _target_values(row: Row) -> dict[str, Any]:
    return {
        "metric": row["metric"],
        "minutes": row["minutes"],
        "priority": row.get("priority"),
        "type": row.get("type", ""),
        "service": Service.objects.filter(slug=row.get("service", "")).first(),
        "calendar": Calendar.objects.filter(slug=row.get("calendar", "")).first(),
    }


def _is_same(
    kept: ContractVersion, values: dict[str, Any], services: set[Service], wanted: list[dict[str, Any]]
) -> bool:
    if any(getattr(kept, name) != value for name, value in values.items()) or set(kept.services.all()) != services:
        return False
    names = ("metric", "minutes", "priority", "type", "service", "calendar")
    there = [
        {name: getattr(target, name) for name in names} for target in kept.targets.select_related("service", "calendar")
    ]
    return sorted(there, key=str) == wanted

"""Which contract version a ticket begins with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from firstline.contracts.models import ContractVersion, Service
from firstline.people.models import Client

ONE_DAY = timedelta(days=1)
FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)  # where no clock runs: sorts last, and is never null in an index


def in_force(client: Client, service: Service | None, at: datetime) -> ContractVersion | None:
    """The version in force for this client at `at` (local dates of its calendar), or None.

    One that names the service beats one that covers everything; of several, the newest. A version that names other
    services only does not cover this one; a ticket without a service may begin under any.
    """
    around = at.date()
    names = ContractVersion.services.through.objects.filter(contractversion=OuterRef("pk"))
    versions = (
        ContractVersion.objects.filter(contract__client=client)
        .exclude(valid_from__gt=around + ONE_DAY)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=around - ONE_DAY))
        .select_related("calendar", "contract")
        .annotate(is_limited=Exists(names), names_it=Exists(names.filter(service=service)))
        .order_by("-valid_from", "-number", "-id")
    )
    newest: dict[int, tuple[ContractVersion, bool, bool]] = {}
    for version in versions:
        today = at.astimezone(ZoneInfo(version.calendar.time_zone)).date()
        if version.valid_from <= today and (version.valid_to is None or today <= version.valid_to):
            newest.setdefault(version.contract_id, (version, version.is_limited, version.names_it))
    everything = None
    for found, is_limited, names_it in newest.values():
        if names_it:
            return found
        if everything is None and (not is_limited or service is None):
            everything = found
    return everything

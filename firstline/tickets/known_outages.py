"""Tickets that come from a known outage: linked by one click, and told apart again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from firstline.contracts import outages
from firstline.contracts.models import Outage
from firstline.people.models import Client, Person
from firstline.tickets.call_models import FromOutage
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import WrongValue

# What is to begin so soon is said to who asks now.
SOON = timedelta(hours=24)


def touching(client: Client | None, at: datetime) -> QuerySet[Outage]:
    """What goes on now and touches this client, announced or not: everybody's and his own. What tickets come from."""
    rows = outages.not_over(Outage.objects.filter(outages.touching(client)), at=at)
    rows = rows.filter(starts_at__lte=at, is_notice=False).order_by("-starts_at", "-id")
    return rows.prefetch_related("services", "sites", "updates")


def to_say(client: Client | None, at: datetime) -> QuerySet[Outage]:
    """What somebody of this client is told who asks now: that, what begins within a day, and notices."""
    rows = outages.not_over(Outage.objects.filter(outages.touching(client)), at=at)
    rows = rows.filter(starts_at__lte=at + SOON).order_by("is_notice", "planned", "starts_at", "id")
    return rows.prefetch_related("services", "sites", "updates")


def join(ticket: Ticket, outage: Outage, *, by: Person, at: datetime) -> Ticket:
    """The ticket comes from this outage; of two the newer word stands. Raises NotAllowed, WrongValue where the outage
    does not touch its client."""
    with transaction.atomic():
        held = locked(ticket, deed="link", by=by)
        if not Outage.objects.filter(outages.touching(held.client_id), pk=outage.pk).exists():
            raise WrongValue("outage", "unknown")
        before = FromOutage.objects.filter(ticket=held).first()
        if before is None or before.outage_id != outage.pk:
            FromOutage.objects.update_or_create(ticket=held, defaults={"outage": outage, "since": at})
            record(held, Kind.FROM_OUTAGE, by=by, at=at, outage=outage.slug, words=dict(outage.words))
        return held


def part(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """It does not come from an outage after all. No event where it never did."""
    with transaction.atomic():
        held = locked(ticket, deed="link", by=by)
        before = FromOutage.objects.filter(ticket=held).select_related("outage").first()
        if before is not None:
            record(held, Kind.NOT_FROM_OUTAGE, by=by, at=at, outage=before.outage.slug)
            before.delete()
        return held


def of(ticket: Ticket) -> Outage | None:
    """The outage that the ticket comes from."""
    rows = FromOutage.objects.filter(ticket=ticket).select_related("outage").prefetch_related("outage__services")
    row = rows.first()
    return row.outage if row else None


def counted(of: Sequence[Outage]) -> dict[int, int]:
    """How many tickets come from each: one statement."""
    rows = FromOutage.objects.filter(outage__in=of).values("outage").annotate(n=Count("id")).order_by()
    return {row["outage"]: row["n"] for row in rows}

"""The days on which a mailbox may be silent: public holidays of the calendar by which its desk works."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from firstline.calendars.models import CalendarVersion
from firstline.contracts.models import ContractVersion
from firstline.intake.models import Desk
from firstline.post.models import Account


def of(account: Account, at: datetime) -> frozenset[date]:
    """Days without any open time in the calendar of the mailbox's client, else in the one by which most contracts in
    force run; none where there is no contract."""
    day = at.date()
    versions = ContractVersion.objects.filter(frozen_at__isnull=False, valid_from__lte=day)
    versions = versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    client = Desk.objects.filter(account=account).values_list("client", flat=True).first()
    own = versions.filter(contract__client=client) if client else versions.none()
    chosen = _most_used(own) or _most_used(versions)
    newest = CalendarVersion.objects.filter(calendar=chosen).order_by("-number").first() if chosen else None
    if newest is None:
        return frozenset()
    return frozenset(date.fromisoformat(named) for named, hours in newest.exceptions.items() if not hours)


def _most_used(versions: QuerySet[ContractVersion]) -> int | None:
    counted = versions.order_by().values("calendar").annotate(count=Count("pk")).order_by("-count", "calendar")
    return counted.values_list("calendar", flat=True).first()

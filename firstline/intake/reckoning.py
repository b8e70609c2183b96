"""Unaccounted for: a number. What mailboxes, journal and messages say is compared every ten minutes, each in its part;
here stands what came of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.intake.models import Missing, Reckoning
from firstline.lib import counting
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.tickets import screens
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongStatus

EVERY = timedelta(minutes=10)
MOST = 1_000  # of one part; more would not help anybody
JOURNAL, MESSAGES = "journal", "messages"
ON_SERVER = "on-server"  # a letter on the server that the journal does not know
WAITS = "waits"  # an item that is not understood for too long
NO_END = "no-end"  # an item that says it is a ticket or words on one, and names none
NO_BYTES = "no-bytes"
OTHER_BYTES = "other-bytes"
IN_USE = Q(account__isnull=True) | Q(account__is_active=True, account__imap__gt="")
NO_ITEM = "no-item"  # words by mail that no item of the journal stands behind


@dataclass(frozen=True)
class Found:
    """One thing that is not accounted for, by the key under which a later comparison finds it again."""

    key: str
    kind: str
    row: int | None = None
    sender: str = ""
    subject: str = ""


def mailbox(account_id: int) -> str:
    """The part of a mailbox."""
    return f"mailbox:{account_id}"


def in_use() -> QuerySet[Reckoning]:
    """The comparisons of what is in use: not those of a mailbox that was switched off."""
    return Reckoning.objects.select_related("account").filter(IN_USE)


def state_of(part: str) -> Reckoning | None:
    return Reckoning.objects.filter(part=part).first()


def settle(
    part: str,
    found: Collection[Found],
    *,
    at: datetime,
    numbers: dict[str, Any],
    account_id: int | None = None,
    **places: int,
) -> None:
    """Writes down one comparison: what is missing now, what is no more, and the numbers."""
    rows = {one.key[:200]: one for one in list(found)[:MOST]}
    with transaction.atomic():
        before = set(Missing.objects.filter(part=part).values_list("key", flat=True))
        Missing.objects.filter(part=part, key__in=before - set(rows)).delete()
        Missing.objects.bulk_create(
            (
                Missing(
                    part=part, key=key, kind=one.kind, account_id=account_id, row=one.row,
                    sender=one.sender[:254], subject=one.subject[:300], since=at,
                )
                for key, one in rows.items() if key not in before
            ),
            ignore_conflicts=True,
        )  # fmt: skip
        Reckoning.objects.update_or_create(
            part=part,
            defaults={
                "checked_at": at, "tried_at": at, "account_id": account_id, **places,
                "numbers": {**numbers, "missing": len(rows)},
            },
        )  # fmt: skip
        if before != set(rows):
            screens.refresh_counts(0)


def not_compared(part: str, *, at: datetime, account_id: int) -> None:
    """It was tried and did not work: tried again after the usual time, and shown as old as it is."""
    Reckoning.objects.update_or_create(part=part, defaults={"tried_at": at, "account_id": account_id})


def missing(person: Person) -> QuerySet[Missing]:
    """What the person sees of it: who sees the whole journal all of it, the others what lies in their mailboxes."""
    rows = Missing.objects.select_related("account", "wanted_by").filter(IN_USE)
    if not may(person, "journal"):
        return rows.none()
    if may(person, "journal of all"):
        return rows
    return rows.filter(account__desk__team_id=person.team_id) if person.team_id else rows.none()


def parts(person: Person) -> list[Reckoning]:
    """The comparisons that the person may see, oldest first: those of mailboxes that are in use."""
    rows = in_use()
    if not may(person, "journal of all"):
        rows = rows.filter(account__desk__team_id=person.team_id) if person.team_id else rows.none()
    return list(rows.order_by("checked_at"))


@dataclass(frozen=True)
class Total:
    """`checked_at` is that of the oldest comparison: nothing that is older is claimed."""

    count: int
    checked_at: datetime | None


def total(person: Person) -> Total:
    """What stands on the triage page."""
    known = parts(person)
    count = counting.up_to_99({"missing": missing(person)})["missing"]
    return Total(count, known[0].checked_at if known else None)


def want(person: Person, number: int, *, at: datetime) -> Missing:
    """The letter on the server is to be taken in by the fetcher, at its next look. Raises NotThere, WrongStatus."""
    demand(person, "journal")
    with transaction.atomic():
        found = missing(person).filter(pk=number).first()
        if found is None:
            raise NotThere(str(number))
        if found.kind != ON_SERVER:
            raise WrongStatus("take in", found.kind)
        Missing.objects.filter(pk=found.pk).update(wanted_by=person)
        trail.note(at=at, actor=person.actor, action="intake take in", target=f"missing:{found.pk}", key=found.key)
    return found

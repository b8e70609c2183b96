"""Addresses to which mail does not come through: they bounced for good, or somebody there complained.

What goes by itself is held back then, and seen so; answers of people are still tried, with a warning beside the
composer. A letter from the address, or an agent's word, clears it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F

from firstline.audit import trail
from firstline.lib.asked_often import Given, Question
from firstline.post.models import Undeliverable

LONGEST_REASON = 300


def came_back(address: str, *, hard: bool, status: str, reason: str, at: datetime) -> Undeliverable | None:
    """A server refused mail to the address, for good or for now. Called in the transaction of the report."""
    row = _row(address, at)
    if row is None:
        return None
    said = {"status": status[:20], "reason": reason[:LONGEST_REASON], "last_at": at}
    if hard:
        Undeliverable.objects.filter(pk=row.pk, hard_since__isnull=True).update(hard_since=at)
        Undeliverable.objects.filter(pk=row.pk).update(hard=F("hard") + 1, **said)
    else:
        Undeliverable.objects.filter(pk=row.pk).update(soft=F("soft") + 1, **said)
    row.refresh_from_db()
    return row


def complained(address: str, *, at: datetime) -> None:
    """Somebody marked our mail as unwanted: what goes by itself stays away from there."""
    row = _row(address, at)
    if row is not None:
        Undeliverable.objects.filter(pk=row.pk).update(complained_at=at, last_at=at)


def heard_from(address: str) -> None:
    """A letter came from there: the address is alive."""
    alive = Undeliverable.objects.filter(address=address.lower()[:254], complained_at__isnull=True)
    alive.delete()


def clear(address: str, *, by: int, at: datetime) -> bool:
    """An agent (`by`, the id of a person) says that mail comes through again. False where nothing was marked."""
    with transaction.atomic():
        gone, _each = Undeliverable.objects.filter(address=address.lower()[:254]).delete()
        if gone:
            trail.note(at=at, actor=f"person:{by}", action="address is good again", target="address", address=address)
        return bool(gone)


def of(address: str) -> Undeliverable | None:
    """What is known of an address, if anything is."""
    return _OF.first(address=address.lower()[:254]) if address else None


_OF = Question(lambda: Undeliverable.objects.filter(address=Given("address", CharField())))


def why_held_back(address: str) -> str:
    """Why nothing that goes by itself is sent there, or ""."""
    row = of(address)
    if row is None:
        return ""
    if row.complained_at is not None:
        return "held back: somebody there complained of our mail"
    if row.hard_since is not None:
        return f"held back: mails to this address come back since {row.hard_since:%Y-%m-%d}"
    return ""


def _row(address: str, at: datetime) -> Undeliverable | None:
    plain = address.strip().lower()[:254]
    if not plain:
        return None
    return Undeliverable.objects.get_or_create(address=plain, defaults={"last_at": at})[0]

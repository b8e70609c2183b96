"""The intake journal: everything that was ever acknowledged, as the desk may see it, with its bytes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from firstline.intake import acceptance
from firstline.intake.models import Inbound
from firstline.people.models import Person
from firstline.people.permissions import may
from firstline.tickets.queries import NotThere


def visible_to(person: Person) -> QuerySet[Inbound]:
    """Newest first. Line 1 and 2 see their own team's mailboxes, leads and above see all (product.md's table)."""
    rows = Inbound.objects.select_related("account", "ticket", "decided_by").defer("raw").order_by("-id")
    if not may(person, "journal"):
        return rows.none()
    if may(person, "journal of all"):
        return rows
    return rows.filter(account__desk__team_id=person.team_id) if person.team_id else rows.none()


def get_for(person: Person, number: int | str) -> Inbound:
    """The item with this number, if the person may see it. Raises NotThere."""
    text = str(number)
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise NotThere(text)
    # With its bytes: whoever reads the letter does so in a thread that has no connection of its own.
    found = visible_to(person).defer(None).filter(pk=int(text)).first()
    if found is None:
        raise NotThere(text)
    return found


def raw(inbound: Inbound) -> bytes:
    """The original bytes. Raises blobs.store.BlobMissing."""
    return acceptance.bytes_of(inbound)


def line(inbound: Inbound) -> dict[str, Any]:
    """The *intake line* of interfaces.md."""
    return {
        "intake": inbound.pk,
        "state": inbound.state,
        "outcome": inbound.outcome,
        "ticket": str(inbound.ticket_id) if inbound.ticket_id else None,
        "message": inbound.message_id,
        "reason": inbound.reason,
        "sha256": inbound.sha256,
    }


def entry(inbound: Inbound) -> dict[str, Any]:
    """The line with what the journal knows besides."""
    return {
        **line(inbound),
        "kind": inbound.kind,
        "source": inbound.source,
        "mailbox": inbound.account.address if inbound.account else None,
        "received_at": inbound.received_at.isoformat(),
        "done_at": inbound.done_at.isoformat() if inbound.done_at else None,
        "size": inbound.size,
        "sender": inbound.sender or None,
        "subject": inbound.subject,
        "message_id": inbound.mail_id or None,
        "failures": inbound.failures,
        "last_error": inbound.last_error,
        "decided_by": inbound.decided_by.login if inbound.decided_by else None,
        "decided_at": inbound.decided_at.isoformat() if inbound.decided_at else None,
    }

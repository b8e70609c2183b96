"""Changing what a ticket is: subject, type, impact, urgency, priority, service, category, equipment, tags, client,
requester."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.assets.models import Equipment
from firstline.contracts import terms
from firstline.contracts.models import ContractVersion
from firstline.people.models import Client, Person
from firstline.people.roles import SEES_ALL
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.permissions import NotAllowed, may_create_for
from firstline.tickets.priority import priority_of
from firstline.tickets.refusals import WrongValue

FIELDS = (
    "subject", "type", "impact", "urgency", "priority", "service", "category", "equipment", "tags", "client",
    "requester",
)  # fmt: skip


def change(ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, **new: Any) -> Ticket:
    """Sets the given fields (values already looked up) in one event that names old and new.

    Impact or urgency without priority computes it again. No event where nothing changes. A new client must be within
    the scope of who changes it; a new requester brings his client, if none is given.
    """
    if unknown := set(new) - set(FIELDS):
        raise WrongValue(sorted(unknown)[0], "not a field that can be changed")
    with transaction.atomic():
        held = locked(ticket, deed="direct", by=by, seen=seen)
        if "requester" in new and "client" not in new and new["requester"].client_id:
            new["client"] = new["requester"].client
        # The requester may be of another client: who sees both decides it (Conventions: "client changed" is a change
        # like any other). The requester goes on seeing his own ticket.
        client = new.get("client")
        if client is not None and not may_create_for(by, client.pk, new.get("requester", held.requester)):
            raise NotAllowed("direct")
        if ("impact" in new or "urgency" in new) and "priority" not in new:
            new["priority"] = priority_of(new.get("impact", held.impact), new.get("urgency", held.urgency))
        if "subject" in new:
            new["subject"] = " ".join(str(new["subject"]).replace("\x00", "").split())[:300]
            if not new["subject"]:
                raise WrongValue("subject", "empty")
        if "tags" in new:  # as they are kept from the page: bare, each once
            new["tags"] = list(dict.fromkeys(tag for tag in map(str.strip, new["tags"]) if tag))
        gone: list[str] = []
        if "client" in new and new["client"] != held.client:
            if client is None and by.acts_as not in SEES_ALL:
                raise NotAllowed("direct")  # what is nobody's the whole desk sees
            new.setdefault("equipment", None)  # what stands at the other client's is not there any more
            # Another client is another contract: its targets hold from the original start (product.md, Conventions).
            equipment = _own(new["equipment"], client)
            new["contract"] = terms.in_force(client, held.service, held.created_at, equipment) if client else None
            gone = _leave_behind(held, client)
        elif new.get("equipment") is not None:
            _own(new["equipment"], held.client)
        changed = {}
        for field, value in new.items():
            before = getattr(held, field)
            if before != value:
                changed[field] = {"from": _plain(before), "to": _plain(value)}
                setattr(held, field, value)
        if changed:
            facts: dict[str, Any] = {"changed": changed, "gone": gone} if gone else {"changed": changed}
            record(held, Kind.CHANGED, by=by, at=at, **facts)
        return held


def _own(equipment: Equipment | None, client: Client | None) -> Equipment | None:
    """The thing, which is this client's. Raises WrongValue."""
    if equipment is not None and (client is None or equipment.client_id != client.pk):
        raise WrongValue("equipment", "unknown")
    return equipment


def _leave_behind(held: Ticket, client: Client | None) -> list[str]:
    """Who took part for another client sees the ticket no more; their logins, for the history."""
    others = held.participants.filter(person__client__isnull=False).exclude(person__client=client)
    logins = sorted(others.values_list("person__login", flat=True))
    others.delete()
    return logins


def _plain(value: Any) -> Any:
    """How a value is written into history: slugs and logins; a contract version by its id, as in `created`."""
    if isinstance(value, ContractVersion):
        return value.pk
    for attribute in ("slug", "login"):
        if hasattr(value, attribute):
            return getattr(value, attribute)
    return value

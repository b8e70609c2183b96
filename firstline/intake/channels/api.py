"""POST /api/v1/tickets: a ticket that a program makes, with the rights of its token's person."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firstline.contracts.models import Category, Service
from firstline.intake import acceptance, senders, taking
from firstline.intake.channels import form_values, uploaded, values
from firstline.intake.models import Inbound
from firstline.intake.taking import Taken
from firstline.people.models import Client, Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.tickets.models import Channel, Level, Ticket, Type
from firstline.tickets.opening import File, Words, open_ticket
from firstline.tickets.permissions import may_create_for
from firstline.tickets.refusals import WrongValue

__all__ = ["Taken", "again", "submit"]

FIELDS = frozenset(
    {
        "subject",
        "body",
        "requester",
        "channel",
        "type",
        "service",
        "category",
        "impact",
        "urgency",
        "client",
        "equipment",
        "answers",
        "files",
    }
)
REQUESTER_FIELDS = frozenset({"email", "name", "phone"})
TALKING = frozenset({Channel.PHONE, Channel.WALK_UP})
NOT_YOURS = "nobody you may create tickets for"  # the same for unknown and for other clients' people: always-true 4


@dataclass(frozen=True)
class Asked:
    """The fields after checking, nothing looked up yet but the catalogue."""

    subject: str
    body: str
    email: str
    name: str
    phone: str
    channel: Channel
    type: Type
    impact: Level
    urgency: Level
    service: Service | None
    category: Category | None
    client: Client | None
    equipment: str
    files: Sequence[File] = ()
    answers: Any = None


def submit(
    *,
    by: Person,
    fields: dict[str, Any],
    raw: bytes,
    key: str,
    at: datetime,
    then: Callable[[Ticket], None] | None = None,
) -> Taken:
    """`fields` are those of interfaces.md, `raw` the body as it came, `key` the Idempotency-Key.

    `then` as in `taking.take`. Raises WrongValue (field named as in the body, `requester.email` for the inner ones),
    NotAllowed, NotDurable.
    """
    asked = _checked(fields, by)
    return taking.take(kind="api", by=by, raw=raw, key=key, at=at, register=lambda: _register(asked, by, at), then=then)


def again(inbound: Inbound) -> Ticket:
    """Registers what was kept when registering failed. Raises what `submit` raises."""
    fields = json.loads(acceptance.bytes_of(inbound))
    if not isinstance(fields, dict):
        raise WrongValue("body", "an object")
    by = taking.submitter(inbound)
    return _register(_checked(fields, by, late=True), by, inbound.received_at)


def _checked(fields: dict[str, Any], by: Person, *, late: bool = False) -> Asked:
    for name in fields:
        if name not in FIELDS:
            raise WrongValue(str(name)[:60], "unknown field")
    requester = fields.get("requester")
    if requester is None:
        requester = {}
    if not isinstance(requester, dict):
        raise WrongValue("requester", "an object with email, name and phone")
    for name in requester:
        if name not in REQUESTER_FIELDS:
            raise WrongValue(f"requester.{str(name)[:60]}", "unknown field")
    return Asked(
        subject=values.words("subject", fields.get("subject"), longest=1_000),
        body=values.words("body", fields.get("body")),
        email=values.email("requester.email", requester.get("email")),
        name=values.words("requester.name", requester.get("name"), longest=200, required=False).strip(),
        phone=values.words("requester.phone", requester.get("phone"), longest=30, required=False).strip(),
        channel=values.choice("channel", fields.get("channel"), Channel, Channel.API),
        type=values.choice("type", fields.get("type"), Type, Type.INCIDENT),
        impact=values.choice("impact", fields.get("impact"), Level, Level.MEDIUM),
        urgency=values.choice("urgency", fields.get("urgency"), Level, Level.MEDIUM),
        service=values.service(fields.get("service")),
        category=values.category(fields.get("category")),
        client=values.client(fields.get("client")),
        equipment=values.words("equipment", fields.get("equipment"), longest=60, required=False).strip(),
        files=values.files_of(uploaded.kept_of(fields.get("files"), by=by, late=late)),
        answers=fields.get("answers"),
    )


def _register(asked: Asked, by: Person, at: datetime) -> Ticket:
    values.demand_own_client(by, asked.client)
    requester = _requester(asked, by)
    client = asked.client or requester.client
    # Who types it in while talking has answered by that (product.md, Conventions), on the page and here.
    talking = by.is_agent and asked.channel in TALKING
    return open_ticket(
        subject=asked.subject, words=Words(text=asked.body, files=asked.files), requester=requester, by=by,
        channel=asked.channel, at=at, client=client, type=asked.type, impact=asked.impact, urgency=asked.urgency,
        service=asked.service, category=asked.category, equipment=values.equipment(asked.equipment, client),
        answered=talking, answers=form_values.answered(
            form_values.of_program(asked.service, asked.answers, client, desk=by.is_agent), asked.service
        ),
    )  # fmt: skip


def _requester(asked: Asked, by: Person) -> Person:
    """Found or made, as far as `by` may know and make him."""
    if not (asked.email or asked.phone):
        if asked.name and by.is_agent:
            raise WrongValue("requester", "an e-mail address or a phone number")
        return by
    if by.email and asked.email.lower() == by.email.lower():
        return by
    if by.acts_as == Role.REQUESTER:
        if not asked.email and senders.find(phone=asked.phone) == by:
            return by
        raise NotAllowed("create")
    found = senders.find(asked.email, asked.phone)
    if found is None:
        client = asked.client or senders.client_of(asked.email) or (by.client if not asked.email else None)
        if not _may_make(by, client):
            raise WrongValue("requester", NOT_YOURS)
        return senders.make(email=asked.email, name=asked.name, phone=asked.phone, client=client)
    if not may_create_for(by, found.client_id, found):
        raise WrongValue("requester", NOT_YOURS)
    return found


def _may_make(by: Person, client: Client | None) -> bool:
    """A new person belongs to the named client or to that of his domain; a coordinator makes only his own people."""
    if by.acts_as == Role.COORDINATOR:
        return client is not None and client.pk == by.client_id
    return may_create_for(by, client.pk if client else None, by)

"""Tickets that belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Link, LinkKind, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongValue

# Seen from the other end.
INVERSE = {
    LinkKind.RELATED: "related",
    LinkKind.DUPLICATE: "duplicated_by",
    LinkKind.PARENT: "child",
    LinkKind.CHILD: "parent",
    LinkKind.FOLLOW_UP: "followed_up_by",
}


FAMILY = frozenset({LinkKind.PARENT, LinkKind.CHILD})


def link(ticket: Ticket, to: Ticket, kind: LinkKind, *, by: Person | None, at: datetime, gates: bool = False) -> Ticket:
    """`ticket` is the `kind` of `to`. The caller got both through the door: a link never widens what anybody sees.
    `gates`: the parent is not solved before the child; said again without it, it is not held any more."""
    if gates and kind not in FAMILY:
        raise WrongValue("gates", "parent or child")
    if ticket.pk == to.pk:
        raise WrongValue("to", "the ticket itself")
    with transaction.atomic():
        first, second = sorted((ticket, to), key=lambda one: one.pk)
        held = {one.pk: locked(one) for one in (first, second)}
        source, target = held[ticket.pk], held[to.pk]
        demand(by, "link", source)
        demand(by, "link", target)
        row, is_new = Link.objects.get_or_create(source=source, target=target, kind=kind, defaults={"gates": gates})
        if is_new or row.gates != gates:
            row.gates = gates
            row.save(update_fields=["gates"])
            said: dict[str, Any] = {"gates": gates} if kind in FAMILY else {}
            record(source, Kind.LINKED, by=by, at=at, to=target.pk, link=kind.value, **said)
            record(target, Kind.LINKED, by=by, at=at, to=source.pk, link=INVERSE[kind], **said)
        return source

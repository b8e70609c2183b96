"""Tickets that belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from firstline.lib.turns import wait_for_turn
from firstline.people.models import Person
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Link, LinkKind, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongStatus, WrongValue

# Seen from the other end.
INVERSE = {
    LinkKind.RELATED: "related",
    LinkKind.DUPLICATE: "duplicated_by",
    LinkKind.PARENT: "child",
    LinkKind.CHILD: "parent",
    LinkKind.FOLLOW_UP: "followed_up_by",
}


FAMILY = frozenset({LinkKind.PARENT, LinkKind.CHILD})
# The same said from the other end is the same link.
MIRRORED = {
    LinkKind.RELATED: LinkKind.RELATED,
    LinkKind.PARENT: LinkKind.CHILD,
    LinkKind.CHILD: LinkKind.PARENT,
}
LONGEST_FAMILY = 1_000


def link(ticket: Ticket, to: Ticket, kind: LinkKind, *, by: Person | None, at: datetime, gates: bool = False) -> Ticket:
    """`ticket` is the `kind` of `to`. The caller got both through the door: a link never widens what anybody sees.
    `gates`: the parent is not solved before the child; said again without it, it is not held any more. Raises
    WrongValue, also where two tickets would wait for each other."""
    if gates and kind not in FAMILY:
        raise WrongValue("gates", "parent or child")
    with transaction.atomic():
        if gates:
            in_turn()
        source, target = _both(ticket, to, by)
        row = _between(source, target, kind)
        if row is not None and row.gates == gates:
            return source
        if gates:
            parent, child = (source, target) if kind == LinkKind.PARENT else (target, source)
            if waits_for(child.pk, parent.pk):
                raise WrongValue("gates", "each would wait for the other")
        said: dict[str, Any] = {"gates": gates} if kind in FAMILY else {}
        if row is not None:
            said["gates_before"] = row.gates  # it was linked already: `undoing` sets this back
        row = row or Link(source=source, target=target, kind=kind)
        row.gates = gates
        row.save()
        record(source, Kind.LINKED, by=by, at=at, to=target.pk, link=kind.value, **said)
        record(target, Kind.LINKED, by=by, at=at, to=source.pk, link=INVERSE[kind], **said)
        return source


def unlink(ticket: Ticket, to: Ticket, kind: LinkKind, *, by: Person, at: datetime) -> Ticket:
    """`ticket` is the `kind` of `to` no more; what was said of it stays in the history of both. Raises WrongValue where
    it is not, WrongStatus where the link is what is left of a merge: those are taken apart."""
    with transaction.atomic():
        source, target = _both(ticket, to, by)
        row = _between(source, target, kind)
        if row is None:
            raise WrongValue("to", "not linked so")
        if kind == LinkKind.DUPLICATE and source.merged_into_id == target.pk:
            raise WrongStatus("unlink", source.status)
        row.delete()
        record(source, Kind.UNLINKED, by=by, at=at, to=target.pk, link=kind.value, gates=row.gates)
        record(target, Kind.UNLINKED, by=by, at=at, to=source.pk, link=INVERSE[kind], gates=row.gates)
        return source


def in_turn() -> None:
    """Who makes one ticket wait for another is alone in it until his transaction ends: a circle may close over tickets
    that he does not hold. Called before any ticket is held."""
    wait_for_turn("families")


def waits_for(parent: int, child: int) -> bool:
    """Whether the one may not be solved before the other, however many stand between them."""
    level, known = {parent}, {parent}
    while level and len(known) < LONGEST_FAMILY:
        rows = Link.objects.filter(
            Q(source__in=level, kind=LinkKind.PARENT) | Q(target__in=level, kind=LinkKind.CHILD), gates=True
        )
        ends = rows.values_list("source_id", "target_id", "kind")
        level = {target if kind == LinkKind.PARENT else source for source, target, kind in ends} - known
        known |= level
    return child in known


def _both(ticket: Ticket, to: Ticket, by: Person | None) -> tuple[Ticket, Ticket]:
    """Both as they are now, held until the end, the lower number first: two people never wait for each other."""
    if ticket.pk == to.pk:
        raise WrongValue("to", "the ticket itself")
    held = {one.pk: locked(one) for one in sorted((ticket, to), key=lambda one: one.pk)}
    for one in (held[ticket.pk], held[to.pk]):
        demand(by, "link", one)
    return held[ticket.pk], held[to.pk]


def _between(source: Ticket, target: Ticket, kind: LinkKind) -> Link | None:
    same = Q(source=source, target=target, kind=kind)
    if kind in MIRRORED:
        same |= Q(source=target, target=source, kind=MIRRORED[kind])
    return Link.objects.filter(same).order_by("id").first()

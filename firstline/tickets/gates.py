"""What a ticket waits for before it may be solved: its open children, where a link says so."""

from __future__ import annotations

from django.db.models import Q

from firstline.tickets.models import Link, LinkKind, Ticket
from firstline.tickets.refusals import WrongValue

MOST_NAMED = 10


def demand_open(ticket: Ticket) -> None:
    """Raises WrongValue, which names the children that are still open. One statement."""
    ours = Q(source=ticket, kind=LinkKind.PARENT, target__is_open=True)
    theirs = Q(target=ticket, kind=LinkKind.CHILD, source__is_open=True)
    rows = Link.objects.filter(ours | theirs, gates=True).values_list("source_id", "target_id")[:MOST_NAMED]
    children = sorted({source if target == ticket.pk else target for source, target in rows})
    if children:
        raise WrongValue("children", f"still open: {', '.join(f'#{number}' for number in children)}")

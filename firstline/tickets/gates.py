"""What a ticket waits for before it may be solved: its open children, where a link says so."""

from __future__ import annotations

from django.db.models import Q

from firstline.tickets.models import Link, LinkKind, Ticket
from firstline.tickets.refusals import WrongValue

MOST_NAMED = 10


def demand_open(ticket: Ticket) -> None:
    """Raises WrongValue, which names the children that are still open. One statement where nothing is linked.

    The links are found without their tickets: PostgreSQL, before it has counted a young table, begins a join of the
    three with every ticket there is.
    """
    ours = Q(source=ticket, kind=LinkKind.PARENT)
    theirs = Q(target=ticket, kind=LinkKind.CHILD)
    links = Link.objects.filter(ours | theirs, gates=True).values_list("source_id", "target_id")
    children = {end for link in links for end in link if end != ticket.pk}
    if not children:
        return
    still = Ticket.objects.filter(pk__in=children, is_open=True).order_by("pk").values_list("pk", flat=True)
    if named := ", ".join(f"#{number}" for number in still[:MOST_NAMED]):
        raise WrongValue("children", f"still open: {named}")

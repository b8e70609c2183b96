"""The checklist of a ticket's service: who ticked which item and when stands in the history, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from firstline.contracts.checklist import Item, items_of, still
from firstline.people.models import Person
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongValue

MOST_NAMED = 10


@dataclass(frozen=True)
class Line:
    """An item; `ticked` is the event that did it. `left`: the service asks for it no more, what was done is shown."""

    item: Item
    ticked: Event | None
    left: bool = False


def of(ticket: Ticket) -> list[Line]:
    """What the service asks for today, and what was ticked of what it asked for before. One statement, none without a
    checklist that was ever used."""
    items = items_of(ticket.service.checklist) if ticket.service is not None else []
    ticked = _ticked(ticket, items)
    known = {item.key for item in items}
    before = [Line(_as_it_was(event), event, left=True) for key, event in ticked.items() if key not in known]
    return [*(Line(item, ticked.get(item.key)) for item in items), *before]


def tick(ticket: Ticket, key: str, *, done: bool, by: Person, at: datetime) -> Ticket:
    """Done, or not done after all; said twice it is said once. Raises WrongValue where there is no such item."""
    with transaction.atomic():
        held = locked(ticket, deed="tick", verb="tick", by=by)
        found = next((line for line in of(held) if line.item.key == key), None)
        if found is None:
            raise WrongValue("item", "unknown")
        if (found.ticked is not None) != done:
            kind = Kind.TICKED if done else Kind.UNTICKED
            record(held, kind, by=by, at=at, item=key, words=found.item.words)
        return held


def demand_ticked(ticket: Ticket) -> None:
    """Raises WrongValue, which names the items without which it is not solved. No statement where there is none."""
    items = items_of(ticket.service.checklist) if ticket.service is not None else []
    if not any(item.gates for item in items):
        return
    ticked = _ticked(ticket, items)
    if missing := [item.label(get_language()) for item in items if item.gates and item.key not in ticked]:
        raise WrongValue("checklist", f"not ticked: {'; '.join(missing[:MOST_NAMED])}")


def _ticked(ticket: Ticket, items: Sequence[Item]) -> dict[str, Event]:
    """What ticked each, by the key that it has today; of what is asked for no more by the one that it had."""
    newest: dict[str, Event] = {}
    events = Event.objects.filter(ticket=ticket, kind__in=(Kind.TICKED, Kind.UNTICKED)).select_related("by")
    for event in events.order_by("id"):
        item = still(items, event.data["item"], event.data["words"])
        newest[item.key if item else event.data["item"]] = event
    return {key: event for key, event in newest.items() if event.kind == Kind.TICKED}


def _as_it_was(event: Event) -> Item:
    return Item(event.data["item"], event.data["words"], gates=False)

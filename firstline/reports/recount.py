"""Counting the board again from the whole history: what it says must come out the same. Slow on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from firstline.reports import course, rollups
from firstline.reports.course import Stand
from firstline.reports.models import Flow, Position, Standing
from firstline.tickets.models import Ticket


@dataclass
class Recount:
    """Where each ticket stands, and what moved through which line in which hour, by the events alone."""

    stands: dict[int, Stand] = field(default_factory=dict)
    flows: Counter[tuple[datetime, int, str]] = field(default_factory=Counter)

    def open_on(self, line: int) -> int:
        return sum(stand.is_open and stand.line == line for stand in self.stands.values())

    def unassigned_on(self, line: int) -> int:
        return sum(one.is_open and one.line == line and one.assignee is None for one in self.stands.values())


def recount(upto: int | None = None) -> Recount:
    """Of all events, or of those up to a number."""
    made = Recount()
    for number, ticket, event in rollups.histories():
        if upto is not None and number > upto:
            break
        before = made.stands.get(ticket)
        made.stands[ticket] = now = course.after(before, event)
        made.flows.update((rollups.hour_of(event.at), *move) for move in course.moves(before, now, event))
    return made


def differences() -> Iterator[str]:
    """What tickets and roll-ups say otherwise than the events that they were made from, one line each."""
    position = Position.objects.filter(pk=rollups.NAME).first()
    whole, read = recount(), recount(position.read_to if position else 0)
    tickets = Ticket.objects.order_by("pk").values_list("pk", "is_open", "line", "assignee__login")
    for number, is_open, line, assignee in tickets.iterator(chunk_size=2_000):
        stand = whole.stands.get(number)
        if stand is not None and (stand.is_open, stand.line, stand.assignee) != (is_open, line, assignee):
            yield f"ticket {number}: stands at {is_open, line, assignee}, its events say otherwise"
    kept = {row.ticket_id: row for row in Standing.objects.all()}
    for number, stand in read.stands.items():
        if number not in kept or vars(stand) != {name: getattr(kept[number], name) for name in vars(stand)}:
            yield f"ticket {number}: the board’s standing is not what its events say"
    flows = Counter({(flow.hour, flow.line, flow.what): flow.count for flow in Flow.objects.all()})
    for hour, line, what in sorted(flows.keys() | read.flows.keys()):
        kept_count, counted = flows[hour, line, what], read.flows[hour, line, what]
        if kept_count != counted:
            yield f"flow {what} on line {line} at {hour}: {kept_count}, events say {counted}"

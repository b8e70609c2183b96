"""Reading new events into the roll-ups, and noting the board's numbers hour by hour. Never in a ticket's transaction.

Each event is read exactly once: the position moves in the transaction that writes what was read. On PostgreSQL a lower
number may be committed after a higher one; numbers count as settled when every transaction that ran when the highest of
them was first seen has ended (as events.feed does it). SQLite has one writer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from firstline.live.publish import publish
from firstline.people.roles import SOLVERS
from firstline.reports import course
from firstline.reports.course import Happened, Stand
from firstline.reports.models import Deed, Flow, Hourly, Position, Standing
from firstline.tickets.models import Event, Kind
from firstline.tickets.screens import AT_THE_BOARD

NAME = "board"
BATCH = 300
KEPT_FOR = timedelta(weeks=9)  # hourly notes; flows are small and stay
# What a person does by himself to a ticket: anything else is said beside it or by a program.
DEEDS = frozenset(
    {
        Kind.CREATED, Kind.MESSAGE, Kind.CALLED, Kind.TAKEN, Kind.ASSIGNED, Kind.HANDED_OVER, Kind.WAITING, Kind.HELD,
        Kind.RETURNED, Kind.ACCEPTED,
        Kind.RESUMED, Kind.WORKAROUND, Kind.ARRIVED, Kind.RESOLVED, Kind.REOPENED, Kind.CHANGED, Kind.WORKED,
        Kind.MERGED, Kind.VENDOR_ASKED, Kind.VENDOR_WRITTEN,
    }
)  # fmt: skip
COLUMNS = (
    "pk", "ticket_id", "kind", "happened_at", "data", "by__login", "public", "by_id", "by__role",
    "ticket__requester_id",
)  # fmt: skip
# The oldest transaction that may still commit, apart from our own, and the first number that none has yet.
_TRANSACTIONS = """
SELECT coalesce((SELECT min(running::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS running),
                pg_snapshot_xmax(pg_current_snapshot())::text::bigint),
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


def follow(at: datetime) -> int:
    """A job: the next batch of events; returns how many were read. The screens with a board are told."""
    read_to = Position.objects.filter(pk=NAME).values_list("read_to", flat=True).first() or 0
    if not Event.objects.filter(pk__gt=read_to).exists():
        return 0
    with transaction.atomic():
        position = _held()
        upto = settled(position)
        rows = list(
            Event.objects.filter(pk__gt=position.read_to, pk__lte=upto).order_by("pk").values_list(*COLUMNS)[:BATCH]
        )
        if rows:
            _write(rows)
        read_to = rows[-1][0] if len(rows) == BATCH else upto
        if read_to > position.read_to:
            Position.objects.filter(pk=NAME).update(read_to=read_to)
        if rows:
            publish("board", read_to, [AT_THE_BOARD])
        return len(rows)


def _held() -> Position:
    """Ours until the transaction ends: two workers never read the same events."""
    found = Position.objects.select_for_update() if connection.vendor == "postgresql" else Position.objects.all()
    position = found.filter(pk=NAME).first()
    if position is None:
        Position.objects.get_or_create(pk=NAME)
        position = found.get(pk=NAME)
    return position


def settled(position: Position) -> int:
    """The number up to which no event can still appear."""
    if connection.vendor != "postgresql":
        return _newest()
    with connection.cursor() as cursor:
        cursor.execute(_TRANSACTIONS)
        oldest, next_one = cursor.fetchone()
    if position.seen_to <= position.read_to or oldest < position.seen_by:
        if position.seen_to <= position.read_to:
            position.seen_to, position.seen_by = _newest(), next_one
            Position.objects.filter(pk=NAME).update(seen_to=position.seen_to, seen_by=position.seen_by)
        if oldest < position.seen_by:
            return position.read_to
    return max(position.read_to, position.seen_to)


def _newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _write(rows: Sequence[tuple[Any, ...]]) -> None:
    numbers = {row[1] for row in rows}
    stands = {row.ticket_id: _stand(row) for row in Standing.objects.filter(pk__in=numbers)}
    flows: Counter[tuple[datetime, int, str]] = Counter()
    deeds: dict[int, Deed] = {}
    for row in rows:
        event, ticket = happened(row), row[1]
        before = stands.get(ticket)
        stands[ticket] = now = course.after(before, event)
        flows.update((hour_of(event.at), *move) for move in course.moves(before, now, event))
        if row[8] in SOLVERS and event.kind in DEEDS:
            deeds[row[7]] = Deed(person_id=row[7], ticket_id=ticket, kind=event.kind, at=event.at)
    Standing.objects.bulk_create(
        [Standing(ticket_id=number, **vars(stand)) for number, stand in stands.items()],
        update_conflicts=True, unique_fields=["ticket"],
        update_fields=["is_open", "was_open", "line", "line_since", "assignee", "unanswered_since"],
    )  # fmt: skip
    add_flows(flows)
    Deed.objects.bulk_create(
        deeds.values(), update_conflicts=True, unique_fields=["person"], update_fields=["ticket", "kind", "at"]
    )


def add_flows(flows: Counter[tuple[datetime, int, str]]) -> None:
    """To what is kept of these hours."""
    known = Flow.objects.filter(hour__in={hour for hour, _line, _what in flows})
    before = {(flow.hour, flow.line, flow.what): flow.count for flow in known}
    Flow.objects.bulk_create(
        [
            Flow(hour=hour, line=line, what=what, count=count + before.get((hour, line, what), 0))
            for (hour, line, what), count in flows.items()
        ],
        update_conflicts=True,
        unique_fields=["hour", "line", "what"],
        update_fields=["count"],
    )


def happened(row: tuple[Any, ...]) -> Happened:
    """A row of COLUMNS as the fold reads it."""
    _pk, _ticket, kind, at, data, login, public, by, _role, requester = row
    asks = by is not None and by == requester
    return Happened(kind, at, data, login, public, asks)


def histories() -> Iterator[tuple[int, int, Happened]]:
    """Number, ticket and event of the whole history, in its order: for a recount."""
    for row in Event.objects.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=2_000):
        yield row[0], row[1], happened(row)


def _stand(row: Standing) -> Stand:
    return Stand(row.is_open, row.line, row.line_since, row.assignee, row.unanswered_since, row.was_open)


def hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def keep_hourly(at: datetime, numbers: Mapping[int, dict[str, int]]) -> None:
    """The numbers of each line, once an hour: the first look of the hour stands."""
    Hourly.objects.bulk_create(
        [Hourly(hour=hour_of(at), line=line, numbers=said) for line, said in numbers.items()], ignore_conflicts=True
    )
    Hourly.objects.filter(hour__lt=at - KEPT_FOR).delete()


def is_noted(at: datetime) -> bool:
    """Whether the numbers of this hour are kept."""
    return Hourly.objects.filter(hour=hour_of(at)).exists()


def is_behind() -> bool:
    """Whether events wait to be read: for tests and for who drains."""
    position = Position.objects.filter(pk=NAME).first()
    return _newest() > (position.read_to if position else 0)

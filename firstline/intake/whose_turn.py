"""Who is understood next: the oldest first, and where more waits than one batch, every sender in his turn.

One sender's nine thousand letters do not delay the thousand of the others: a batch takes the oldest item of one sender
after another and goes on where it stopped, whatever waits behind. An item is not understood while an earlier one of its
conversation still waits: the earlier ones are taken along, or it stands back for a moment. Each batch costs the same
few statements, however much waits (F-27).
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from firstline.intake.models import Inbound
from firstline.lib import claims, clock

LEASE = timedelta(seconds=60)
MOMENT = timedelta(milliseconds=500)  # that an item stands back for what came before it
SOON = timedelta(seconds=1)
MOST_BEFORE = 10  # who is preceded by more in his "conversation" does not wait: somebody floods it
_LOOKED_AT = 200
# Nothing is put off for so long: what says so was written by a clock that has been set back since, and is due.
BY_A_WRONG_CLOCK = timedelta(minutes=30)

# From one sender to the next by the index (lane, id) of what waits: one step each, however much each of them has sent.
_TURNS = """
WITH RECURSIVE turn (lane, number) AS (
    SELECT (SELECT lane FROM intake_inbound WHERE state = 'new' AND lane > %s ORDER BY lane LIMIT 1), 1
    UNION ALL
    SELECT (SELECT i.lane FROM intake_inbound i WHERE i.state = 'new' AND i.lane > turn.lane
            ORDER BY i.lane LIMIT 1), turn.number + 1
    FROM turn WHERE turn.lane IS NOT NULL AND turn.number < %s
)
SELECT turn.lane, (
    SELECT i.id FROM intake_inbound i
    WHERE i.state = 'new' AND i.lane = turn.lane AND (i.try_at <= %s OR i.try_at > %s)
      AND (i.lease_until IS NULL OR i.lease_until < %s)
    ORDER BY i.id LIMIT 1
)
FROM turn WHERE turn.lane IS NOT NULL
"""
_stopped_at = [secrets.token_hex(8)]  # every process begins elsewhere


def due() -> QuerySet[Inbound]:
    """What could be understood now, oldest first."""
    now = clock.now()
    is_time = Q(try_at__lte=now) | Q(try_at__gt=now + BY_A_WRONG_CLOCK)
    return Inbound.objects.filter(is_time, state=Inbound.State.NEW).order_by("received_at", "id")


def claim(limit: int) -> list[Inbound]:
    """Takes about `limit` items, in the order in which they came."""
    free = due().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=clock.real_now()))
    wanted = list(free.values_list("pk", flat=True)[: limit + 1])
    if len(wanted) > limit:
        wanted = _in_turn(free, limit) or wanted[:limit]
        wanted += _before(free, wanted)
    return _in_order(_take(wanted) or _take(list(free.values_list("pk", flat=True)[:limit])))


def _take(wanted: list[int]) -> list[Inbound]:
    rows = due().filter(pk__in=wanted).select_related("account").order_by("id")
    return claims.claim(rows, limit=len(wanted), lease=LEASE, are_there=True) if wanted else []


def _in_turn(free: QuerySet[Inbound], limit: int) -> list[int]:
    """The oldest item of each of the next senders; of few senders so many each that the batch is full."""
    lanes = _next_lanes(_stopped_at[0], limit)
    if len(lanes) < limit:
        lanes |= _next_lanes("", limit - len(lanes))
    if not lanes:
        return []
    _stopped_at[0] = list(lanes)[-1]
    found = {lane: number for lane, number in lanes.items() if number is not None}
    if len(lanes) == limit or not found:
        return list(found.values())
    share = -(-limit // len(found))
    wanted: list[int] = []
    for lane in found:
        wanted += free.filter(lane=lane).order_by("id").values_list("pk", flat=True)[:share]
    return wanted


def _next_lanes(after: str, limit: int) -> dict[str, int | None]:
    now = clock.now()
    moments = (now, now + BY_A_WRONG_CLOCK, clock.real_now())
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, [after, limit, *map(connection.ops.adapt_datetimefield_value, moments)])
        return dict(cursor.fetchall())


def _before(free: QuerySet[Inbound], wanted: list[int]) -> list[int]:
    """What came earlier in the conversations of those whose turn it is, and could be taken along."""
    threads = dict(Inbound.objects.filter(pk__in=wanted).exclude(thread="").values_list("pk", "thread"))
    latest: dict[str, int] = {}
    for number, thread in threads.items():
        latest[thread] = max(number, latest.get(thread, 0))
    rows = free.filter(thread__in=latest, pk__lt=max(latest.values(), default=0)).exclude(pk__in=wanted)
    earlier = rows.order_by("id").values_list("pk", "thread")[:_LOOKED_AT]
    return [number for number, thread in earlier if number < latest[thread]][:MOST_BEFORE]


def _in_order(rows: list[Inbound]) -> list[Inbound]:
    """Without those before which an item of the same conversation still waits, here or with another worker."""
    threads: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.thread:
            threads[row.thread].append(row.pk)
    if not threads:
        return rows
    waiting = Inbound.objects.filter(
        Q(lease_until__gte=clock.real_now()) | Q(try_at__lte=clock.now() + SOON),
        state=Inbound.State.NEW, thread__in=threads, pk__lt=max(row.pk for row in rows),
    ).exclude(pk__in=[row.pk for row in rows])  # fmt: skip
    earlier: dict[str, list[int]] = defaultdict(list)
    for thread, number in waiting.order_by("id").values_list("thread", "pk")[:_LOOKED_AT]:
        earlier[thread].append(number)
    blocked = [row for row in rows if 0 < sum(number < row.pk for number in earlier[row.thread]) <= MOST_BEFORE]
    claims.give_back(blocked, try_at=clock.now() + MOMENT)
    return [row for row in rows if row not in blocked]

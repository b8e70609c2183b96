"""The journal and the messages compared: every item has one end, its bytes are those that were acknowledged, and behind
every word by mail stands an item.

Costs the same at any size: what is new since the last time, what was missing then, and a slice of the older ones, so
that in time each row is looked at again. `firstline check-integrity` looks at all of them at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from firstline.blobs import store
from firstline.intake import acceptance, reckoning
from firstline.intake.models import Inbound, Missing, Reckoning
from firstline.intake.reckoning import Found
from firstline.tickets.models import Channel, Message

State, Outcome = Inbound.State, Inbound.Outcome
LONGEST_WAIT = timedelta(minutes=15)
NEW_AT_ONCE, OLDER_AT_ONCE = 2_000, 200
LISTED = 200


def reckon(at: datetime) -> None:
    """Both parts; run every ten minutes by the worker."""
    _reckon_journal(at)
    _reckon_messages(at)


class Slice(NamedTuple):
    """Which rows to look at now, and where the next look goes on. By the index of ids, so that it costs the same at any
    size; by rows and not by numbers, so that a gap in the numbers (a server that crashed, a move) delays nothing."""

    rows: Q
    looked_until: int
    round_until: int


def _slice(part: str, every: QuerySet[Any]) -> Slice:
    known = reckoning.state_of(part) or Reckoning(part=part)
    fresh = _until(every, known.looked_until, NEW_AT_ONCE)
    older = _until(every.filter(id__lte=known.looked_until), known.round_until, OLDER_AT_ONCE)
    again = list(Missing.objects.filter(part=part, row__isnull=False).values_list("row", flat=True))
    rows = Q(id__gt=known.looked_until, id__lte=fresh) | Q(id__gt=known.round_until, id__lte=older) | Q(id__in=again)
    return Slice(rows, fresh, older if older < known.looked_until else 0)


def _until(every: QuerySet[Any], after: int, at_once: int) -> int:
    ids = every.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:at_once]
    return max(ids, default=after)


def _reckon_journal(at: datetime) -> None:
    found: dict[str, Found] = {}
    for one in (*_waiting(at), *_without_end()):
        found.setdefault(one.key, one)
    slice_ = _slice(reckoning.JOURNAL, Inbound.objects.all())
    looked_at = 0
    for row in Inbound.objects.filter(slice_.rows).iterator(chunk_size=50):
        looked_at += 1
        if (wrong := _wrong_bytes(row)) is not None:
            found.setdefault(wrong.key, wrong)
    reckoning.settle(
        reckoning.JOURNAL, found.values(), at=at, numbers={"looked_at": looked_at},
        looked_until=slice_.looked_until, round_until=slice_.round_until,
    )  # fmt: skip


def _reckon_messages(at: datetime) -> None:
    slice_ = _slice(reckoning.MESSAGES, Message.objects.all())
    mails = Message.objects.filter(slice_.rows, channel=Channel.EMAIL, by_agent=False)
    alone = mails.filter(inbound__isnull=True).select_related("event", "author")
    found = [
        Found(
            f"message {one.pk}",
            reckoning.NO_ITEM,
            one.pk,
            one.author.email if one.author else "",
            f"#{one.ticket_id}",
        )
        for one in alone
        # History that was brought in had no letter of ours; a note above a letter that was passed on names its letter.
        if not one.event.data.get("elsewhere") and not one.event.data.get("above")
    ]
    reckoning.settle(
        reckoning.MESSAGES, found, at=at, numbers={"looked_at": mails.count()},
        looked_until=slice_.looked_until, round_until=slice_.round_until,
    )  # fmt: skip


def _waiting(at: datetime) -> Iterator[Found]:
    late = Inbound.objects.filter(state=State.NEW, received_at__lt=at - LONGEST_WAIT).order_by("received_at", "id")
    yield from _of(late.defer("raw")[:LISTED], reckoning.WAITS)


def _without_end() -> Iterator[Found]:
    """Done, but on no ticket; a copy and a forward name a ticket and have no words of their own."""
    ended = Inbound.objects.filter(state=State.DONE, message__isnull=True, outcome__in=[Outcome.TICKET, Outcome.REPLY])
    lost = ended.filter(Q(ticket__isnull=True) | Q(outcome=Outcome.TICKET)).order_by("id")
    yield from _of(lost.defer("raw")[:LISTED], reckoning.NO_END)


def _wrong_bytes(row: Inbound) -> Found | None:
    try:
        content = acceptance.bytes_of(row)
    except store.BlobMissing:
        return _found(row, reckoning.NO_BYTES)
    if hashlib.sha256(content).hexdigest() != row.sha256 or len(content) != row.size:
        return _found(row, reckoning.OTHER_BYTES)
    return None


def _of(rows: Iterable[Inbound], kind: str) -> Iterator[Found]:
    for row in rows:
        yield _found(row, kind)


def _found(row: Inbound, kind: str) -> Found:
    return Found(f"intake {row.pk}", kind, row.pk, row.sender, row.subject)

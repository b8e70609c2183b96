"""The outbox: a word going out is a row made in the transaction of its cause; a worker sends it later.

`put` and `put_all` make rows, `send_due` (post/sending.py) hands them over, the rest is for looking and for mending.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.lib import one_row
from firstline.post import browsers, channels
from firstline.post.limits import ACKNOWLEDGEMENTS
from firstline.post.mime import plain_line
from firstline.post.models import Account, Attempt, Delivery
from firstline.post.sending import send_due

__all__ = [
    "NotToBeSentAgain",
    "dead_letters",
    "deliveries_of",
    "draft",
    "oldest_waiting",
    "put",
    "put_all",
    "retry",
    "send_due",
    "shape",
    "withdraw",
]

State = Delivery.State
DEAD_ARE_NAMED_FOR = timedelta(days=7)
FAILED_ARE_NAMED_FOR = timedelta(days=1)


class NotToBeSentAgain(Exception):
    """Only what failed, died or is uncertain can be sent again by hand."""


class Said(TypedDict):
    """What a delivery is made of. `person`, `ticket` and `event` are ids; `to` is an address, or with the `channel`
    "sms" a number."""

    kind: str
    to: str
    language: str
    data: dict[str, Any]
    at: datetime
    person: NotRequired[int | None]
    ticket: NotRequired[int | None]
    event: NotRequired[int | None]
    account: NotRequired[Account | None]
    unique_key: NotRequired[str | None]
    at_most_once: NotRequired[bool]
    automatic: NotRequired[bool]
    channel: NotRequired[str]


def draft(**said: Unpack[Said]) -> Delivery:
    """A delivery that is not yet in the outbox, due at once."""
    at = said["at"]
    rest = {name: value for name, value in said.items() if name not in {"at", "to"}}
    return Delivery(to=plain_line(said["to"])[:254], created_at=at, due_at=at, **rest)


def put(**said: Unpack[Said]) -> Delivery | None:
    """Puts one message into the outbox, in the caller's transaction.

    None where there is no address, or where `unique_key` was used before. What cannot be an address is kept as failed,
    so that it can be seen.
    """
    if not said["to"].strip():
        return None
    made = draft(**said)
    unique_key = made.unique_key
    if unique_key is not None:
        if Delivery.objects.filter(unique_key=unique_key).exists():
            return None
        try:
            with transaction.atomic():
                put_all([made])
        except IntegrityError:  # another process put it a moment ago
            return None
        return made
    put_all([made])
    return made


def put_all(drafts: Iterable[Delivery]) -> list[Delivery]:
    """Puts drafts without unique keys into the outbox with one statement; those without an address are left out."""
    sendable: list[Delivery] = []
    wrong: list[tuple[Delivery, str]] = []
    for delivery in drafts:
        if not (why := channels.why_no_address(delivery)):
            sendable.append(delivery)
        elif delivery.to:
            delivery.state, delivery.due_at, delivery.ended_at = State.FAILED, None, delivery.created_at
            wrong.append((delivery, why))
    made = [*sendable, *(delivery for delivery, _why in wrong)]
    one_row.add_all(made)
    if wrong:
        Attempt.objects.bulk_create(
            Attempt(
                delivery=delivery,
                at=delivery.created_at,
                answer=why,
                outcome="permanent",
            )
            for delivery, why in wrong
        )
    return made


def withdraw(*, ticket: int, kind: str, since: datetime, events: Iterable[int] | None = None) -> int:
    """Takes back what was put since a moment and that no one has begun to send (what a second verb of the same
    transaction made needless), of all events or of some. Returns how many."""
    waiting = Delivery.objects.filter(
        ticket=ticket, kind=kind, created_at__gte=since, state=State.WAITING, attempts=0, lease_until__isnull=True
    )
    if events is not None:
        waiting = waiting.filter(event__in=list(events))
    return waiting.delete()[0]


def retry(delivery: Delivery, *, by: int, at: datetime) -> Delivery:
    """Somebody (`by`, the id of a person) sends it again: the same bytes, the same Message-ID (but for a text message
    that was reported lost), new patience.

    Raises NotToBeSentAgain for what is waiting, on its way or sent.
    """
    with transaction.atomic():
        ended = Delivery.objects.filter(pk=delivery.pk, state__in=[State.FAILED, State.DEAD, State.UNCERTAIN])
        anew = channels.of(delivery).offered_anew(delivery)
        if not ended.update(state=State.WAITING, due_at=at, ended_at=None, bounced_at=None, **anew):
            raise NotToBeSentAgain(delivery.state)
        Attempt.objects.create(delivery=delivery, at=at, answer="to be sent again, by hand", outcome="again")
        trail.note(at=at, actor=f"person:{by}", action="delivery sent again", target=f"delivery:{delivery.pk}")
    delivery.refresh_from_db()
    return delivery


def deliveries_of(ticket_id: int) -> QuerySet[Delivery]:
    """Everything that was sent, or is to be sent, about a ticket, oldest first, with its attempts."""
    return Delivery.objects.filter(ticket=ticket_id).order_by("id").defer("mime").prefetch_related("tries")


def dead_letters(at: datetime) -> int:
    """How many deliveries need somebody's eyes: dead ones (a week long, unless sent again) and failed ones of the last
    day, but for acknowledgements: their addresses are whatever a stranger wrote."""
    dead = Q(state=State.DEAD) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at - DEAD_ARE_NAMED_FOR))
    failed = Q(state=State.FAILED, ended_at__gt=at - FAILED_ARE_NAMED_FOR) & ~Q(kind__in=ACKNOWLEDGEMENTS)
    letters = Delivery.objects.filter(dead | failed).exclude(channel=browsers.PUSH)  # a browser that is gone is no loss
    return letters.exclude(tries__outcome="held back").count()


def shape(delivery: Delivery) -> dict[str, Any]:
    """The Delivery of interfaces.md, and what it is about."""
    return {
        "id": delivery.pk,
        "ticket": str(delivery.ticket) if delivery.ticket else None,
        "channel": delivery.channel,
        "to": delivery.to,
        "message_id": delivery.message_id or None,
        "state": delivery.state,
        "attempts": [
            {"at": one.at.isoformat(), "answer": one.answer, "outcome": one.outcome} for one in delivery.tries.all()
        ],
        "kind": delivery.kind,
        "subject": delivery.subject,
        "created_at": delivery.created_at.isoformat(),
        "due_at": delivery.due_at.isoformat() if delivery.due_at else None,
        "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
        "bounced_at": delivery.bounced_at.isoformat() if delivery.bounced_at else None,
    }


def oldest_waiting(at: datetime) -> datetime | None:
    """When the delivery became due that has waited longest, for the age alarm (F5)."""
    due = Delivery.objects.filter(due_at__lte=at).order_by("due_at").values_list("due_at", flat=True)
    return due.first()

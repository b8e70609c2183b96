""" "Call me": the wish with a time, seen by the desk until somebody has called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from firstline.people.models import Person
from firstline.tickets import conversation, merging, queries, statuses
from firstline.tickets.call_models import CallWish
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import AlreadyMerged, WrongStatus, WrongValue

LONGEST_PHONE = 40
FEWEST_DIGITS = 3  # an extension
FURTHEST = timedelta(days=60)
MISSED: dict[bool, dict[str, Any]] = {True: {"missed": True}, False: {}}


def want(
    ticket: Ticket, *, phone: str, wished_at: datetime | None = None, by: Person, at: datetime, missed: bool = False
) -> Ticket:
    """He is to be called; said again, the newer wish stands. `missed`: he did call, and nobody answered. Raises
    WrongValue (`phone`, `wished_at`), NotAllowed, WrongStatus, AlreadyMerged."""
    number = " ".join(phone.replace("\x00", "").split())
    if len(number) > LONGEST_PHONE or sum(one.isdigit() for one in number) < FEWEST_DIGITS:
        raise WrongValue("phone", "a phone number")
    if wished_at is not None and not at - timedelta(minutes=1) <= wished_at <= at + FURTHEST:
        raise WrongValue("wished_at", "in the past" if wished_at < at else "within 60 days")
    with transaction.atomic():
        held = locked(ticket, deed="reply", by=by)
        if held.merged_into_id is not None:
            raise AlreadyMerged(held.pk, held.merged_into_id)
        if not held.is_open and held.status != statuses.RESOLVED:
            raise WrongStatus("call", held.status)
        standing = {"phone": number, "wished_at": wished_at, "asked_by": by, "asked_at": at}
        CallWish.objects.update_or_create(ticket=held, settled_at=None, defaults=standing)
        record(
            held, Kind.CALL_WANTED, by=by, at=at, public=True, phone=number,
            until=wished_at.isoformat() if wished_at else None, **MISSED[missed],
        )  # fmt: skip
        return held


def settle(
    ticket: Ticket, *, reached: bool, text: str = "", is_written: bool = False, by: Person, at: datetime
) -> Ticket:
    """Somebody called. Reached, it is a logged call (unless it `is_written` down already), which counts as a response:
    on the ticket into which this one was merged meanwhile, if it was. Raises WrongValue where nobody waits for a call
    (any more), NotAllowed."""
    with transaction.atomic():
        held = locked(ticket, deed="call", by=by)
        settled = CallWish.objects.filter(ticket=held, settled_at=None)
        if not settled.update(settled_at=at, settled_by=by, reached=reached):
            raise WrongValue("reached", "nobody waits for a call")
        if reached and not is_written:
            conversation.call(held if held.merged_into_id is None else merging.final(held), text, by=by, at=at)
        record(held, Kind.CALL_SETTLED, by=by, at=at, public=True, reached=reached)
        return held


def of(ticket: Ticket) -> CallWish | None:
    """The wish that stands."""
    return CallWish.objects.filter(ticket=ticket, settled_at=None).select_related("asked_by").first()


def waiting(person: Person) -> QuerySet[CallWish]:
    """Who waits for a call, of the tickets that the person sees: who named a time by it, everybody else by when he
    asked."""
    rows = CallWish.objects.filter(queries.on_visible(person), settled_at=None)
    rows = rows.select_related("asked_by", "ticket__client", "ticket__assignee")
    return rows.order_by(F("wished_at").asc(nulls_first=True), "asked_at", "id")

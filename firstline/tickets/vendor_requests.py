"""Requests to vendors and developers: asked, answered, solved, each a child of its ticket with a clock of its own.

The vendor reads what is written to him and nothing else: no note, no word of the client. What he answers is internal.
An answer wakes the ticket that waits for him.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import NeverOpen
from firstline.contracts.models import Metric, Vendor
from firstline.people.models import Person
from firstline.tickets import lifecycle, opening, statuses
from firstline.tickets.history import locked, record
from firstline.tickets.models import Channel, Event, Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.tickets.vendor_models import OPEN, VendorRequest, VendorState

LONGEST_SUBJECT = 300
LONGEST_NUMBER = 60


def ask(
    ticket: Ticket,
    *,
    vendor: Vendor,
    subject: str,
    words: Words,
    wait: bool,
    by: Person,
    at: datetime,
    seen: int | None = None,
) -> VendorRequest:
    """The words go to the vendor by mail; with `wait` the ticket then waits for him (where its status allows it).

    Raises NotAllowed, WrongValue, WrongStatus on a ticket that is over, ChangedSince.
    """
    title = " ".join(subject.replace("\x00", "").split())[:LONGEST_SUBJECT]
    if not title:
        raise WrongValue("subject", "empty")
    if not words.text.strip() and not words.files:
        raise WrongValue("body", "empty")
    with transaction.atomic():
        held = locked(ticket, deed="ask vendor", by=by, seen=seen)
        if held.status in statuses.DONE:
            raise WrongStatus("asking a vendor", held.status)
        made = VendorRequest(
            ticket=held, vendor=vendor, number=_next_number(held), subject=title, asked_by=by, asked_at=at,
            response_due_at=_due(vendor, Metric.FIRST_RESPONSE, at),
            solution_due_at=_due(vendor, Metric.RESOLUTION, at),
        )  # fmt: skip
        made.due_at = _next_due(made)
        made.save()
        _record(held, Kind.VENDOR_ASKED, made, words, by=by, at=at, subject=title)
        if wait and statuses.allows("wait", held.status):
            made.ticket = lifecycle.wait(held, on="vendor", reason=f"{vendor.name}: {title}", by=by, at=at)
    return made


def write(request: VendorRequest, words: Words, *, by: Person, at: datetime) -> VendorRequest:
    """More words to the vendor on what he was asked already. Raises NotAllowed, WrongValue, WrongStatus."""
    if not words.text.strip() and not words.files:
        raise WrongValue("body", "empty")
    with transaction.atomic():
        ticket = locked(request.ticket, deed="ask vendor", by=by)
        held = _open(request, "writing to a vendor")
        _record(ticket, Kind.VENDOR_WRITTEN, held, words, by=by, at=at)
    return held


def answered(
    request: VendorRequest,
    words: Words,
    *,
    by: Person | None,
    at: datetime,
    learnt_at: datetime | None = None,
    channel: Channel = Channel.EMAIL,
) -> tuple[VendorRequest, Event]:
    """The vendor said something: by mail (`by` None), or an agent heard it. It wakes the ticket that waits for him.

    What comes after the request was closed is kept all the same, and opens nothing again.
    """
    with transaction.atomic():
        ticket = locked(request.ticket, deed="ask vendor" if by else "", by=by)
        held = _locked(request)
        if held.answered_at is None:
            held.answered_at = at
        if held.state == VendorState.ASKED:
            held.state = VendorState.ANSWERED
        held.due_at = _next_due(held)
        held.save()
        event = _record(ticket, Kind.VENDOR_ANSWERED, held, words, by=by, at=at, learnt_at=learnt_at, channel=channel)
        if ticket.status == statuses.WAITING_FOR_VENDOR and not _others_waited_for(ticket, held):
            lifecycle.resume_by_vendor(ticket, at=at, learnt_at=learnt_at)
    return held, event


def close(request: VendorRequest, *, solved: bool, by: Person, at: datetime) -> VendorRequest:
    """The vendor has done his part, or is needed no more. Raises NotAllowed, WrongStatus."""
    with transaction.atomic():
        ticket = locked(request.ticket, deed="ask vendor", by=by)
        held = _open(request, "closing a request to a vendor")
        held.state = VendorState.SOLVED if solved else VendorState.WITHDRAWN
        held.closed_at, held.due_at = at, None
        held.save()
        record(ticket, Kind.VENDOR_CLOSED, by=by, at=at, **_said(held), solved=solved)
        if ticket.status == statuses.WAITING_FOR_VENDOR and not _others_waited_for(ticket, held):
            lifecycle.resume_by_vendor(ticket, at=at, learnt_at=None)
    return held


def keep_number(request: VendorRequest, number: str, *, by: Person, at: datetime) -> VendorRequest:
    """The number that the vendor gave it. Raises NotAllowed."""
    with transaction.atomic():
        ticket = locked(request.ticket, deed="ask vendor", by=by)
        held = _locked(request)
        held.their_number = " ".join(number.replace("\x00", "").split())[:LONGEST_NUMBER]
        held.save(update_fields=["their_number"])
        record(ticket, Kind.VENDOR_NUMBERED, by=by, at=at, **_said(held), their_number=held.their_number)
    return held


def record_late(at: datetime, limit: int = 50) -> int:
    """A job: what a vendor still owes past his deadline is said on the ticket, once for each deadline."""
    due = VendorRequest.objects.filter(due_at__lt=at).order_by("due_at", "id").values_list("pk", flat=True)[:limit]
    told = 0
    for number in list(due):
        with transaction.atomic():
            held = _rows().select_related("ticket", "vendor").filter(pk=number, due_at__lt=at).first()
            if held is None:
                continue
            ticket = locked(held.ticket)
            owed = "response" if held.answered_at is None and held.due_at == held.response_due_at else "solution"
            was_due = held.due_at
            held.late_at, held.due_at = held.late_at or at, _next_due(held, after=at)
            held.save(update_fields=["late_at", "due_at"])
            record(
                ticket, Kind.VENDOR_LATE, by=None, at=was_due or at, learnt_at=at, **_said(held), owed=owed,
                due_at=was_due.isoformat() if was_due else None,
            )  # fmt: skip
            told += 1
    return told


def of(ticket: Ticket) -> QuerySet[VendorRequest]:
    """What vendors were asked about it, the first first."""
    return VendorRequest.objects.filter(ticket=ticket).select_related("vendor", "asked_by").order_by("number")


def get_for(person: Person, ticket: Ticket, number: int) -> VendorRequest | None:
    """Who may see the inside of a ticket sees what vendors were asked. Raises NotAllowed."""
    demand(person, "internal", ticket)
    return of(ticket).filter(number=number).first()


def _record(
    ticket: Ticket,
    kind: Kind,
    request: VendorRequest,
    words: Words,
    *,
    by: Person | None,
    at: datetime,
    learnt_at: datetime | None = None,
    channel: Channel = Channel.EMAIL,
    **data: Any,
) -> Event:
    def with_words(event: Event) -> None:
        opening.keep_words(event, words, author=by, by_agent=by is not None, channel=channel)

    return record(
        ticket, kind, by=by, at=at, learnt_at=learnt_at, public=False, then=with_words, **_said(request), **data
    )


def _said(request: VendorRequest) -> dict[str, Any]:
    return {"request": request.pk, "number": request.label, "vendor": request.vendor.slug, "name": request.vendor.name}


def _next_number(ticket: Ticket) -> int:
    return (VendorRequest.objects.filter(ticket=ticket).aggregate(last=Max("number"))["last"] or 0) + 1


def _due(vendor: Vendor, metric: Metric, at: datetime) -> datetime | None:
    """By the vendor's own terms and calendar; None where he promised nothing, or is never open."""
    target = vendor.targets.filter(metric=metric).first()
    if target is None:
        return None
    try:
        return timetable_of(vendor.calendar).add(at, timedelta(minutes=target.minutes))
    except NeverOpen:
        return None


def _next_due(request: VendorRequest, after: datetime | None = None) -> datetime | None:
    owed = [request.solution_due_at] if request.is_open else []
    if request.answered_at is None and request.is_open:
        owed.append(request.response_due_at)
    return min((due for due in owed if due is not None and (after is None or due >= after)), default=None)


def _others_waited_for(ticket: Ticket, answered_one: VendorRequest) -> bool:
    """Whether another vendor still owes the first word: then the ticket goes on waiting for him."""
    others = VendorRequest.objects.filter(ticket=ticket, state=VendorState.ASKED).exclude(pk=answered_one.pk)
    return others.exists() and answered_one.state == VendorState.WITHDRAWN


def _rows() -> QuerySet[VendorRequest]:
    rows = VendorRequest.objects.all()
    return rows.select_for_update(of=("self",)) if connection.vendor == "postgresql" else rows


def _locked(request: VendorRequest) -> VendorRequest:
    return _rows().select_related("vendor").get(pk=request.pk)


def _open(request: VendorRequest, verb: str) -> VendorRequest:
    held = _locked(request)
    if held.state not in OPEN:
        raise WrongStatus(verb, held.state)
    return held

"""Vendors with their terms and their scores, and what they are asked on a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import bodies, named, schemas, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.calendars.models import Calendar
from firstline.contracts import vendors
from firstline.contracts.models import Vendor
from firstline.contracts.vendors import Known
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import permissions, queries, vendor_requests, vendor_scores
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.tickets.vendor_models import VendorRequest
from firstline.tickets.vendor_scores import Score

router = Router(tags=["Vendors"])
of_tickets = Router(tags=["Vendors"])
ONE = "/{number}/vendor-requests/{int:child}"
TICKET = {200: schemas.Ticket, **FOR_WRITING}


@router.get("", response={200: terms_schemas.Vendors, **FOR_READING}, summary="List vendors")
def index(request: HttpRequest) -> HttpResponse:
    """Every vendor, the retired too, with how he kept his word in the last year; who was asked most first."""
    demand(caller(request).person, "see vendors")
    items = [_vendor(one.vendor) | {"score": _score(one)} for one in vendor_scores.of_last_year(clock.now())]
    return answering.plain({"items": items})


@router.post("", response={201: terms_schemas.Vendor, **FOR_WRITING}, summary="Add a vendor")
def create(request: HttpRequest, asked: terms_bodies.NewVendor) -> HttpResponse:
    """With his address, hours and terms."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit contracts")
        return 201, _vendor(vendors.add(asked.slug, _known(asked, None), by=by, at=at))

    return answering.done(request, deed, "vendors/{slug}")


@router.get("/{slug}", response={200: terms_schemas.Vendor, **FOR_READING}, summary="Read a vendor")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """His address, hours and terms."""
    return answering.plain(_vendor(_found(caller(request).person, slug, "see vendors")))


@router.patch("/{slug}", response={200: terms_schemas.Vendor, **FOR_WRITING}, summary="Edit a vendor")
def edit(request: HttpRequest, slug: str, asked: terms_bodies.ChangedVendor) -> HttpResponse:
    """Fields that are absent stay; `targets` are all of them. What he was asked keeps its deadlines."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug, "edit contracts")
        return 200, _vendor(vendors.edit(found, _known(asked, found), by=by, at=at))

    return answering.done(request, deed)


@router.post("/{slug}/retirement", response={200: terms_schemas.Vendor, **FOR_WRITING}, summary="Retire a vendor")
def retire(request: HttpRequest, slug: str, asked: terms_bodies.Retired) -> HttpResponse:
    """Nobody asks him any more; or again (`retired` false)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        change = vendors.retire if asked.retired else vendors.restore
        return 200, _vendor(change(_found(by, slug, "edit contracts"), by=by, at=at))

    return answering.done(request, deed)


@of_tickets.get(
    "/{number}/vendor-requests", response={200: terms_schemas.VendorRequests, **FOR_READING},
    summary="Read what vendors were asked",
)  # fmt: skip
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """For the desk."""
    person = caller(request).person
    ticket = queries.get_for(person, number)
    permissions.demand(person, "internal", ticket)
    return answering.plain({"items": [_request(one) for one in vendor_requests.of(ticket)]})


@of_tickets.post("/{number}/vendor-requests", response=TICKET, summary="Ask a vendor")
def ask_vendor(request: HttpRequest, number: str, asked: bodies.NewVendorRequest) -> HttpResponse:
    """The words go to the vendor by mail, and to nobody else; with `wait` the ticket waits for his answer."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        permissions.demand(by, "ask vendor", ticket)
        vendor = vendors.offered().filter(slug=asked.vendor).first()
        if vendor is None:
            raise WrongValue("vendor", named.UNKNOWN)
        words = Words(text=asked.body)
        return vendor_requests.ask(
            ticket, vendor=vendor, subject=asked.subject, words=words, wait=asked.wait, by=by, at=at, seen=seen
        ).ticket

    return answering.on_ticket(request, number, deed)


@of_tickets.post(f"{ONE}/messages", response=TICKET, summary="Write to a vendor, or what he said")
def say(request: HttpRequest, number: str, child: int, asked: terms_bodies.ToVendor) -> HttpResponse:
    """The words go to the vendor by mail; with `heard` they are his own, and wake a ticket that waits for him."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        one, words = _asked(ticket, by, child), Words(text=asked.body)
        if not asked.heard:
            return vendor_requests.write(one, words, by=by, at=at).ticket
        if not asked.body.strip():
            raise WrongValue("body", "empty")
        vendor_requests.answered(one, words, by=by, at=at, channel=Channel.PHONE)
        return queries.get_for(by, ticket.number)

    return answering.on_ticket(request, number, deed)


@of_tickets.post(f"{ONE}/closing", response=TICKET, summary="Close a request to a vendor")
def close(request: HttpRequest, number: str, child: int, asked: terms_bodies.VendorDone) -> HttpResponse:
    """He has done his part (`solved`), or is needed no more."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        vendor_requests.close(_asked(ticket, by, child), solved=asked.solved, by=by, at=at)
        return queries.get_for(by, ticket.number)

    return answering.on_ticket(request, number, deed)


@of_tickets.post(f"{ONE}/number", response=TICKET, summary="Keep the vendor's number")
def keep_number(request: HttpRequest, number: str, child: int, asked: terms_bodies.VendorNumber) -> HttpResponse:
    """The number that the vendor gave the request."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        vendor_requests.keep_number(_asked(ticket, by, child), asked.their_number, by=by, at=at)
        return queries.get_for(by, ticket.number)

    return answering.on_ticket(request, number, deed)


def _asked(ticket: Ticket, by: Person, number: int) -> VendorRequest:
    permissions.demand(by, "ask vendor", ticket)
    found = vendor_requests.get_for(by, ticket, number) if number < 2**15 else None
    if found is None:
        raise NotThere(f"{ticket.number} {number}")
    return found


def _found(person: Person, slug: str, deed: str) -> Vendor:
    demand(person, deed)
    found = Vendor.objects.select_related("calendar").filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _known(asked: terms_bodies.ChangedVendor, found: Vendor | None) -> Known:
    given = asked.model_fields_set
    kept = vendors.known(found) if found is not None else None

    def one(key: str) -> Any:
        return getattr(asked, key) if kept is None or key in given else getattr(kept, key)

    calendar = kept.calendar if kept is not None else None
    if calendar is None or "calendar" in given:
        calendar = Calendar.objects.filter(slug=asked.calendar).first()
    if calendar is None:
        raise WrongValue("calendar", named.UNKNOWN)
    return Known(
        names=one("names"), calendar=calendar, email=one("email"), phone=one("phone"), language=one("language"),
        targets=one("targets"),
    )  # fmt: skip


def _vendor(one: Vendor) -> dict[str, Any]:
    kept = vendors.known(one)
    return {
        "slug": one.slug, "name": one.name, "names": kept.names, "email": kept.email, "phone": kept.phone,
        "language": kept.language, "calendar": kept.calendar.slug, "targets": kept.targets,
        "retired_at": one.retired_at.isoformat() if one.retired_at else None,
    }  # fmt: skip


def _score(one: Score) -> dict[str, Any]:
    return {
        "asked": one.asked, "open": one.open, "withdrawn": one.withdrawn, "answers_promised": one.answers_promised,
        "answers_in_time": one.answers_in_time, "solutions_promised": one.solutions_promised,
        "solutions_in_time": one.solutions_in_time, "typical_answer_minutes": one.typical_answer,
    }  # fmt: skip


def _request(one: VendorRequest) -> dict[str, Any]:
    moments = ("asked_at", "response_due_at", "solution_due_at", "answered_at", "closed_at")
    return {
        "number": one.number, "vendor": one.vendor.slug, "subject": one.subject, "state": str(one.state),
        "their_number": one.their_number, "asked_by": one.asked_by.login,
        **{key: value.isoformat() if (value := getattr(one, key)) else None for key in moments},
    }  # fmt: skip

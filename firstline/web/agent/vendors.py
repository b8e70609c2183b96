"""Requests to vendors on a ticket: the panel, the form, what was said, and what vendors are like over a year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.contracts import vendors
from firstline.intake.channels import values
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import queries, statuses, vendor_requests
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.tickets.vendor_models import VendorRequest
from firstline.web.agent import moves
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment, seen_version

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@desk
def of_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/vendors/: what vendors were asked; the panel alone, where htmx asks."""
    ticket = queries.get_for(person, number)
    context = {
        "ticket": ticket, "requests": list(vendor_requests.of(ticket)), "now": clock.now(), "may_ask": person.solves,
    }  # fmt: skip
    template = "web/agent/ticket/_vendors.html" if is_fragment(request) else "web/agent/ticket/vendors.html"
    return render(request, template, context)


@FORM
@desk
def ask(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/vendors/new/ vendor, subject, body, files, wait"""
    ticket = queries.get_for(person, number)
    demand(person, "ask vendor", ticket)
    if request.method != "POST":
        context = {
            "vendors": vendors.offered(), "subject": ticket.subject,
            "may_wait": statuses.allows("wait", ticket.status),
        }  # fmt: skip
        return moves.sheet(request, ticket, "vendors/new", context, template="ask_vendor")
    vendor = vendors.offered().filter(slug=request.POST.get("vendor", "")).first()
    if vendor is None:
        raise WrongValue("vendor", "unknown")
    vendor_requests.ask(
        ticket, vendor=vendor, subject=request.POST.get("subject", ""), words=_words(request),
        wait=bool(request.POST.get("wait")), by=person, at=clock.now(), seen=seen_version(request),
    )  # fmt: skip
    return go(request, address(ticket))


@FORM
@desk
def one(request: HttpRequest, person: Person, number: str, request_number: int) -> HttpResponse:
    """/desk/tickets/1042/vendors/1/ body, files, heard (the vendor said it by telephone)"""
    ticket, asked = _get(person, number, request_number)
    if request.method != "POST":
        context = {"one": asked, "now": clock.now()}
        return moves.sheet(request, ticket, f"vendors/{request_number}", context, template="vendor")
    if request.POST.get("heard"):
        vendor_requests.answered(asked, _words(request), by=person, at=clock.now(), channel=Channel.PHONE)
    else:
        vendor_requests.write(asked, _words(request), by=person, at=clock.now())
    return go(request, address(ticket))


@require_POST
@desk
def close(request: HttpRequest, person: Person, number: str, request_number: int) -> HttpResponse:
    """…/closing/ solved"""
    ticket, asked = _get(person, number, request_number)
    vendor_requests.close(asked, solved=bool(request.POST.get("solved")), by=person, at=clock.now())
    return go(request, address(ticket))


@require_POST
@desk
def number(request: HttpRequest, person: Person, number: str, request_number: int) -> HttpResponse:
    """…/number/ their_number"""
    ticket, asked = _get(person, number, request_number)
    vendor_requests.keep_number(asked, request.POST.get("their_number", ""), by=person, at=clock.now())
    return go(request, address(ticket))


def _get(person: Person, number: str, request_number: int) -> tuple[Ticket, VendorRequest]:
    ticket = queries.get_for(person, number)
    demand(person, "ask vendor", ticket)
    found = vendor_requests.get_for(person, ticket, request_number)
    if found is None:
        raise NotThere
    return ticket, found


def _words(request: HttpRequest) -> Words:
    text = values.words("body", request.POST.get("body", ""), required=False)
    return Words(text=text, files=values.files_of(values.kept_files(request.FILES.getlist("files"))))

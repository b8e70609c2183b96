"""Where words belong: merging tickets and undoing it, moving a message, splitting one off, deciding about a claim; who
takes part, and whether mail comes through to him."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.intake import in_copy
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import lists, merging, moving, queries
from firstline.tickets import participants as taking_part
from firstline.tickets.models import Message, Ticket
from firstline.tickets.permissions import demand, may
from firstline.web.agent import people_on_ticket, said
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM, other, sheet
from firstline.web.asked import go, is_fragment, seen_version

MOST_OFFERED = 8


@FORM
@desk
def merge(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/merge/ into (a number)"""
    ticket = queries.get_for(person, number)
    demand(person, "merge", ticket)
    if request.method != "POST":
        return sheet(request, ticket, "merge", {"offered": _offered(person, ticket)})
    target = other(person, request.POST.get("into", ""), "into")
    made = merging.merge(ticket, target, by=person, at=clock.now(), seen=seen_version(request))
    said.keep_one(request, "merge", ticket, made)
    return go(request, address(target))


@require_POST
@desk
def separate(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/separation/"""
    ticket = queries.get_for(person, number)
    merging.unmerge(ticket, by=person, at=clock.now())
    return go(request, address(ticket))


@require_POST
@desk
def claim(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/claim/ belongs=yes (there) or no (it is its own)"""
    ticket = queries.get_for(person, number)
    demand(person, "merge", ticket)
    if request.POST.get("belongs") != "yes":
        merging.keep_apart(ticket, by=person, at=clock.now())
        return go(request, address(ticket))
    target = other(person, str(merging.claim_on(ticket)), "claim")
    merging.add_claimed(ticket, target, by=person, at=clock.now(), seen=seen_version(request))
    return go(request, address(target))


@FORM
@desk
def move(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/messages/5/move/ to (a number); to where it came in: back"""
    message = queries.message_for(person, number)
    demand(person, "merge", message.ticket)
    if request.method != "POST":
        return _sheet(request, message, {"offered": _offered(person, message.ticket)})
    target = other(person, request.POST.get("to", ""), "to")
    was = message.ticket
    moving.move(message, target, by=person, at=clock.now())
    if message.event.ticket_id != target.pk:
        words = _("The message is on #{number} now. It can be moved back there.").replace("{number}", target.number)
        messages.success(request, words)
    return go(request, address(was))


@require_POST
@desk
def split(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/messages/5/split/ subject"""
    message = queries.message_for(person, number)
    demand(person, "merge", message.ticket)
    made = moving.split(message, by=person, at=clock.now(), subject=request.POST.get("subject", ""))
    return go(request, address(made))


@FORM
@desk
def participants(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/participants/: GET who is on it, whole or for the composer (?as=line); POST email adds one."""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        context = {
            "ticket": ticket, "people": people_on_ticket.of(ticket), "may_clear": may(person, "answer", ticket),
        }  # fmt: skip
        part = "_people_line" if request.GET.get("as") == "line" else "_people"
        return render(request, f"web/agent/ticket/{part if is_fragment(request) else 'people'}.html", context)
    in_copy.add(ticket, request.POST.get("email", ""), by=person, at=clock.now())
    return go(request, address(ticket))


@require_POST
@desk
def mail_again(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/mail-again/ email (else the requester's): the address is good again"""
    ticket = queries.get_for(person, number)
    taking_part.mail_again(ticket, by=person, at=clock.now(), email=request.POST.get("email", ""))
    return go(request, address(ticket))


def _sheet(request: HttpRequest, message: Message, context: dict[str, object]) -> HttpResponse:
    form = "web/agent/moves/_move_message.html"
    context = {**context, "ticket": message.ticket, "message": message, "form": form}
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)


def _offered(person: Person, ticket: Ticket) -> list[Ticket]:
    """Open tickets of the same client, those of the same requester first."""
    same = lists.in_order(person).filter(lists.OPEN).exclude(pk=ticket.pk)
    same = same.filter(client=ticket.client_id) if ticket.client_id else same.filter(requester=ticket.requester_id)
    found = list(same.order_by("-id").only("id", "subject", "status", "requester")[: MOST_OFFERED * 3])
    return sorted(found, key=lambda one: one.requester_id != ticket.requester_id)[:MOST_OFFERED]

"""Beside the words of a request: "call me", and colleagues who take part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.contracts import forms
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import call_wishes, participants, permissions, queries, statuses
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.web.portal.door import portal


@require_POST
@portal
def call_me(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /portal/requests/1042/call/ phone, wished_at (empty: as soon as it can be)"""
    ticket = queries.get_for(person, number)
    given = request.POST.get("wished_at", "")
    try:
        wished = parse_datetime(given) if given else None
    except ValueError as wrong:
        raise WrongValue("wished_at", "a moment") from wrong
    if given and wished is None:
        raise WrongValue("wished_at", "a moment")
    if wished is not None and is_naive(wished):
        wished = wished.replace(tzinfo=get_current_timezone())
    call_wishes.want(ticket, phone=request.POST.get("phone", ""), wished_at=wished, by=person, at=clock.now())
    messages.success(request, _("We call you. If it is not needed any more, just write so."))
    return HttpResponseRedirect(f"/portal/requests/{ticket.pk}/")


@require_POST
@portal
def add(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /portal/requests/1042/colleagues/ email"""
    ticket = queries.get_for(person, number)
    participants.bring(ticket, request.POST.get("email", ""), by=person, at=clock.now())
    messages.success(request, _("Your colleague reads and answers here from now on."))
    return HttpResponseRedirect(f"/portal/requests/{ticket.pk}/")


def of(person: Person, ticket: Ticket) -> dict[str, Any]:
    """What the page offers: whoever takes part, whom he may add, and the call that is waited for."""
    may_answer = permissions.may(person, "reply", ticket) and ticket.merged_into_id is None
    alive = ticket.is_open or ticket.status == statuses.RESOLVED
    client = person.client if may_answer and alive and ticket.client_id == person.client_id else None
    there = [one.person for one in ticket.participants.select_related("person").order_by("since", "id")]
    known = {ticket.requester_id, *(one.pk for one in there)}
    offered = forms.colleagues(client)[: forms.MOST_COLLEAGUES] if client else []
    return {
        "taking_part": [one for one in there if one.client_id == ticket.client_id],
        "colleagues": [one for one in offered if one.pk not in known and one.email],
        "wish": call_wishes.of(ticket),
        "may_call_me": may_answer and alive,
    }

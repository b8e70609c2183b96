"""Calls on the screen: what rings, what was talked about, and the list of calls with what nobody has sorted yet."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.intake import exchange_calls
from firstline.intake.call_models import WITHOUT_TICKET, Call
from firstline.lib import clock, phones
from firstline.people import callers
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import lists, queries
from firstline.tickets.models import Ticket
from firstline.web.agent.door import desk

_ON_FORM = re.compile(r"/desk/calls/new/\?(?:.*&)?call=([0-9]{1,15})(?:&|$)")
MOST_ON_SCREEN, MOST_TICKETS, SHOWN = 3, 4, 100


@require_safe
@desk
def now(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/calls/now/: the part of every page that shows calls, most often nothing. The form for calls shows the
    other ones: who calls is in it already."""
    in_form = _ON_FORM.search(request.headers.get("HX-Current-URL", ""))
    calls = exchange_calls.rings_with(person, clock.now()).exclude(pk=int(in_form[1]) if in_form else 0)
    shown_here = calls[:MOST_ON_SCREEN] if person.solves else []
    return render(request, "web/agent/calls/_now.html", {"calls": [shown(one, person) for one in shown_here]})


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/calls/: the newest calls; ?missed=1 and ?open=1 those that nobody took, or of which no ticket knows."""
    _demand(person)
    calls = exchange_calls.visible_to(person).order_by("-id")
    if request.GET.get("missed"):
        calls = calls.filter(exchange_calls.IN_STATE["missed"])
    elif request.GET.get("open"):
        calls = calls.filter(WITHOUT_TICKET & exchange_calls.IN_STATE["ended"])
    rows = [{"call": one, "number": phones.readable(one.number)} for one in calls[:SHOWN]]
    return render(request, "web/agent/calls/list.html", {"rows": rows, "asked": request.GET})


@require_POST
@desk
def about(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/calls/7/ticket/ ticket=1042, or empty: about no ticket."""
    _demand(person)
    call, given = exchange_calls.get_for(person, number), request.POST.get("ticket", "").strip().lstrip("#")
    ticket = queries.get_for(person, given) if given else None
    exchange_calls.about(call, ticket, by=person, at=clock.now())
    if ticket is not None:
        messages.success(request, _("The call belongs to #{number}.").replace("{number}", str(ticket.pk)))
        return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/")
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else "/desk/calls/")


def shown(call: Call, person: Person) -> dict[str, Any]:
    """The call with the caller and his open tickets, as far as they are his to see; `form` begins a ticket of it."""
    caller = (
        callers.within(person).select_related("client").filter(pk=call.person_id).first() if call.person_id else None
    )
    tickets: list[Ticket] = []
    if caller is not None:
        open_now = queries.visible_to(person).filter(lists.OPEN, requester=caller)
        tickets = list(open_now.order_by("-id")[:MOST_TICKETS])
    asked = QueryDict(mutable=True)
    asked["call"] = str(call.pk)
    if call.number:
        asked["who"] = phones.readable(call.number)
    if caller is not None:
        asked["requester"] = caller.login
    return {
        "call": call, "caller": caller, "number": phones.readable(call.number), "tickets": tickets,
        "form": f"/desk/calls/new/?{asked.urlencode()}",
    }  # fmt: skip


def _demand(person: Person) -> None:
    if not person.solves:
        raise NotAllowed("calls")

"""Who waits for a call, and known outages on a ticket."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.contracts import outages as outages_of
from firstline.lib import clock
from firstline.people.listed import number_of
from firstline.people.models import Person
from firstline.tickets import call_wishes, known_outages, queries
from firstline.tickets.permissions import may
from firstline.tickets.refusals import WrongValue
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment

SHOWN = 100


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/call-backs/: whoever is to be called, the soonest first."""
    now = clock.now()
    context = {"wishes": list(call_wishes.waiting(person)[:SHOWN]), "now": now, "may_call": person.solves}
    return render(request, "web/agent/call_backs.html", context)


@require_POST
@desk
def settle(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/call-back/ reached=1 or 0"""
    ticket = queries.get_for(person, number)
    reached = request.POST.get("reached") == "1"
    call_wishes.settle(ticket, reached=reached, text=request.POST.get("text", ""), by=person, at=clock.now())
    messages.success(request, _("The call is written down.") if reached else _("Not reached: the client sees it."))
    back = "/desk/call-backs/" if request.POST.get("from") == "list" else f"/desk/tickets/{ticket.pk}/"
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def outages(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET …/outages/: what goes on for its client, and who wants to be called; POST `outage` (empty: none) links."""
    ticket = queries.get_for(person, number)
    now = clock.now()
    touching = known_outages.touching(ticket.client, now)
    if request.method == "POST":
        given = request.POST.get("outage", "")
        if not given:
            known_outages.part(ticket, by=person, at=now)
        else:
            which = number_of(given)
            outage = touching.filter(pk=which).first() if which is not None else None
            if outage is None:
                raise WrongValue("outage", "unknown")
            known_outages.join(ticket, outage, by=person, at=now)
            messages.success(request, _("The ticket is linked with the outage."))
        return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/")
    fitting = outages_of.of_service(touching, ticket.service_id)
    context = {
        "ticket": ticket, "outages": list(fitting[:5]) if ticket.is_open else [],
        "told": [one for one in known_outages.to_say(ticket.client, now)[:5] if one.is_notice or one.starts_at > now]
        if ticket.is_open
        else [],
        "linked": known_outages.of(ticket), "wish": call_wishes.of(ticket),
        "may_link": may(person, "link", ticket), "may_call": may(person, "call", ticket),
    }  # fmt: skip
    part = "_known" if is_fragment(request) else "known"
    return render(request, f"web/agent/ticket/{part}.html", context)

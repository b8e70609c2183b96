"""How the promised times of a request are counted: the same clocks and the same words as at the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.sla import explain, standstills
from firstline.tickets import queries
from firstline.web.clock_faces import METRICS
from firstline.web.portal import thread
from firstline.web.portal.door import portal


@require_safe
@portal
def page(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /portal/requests/1042/clocks/"""
    ticket = queries.get_for(person, number)
    told, waits = explain.readings(ticket, clock.now()), standstills.now_of(ticket)
    context = {
        "ticket": ticket,
        "holder": thread.holder(ticket, waits),
        "duty": thread.duty_words(waits),
        "clocks": [(METRICS[one.reading.metric], one) for one in told if one.is_newest],
        "before": [(METRICS[one.reading.metric], one) for one in told if not one.is_newest],
        "zone": explain.zone_of(ticket).key,
    }
    return render(request, "web/portal/clocks.html", context)

"""All clocks of a ticket on demand: how each stands and why, the wait it is in, and whose the minutes were."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.lib.durations import in_hours
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.sla import breaches, clocks, explain, standstills
from firstline.sla.models import Clock
from firstline.tickets import queries
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.web import clock_faces, whose_time
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.pauses import WHOSE
from firstline.web.asked import go, is_fragment


@dataclass(frozen=True)
class Row:
    """A clock with its face, its story, and its row where it has one already."""

    face: clock_faces.Face
    told: explain.Explained
    target: str
    clock: Clock | None


@require_safe
@desk
def page(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/clocks/"""
    ticket = queries.get_for(person, number)
    now = clock.now()
    found = rows_of(ticket)
    waits = standstills.now_of(ticket)
    form = "web/agent/ticket/_all_clocks.html"
    context = {
        "ticket": ticket,
        "form": form,
        "now": [row for row in found if row.told.is_newest],
        "before": [row for row in found if not row.told.is_newest],
        "may_excuse": may(person, "excuse breaches"),
        "waits": waits,
        "whose": WHOSE.get(waits.party, waits.party) if waits else "",
        "bar": whose_time.bar(explain.whose_time(ticket, now)),
        "zone": explain.zone_of(ticket).key,
    }
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)


@require_POST
@desk
def excuse(request: HttpRequest, person: Person, number: str, clock_id: int) -> HttpResponse:
    """POST /desk/tickets/1042/clocks/7/excuse/ reason"""
    ticket = queries.get_for(person, number)
    demand(person, "excuse breaches")
    row = ticket.clocks.filter(pk=clock_id).first()
    if row is None:
        raise WrongValue("metric", "not broken")
    breaches.excuse(ticket, row, reason=request.POST.get("reason", ""), by=person, at=clock.now())
    return go(request, f"{address(ticket)}clocks/")


def rows_of(ticket: Ticket) -> list[Row]:
    """Every clock, in the order in which they are owed."""
    now, kept = clock.now(), list(ticket.clocks.all())
    rows = []
    for told in explain.readings(ticket, now):
        row = next((one for one in kept if clocks.is_of(one, told.reading)), None)
        shown = row or clocks.keep(Clock(ticket=ticket, metric=told.reading.metric), told.reading)
        rows.append(Row(clock_faces.face(shown, now), told, in_hours(told.reading.promise.target), row))
    return rows

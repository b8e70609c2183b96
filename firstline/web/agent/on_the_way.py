"""A way around given, somebody on site: what ends clocks of their own before the solution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from firstline.lib import clock
from firstline.people.models import Person
from firstline.sla import visits
from firstline.tickets import progress, queries
from firstline.web.agent import moves
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.asked import go, seen_version
from firstline.web.moments import moment_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@desk
def workaround(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/workaround/ how"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return moves.sheet(request, ticket, "workaround", {})
    progress.give_workaround(
        ticket, how=request.POST.get("how", ""), by=person, at=clock.now(), seen=seen_version(request)
    )
    return go(request, address(ticket))


@FORM
@desk
def arrival(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/arrival/ since (where the person is; empty = now)"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        here = {"since": ticket.created_at, "until": clock.now()}
        words = {name: timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") for name, moment in here.items()}
        context = {"least": words["since"], "most": words["until"], "visit_owed": visits.owed(ticket)}
        return moves.sheet(request, ticket, "arrival", context)
    since = moment_of("since", request.POST["since"]) if request.POST.get("since") else None
    progress.arrive(ticket, by=person, at=clock.now(), since=since)
    return go(request, address(ticket))


@require_POST
@desk
def no_visit(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/no-visit/ why"""
    ticket = queries.get_for(person, number)
    visits.not_needed(ticket, why=request.POST.get("why", ""), by=person, at=clock.now(), seen=seen_version(request))
    return go(request, address(ticket))

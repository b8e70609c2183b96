"""Remote sessions from the ticket: one click opens the program and says so in the history, another one ends it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from firstline.assets import remote
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import queries, remote_sessions
from firstline.tickets.permissions import may
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@desk
def of_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/remote-sessions/ program"""
    ticket = queries.get_for(person, number)
    if request.method == "POST":
        remote_sessions.start(ticket, request.POST.get("program", ""), by=person, at=clock.now())
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(status=204)
        return go(request, address(ticket))
    numbers = ticket.equipment.remote_ids if ticket.equipment else {}
    form = "web/agent/ticket/_remote_sessions.html"
    context = {
        "ticket": ticket,
        "form": form,
        "rows": [
            (name, remote.name_of(name), number, remote.address_of(name, number)) for name, number in numbers.items()
        ],
        "running": remote_sessions.running(ticket, person),
        "may": may(person, "remote session", ticket) and ticket.is_open,
    }
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)


@require_POST
@desk
def end(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/remote-sessions/end/"""
    ticket = queries.get_for(person, number)
    remote_sessions.end(ticket, by=person, at=clock.now())
    return go(request, address(ticket))

"""Who else is at a ticket."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import attention, queries
from firstline.web.agent.door import desk
from firstline.web.asked import seen_version


@require_POST
@desk
def present(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/presence/ seen, writes, leaves=1: what this page says of itself; answers who else is
    here. `writes` is 1, 0 when somebody stops, and not given by a window in which nobody wrote."""
    ticket, at = queries.get_for(person, number), clock.now()
    if request.POST.get("leaves") == "1":
        attention.leave(person, ticket, at=at)
        return HttpResponse(status=204)
    writes = {"1": True, "0": False}.get(request.POST.get("writes", ""))
    attention.look(person, ticket, seen=seen_version(request) or 0, writes=writes, at=at)
    return render(request, "web/agent/ticket/_present.html", {"beside": attention.beside(person, ticket, at)})

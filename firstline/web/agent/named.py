"""Who of the desk can be named on a ticket: offered in the composer while somebody types an @."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.people.models import Person
from firstline.search import layouts
from firstline.tickets import mentions, queries, who_sees
from firstline.tickets.permissions import demand
from firstline.web.agent.door import desk


@require_safe
@desk
def colleagues(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/colleagues/?q=: who sees the ticket and fits what is typed, whatever the layout."""
    ticket = queries.get_for(person, number)
    demand(person, "note", ticket)
    typed = request.GET.get("q", "").replace("\x00", "")[: mentions.LONGEST_TYPED]
    people = who_sees.colleagues_on(ticket)
    found = mentions.offered([typed, *layouts.retyped(typed)], people)
    rows = [{"one": one, "words": mentions.written(one, people)} for one in found]
    return render(request, "web/agent/ticket/_colleagues.html", {"rows": rows})

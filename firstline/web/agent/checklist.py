"""The checklist beside the ticket: each item is a press, who did it and when stands by it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import checklist, queries
from firstline.tickets.permissions import may
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM
from firstline.web.asked import go, is_fragment


@FORM
@desk
def of_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/checklist/: GET the items; POST item, done=1 (or 0: not done after all)"""
    ticket = queries.get_for(person, number)
    if request.method == "POST":
        done = request.POST.get("done") == "1"
        checklist.tick(ticket, request.POST.get("item", ""), done=done, by=person, at=clock.now())
        if not is_fragment(request):
            return go(request, address(ticket))
    lines = checklist.of(ticket)
    language, form = get_language(), "web/agent/ticket/_checklist.html"
    context = {
        "ticket": ticket, "form": form, "rows": [(line, line.item.label(language)) for line in lines],
        "done": sum(line.ticked is not None for line in lines), "may": may(person, "tick", ticket) and ticket.is_open,
    }  # fmt: skip
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)

"""The status of one request for whoever has its signed link: number, status, progress and promised times; no words of
anybody, no names, no hint whether anybody has an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.sla import clocks
from firstline.tickets import merging, status_link
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere, with_public_moment
from firstline.web import clock_faces
from firstline.web.portal import thread


@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """A wrong signature and a ticket that is not there are the same 404. A merged one leads to where it is now."""
    number = status_link.read(token)
    ticket = with_public_moment(Ticket.objects.filter(pk=number)).first() if number is not None else None
    if ticket is None:
        raise NotThere(token)
    end = merging.final(ticket)
    if end.pk != ticket.pk:
        return HttpResponseRedirect(f"/s/{status_link.token_of(end.pk)}/")
    now = clock.now()
    rows = thread.clocks_in_view(clocks.of(ticket))
    context = {
        "ticket": ticket,
        "sent": "sent" in request.GET,
        "clocks": thread.clock_words(rows, [clock_faces.face(row, now) for row in rows]),
    }
    response = render(request, "web/portal/status.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response

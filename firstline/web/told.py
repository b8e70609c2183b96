"""The page behind the link of an escalation: whoever was told says by one tap that he sees to it, without signing in.

Opening it answers nothing, because mail programs open links, too; the button does.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.lines import ladder_deeds
from firstline.lines.ladder_models import Escalation, Through
from firstline.notices import ladder_letters
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.roster import shifts
from firstline.tickets import queries, statuses
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere


@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, token: str) -> HttpResponse:
    """/told/17.5.3f…/ A wrong signature, who works here no more and who sees the ticket no more are the same 404."""
    found = ladder_deeds.by_token(token)
    if found is None or not queries.sees(found[1], found[0].ticket):
        raise NotThere(token)
    row, person = found
    with translation.override(person.language), timezone.override(shifts.zone_of(person)):
        if request.method == "POST":
            try:
                ladder_deeds.acknowledge(row, by=person, at=clock.now(), through=Through.LETTER)
            except NotAllowed as refused:  # between the two looks
                raise NotThere(token) from refused
            response: HttpResponse = HttpResponseRedirect(request.path)
        else:
            response = _page(request, row, person)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _page(request: HttpRequest, row: Escalation, person: Person) -> HttpResponse:
    context = {
        "row": row,
        "ticket": row.ticket,
        "client": row.ticket.client.label(person.language) if row.ticket.client is not None else "",
        "what": ladder_letters.occasion_words(row.what, row.metric, max(row.marks, default=0)),
        "over": _over(row.ticket),
        "is_his": row.acknowledged_by_id == person.pk,
        "language": person.language,
    }
    return render(request, "web/told.html", context)


def _over(ticket: Ticket) -> str:
    """How it ended, of a ticket that is no longer open."""
    if ticket.merged_into_id is not None:
        return _("The ticket goes on as #%(number)s.") % {"number": ticket.merged_into_id}
    ends = {
        statuses.RESOLVED: _("The ticket is solved."),
        statuses.CLOSED: _("The ticket is closed."),
        statuses.CANCELLED: _("The ticket was cancelled."),
    }
    return ends.get(ticket.status, "")

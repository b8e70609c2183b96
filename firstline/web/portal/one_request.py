"""A request's page and the verbs of its side: answer, confirm, reopen, cancel. Each works without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.intake.channels import values
from firstline.lib import clock
from firstline.people.models import Person
from firstline.sla import clocks, standstills
from firstline.tickets import conversation, lifecycle, merging, permissions, queries, ratings, statuses
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from firstline.web import clock_faces, form_pages
from firstline.web.asked import is_fragment, said_once, seen_version
from firstline.web.portal import thread, together
from firstline.web.portal.door import portal

SCORES: tuple[tuple[int, str | Promise], ...] = (
    (1, gettext_lazy("Bad")),
    (2, gettext_lazy("Poor")),
    (3, gettext_lazy("So-so")),
    (4, gettext_lazy("Good")),
    (5, gettext_lazy("Excellent")),
)


@require_safe
@portal
def page(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """The page; its live part alone, where htmx asks."""
    ticket = queries.get_for(person, number)
    template = "web/portal/_request.html" if is_fragment(request) else "web/portal/request.html"
    return render(request, template, context_of(person, ticket) | {"sent": "sent" in request.GET})


def context_of(person: Person, ticket: Ticket) -> dict[str, Any]:
    """What the page shows of a ticket, the same whole or in part."""
    now, waits = clock.now(), standstills.now_of(ticket)
    rows = thread.clocks_in_view(clocks.of(ticket))
    return {
        "ticket": ticket,
        "answers": form_pages.answered(ticket, desk=False),
        "entries": thread.entries(person, ticket),
        "holder": thread.holder(ticket, waits),
        "duty": thread.duty_words(waits),
        "is_turn": thread.is_clients_turn(ticket, waits),
        "clocks": thread.clock_words(rows, [clock_faces.face(row, now) for row in rows]),
        "may_answer": permissions.may(person, "reply", ticket),
        "may_confirm": _may(person, "confirm", "confirmation", ticket),
        "may_reopen": _may(person, "reopen", "reopening", ticket)
        and (ticket.status != statuses.CLOSED or lifecycle.in_window(ticket, now)),
        "may_rate": _may(person, "rate", "rating", ticket),
        "rating": ratings.of(ticket) if ticket.status in statuses.DONE else None,
        "scores": SCORES,
        "may_cancel": _may(person, "cancel", "cancellation", ticket),
        **together.of(person, ticket),
        "is_over": ticket.status == statuses.CANCELLED
        or (ticket.status == statuses.CLOSED and not lifecycle.in_window(ticket, now)),
        "largest": values.LARGEST_FILE,
    }


@require_POST
@portal
def answer(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """Words and files. On a request that is closed for good they become a new one that follows it.

    The same words sent again from the same look at the page (a button pressed twice, a page sent again) are one answer.
    """
    ticket = queries.get_for(person, number)
    permissions.demand(person, "reply", ticket)  # before a stranger's files are stored
    text = values.words("body", request.POST.get("body", ""), required=False)
    seen, at = seen_version(request), clock.now()
    words = Words(text=text, files=values.files_of(values.kept_files(request.FILES.getlist("files"))))
    told = said_once(
        person, ticket, words, seen=seen,
        deed=lambda: conversation.reply(ticket, words, by=person, at=at, channel=Channel.PORTAL, seen=seen),
    )  # fmt: skip
    if told != ticket.number and merging.final(ticket).number == told:
        messages.success(request, _("Your answer has arrived at the request with which yours was joined."))
        return HttpResponseRedirect(f"/portal/requests/{told}/")
    if told != ticket.number:
        messages.success(request, _("The old request was closed for good, so this is a new one that follows it."))
        return HttpResponseRedirect(f"/portal/requests/{told}/")
    messages.success(request, _("Your answer has arrived."))
    return _back(ticket)


@require_POST
@portal
def confirm(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """It helped: closed."""
    ticket = queries.get_for(person, number)
    lifecycle.confirm(ticket, by=person, at=clock.now(), seen=seen_version(request))
    messages.success(request, _("Thank you. The request is closed."))
    return _back(ticket)


@require_POST
@portal
def reopen(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """It did not help: back to work, with why."""
    ticket = queries.get_for(person, number)
    lifecycle.reopen(ticket, why=request.POST.get("why", ""), by=person, at=clock.now(), seen=seen_version(request))
    messages.success(request, _("We are working on it again."))
    return _back(ticket)


@require_POST
@portal
def rate(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """How content he is, from 1 to 5; said again, the newer word stands."""
    ticket = queries.get_for(person, number)
    given = request.POST.get("score", "")
    score = int(given) if given in {str(score) for score, _word in SCORES} else 0
    ratings.rate(ticket, score=score, comment=request.POST.get("comment", ""), by=person, at=clock.now())
    messages.success(request, _("Thank you: your rating is kept."))
    return _back(ticket)


@require_POST
@portal
def cancel(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """It is not needed any more."""
    ticket = queries.get_for(person, number)
    lifecycle.cancel(ticket, why=request.POST.get("why", ""), by=person, at=clock.now(), seen=seen_version(request))
    messages.success(request, _("The request is cancelled."))
    return _back(ticket)


def _may(person: Person, deed: str, verb: str, ticket: Ticket) -> bool:
    return statuses.allows(verb, ticket.status) and permissions.may(person, deed, ticket)


def _back(ticket: Ticket) -> HttpResponse:
    return HttpResponseRedirect(f"/portal/requests/{ticket.pk}/")

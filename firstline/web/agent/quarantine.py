"""Quarantine and the intake journal: everything that was acknowledged, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.intake import journal, quarantine
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.web import intake_words
from firstline.web.agent import files
from firstline.web.agent.door import desk

PAGE = 50
OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    Inbound.Outcome.PENDING: (pgettext_lazy("intake", "being understood"), "blue"),
    Inbound.Outcome.TICKET: (pgettext_lazy("intake", "became a ticket"), "green"),
    Inbound.Outcome.REPLY: (pgettext_lazy("intake", "joined a ticket"), "green"),
    Inbound.Outcome.BOUNCE: (pgettext_lazy("intake", "report of failed delivery"), "orange"),
    Inbound.Outcome.AUTO: (pgettext_lazy("intake", "automatic letter"), ""),
    Inbound.Outcome.DUPLICATE: (pgettext_lazy("intake", "duplicate"), ""),
    Inbound.Outcome.IGNORED: (pgettext_lazy("intake", "ignored"), ""),
    Inbound.Outcome.QUARANTINE: (pgettext_lazy("intake", "in quarantine"), "amber"),
}


@require_safe
@desk
def waiting(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/quarantine/: what waits for a decision, newest first."""
    demand(person, "journal")
    rows = journal.visible_to(person).filter(state=Inbound.State.QUARANTINE)
    return render(request, "web/agent/intake/quarantine.html", _page(request, rows, "/desk/quarantine/"))


@require_safe
@desk
def everything(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/intake/[?outcome=…]: the journal."""
    demand(person, "journal")
    outcome = request.GET.get("outcome", "")
    rows = journal.visible_to(person)
    if outcome in Inbound.Outcome.values:
        rows = rows.filter(outcome=outcome)
    address = f"/desk/intake/?outcome={outcome}&" if outcome in Inbound.Outcome.values else "/desk/intake/?"
    context = _page(request, rows, address)
    context["outcomes"] = [(value, words, value == outcome) for value, (words, _tone) in OUTCOMES.items()]
    return render(request, "web/agent/intake/journal.html", context)


@require_safe
@desk
def item(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/intake/17/: one item, its original and what can be done."""
    inbound = journal.get_for(person, number)
    context = {**_row(inbound), "decidable": inbound.outcome in quarantine.DECIDABLE and inbound.decided_at is None}
    return render(request, "web/agent/intake/item.html", context)


@require_safe
@desk
def original(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/intake/17/original: for the sandboxed frame."""
    return files.in_sandbox(request, journal.get_for(person, number))


@require_safe
@desk
def raw(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/intake/17/original.eml: the bytes."""
    return files.as_eml(journal.get_for(person, number))


@require_POST
@desk
def make_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/ticket/"""
    ticket = quarantine.make_ticket(journal.get_for(person, number), by=person, at=clock.now())
    messages.success(
        request, _("Ticket #{number} is made from it, with the original attached.").replace("{number}", ticket.number)
    )
    return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/")


@require_POST
@desk
def ignore(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/ignoring/ why"""
    quarantine.ignore(journal.get_for(person, number), by=person, at=clock.now(), why=request.POST.get("why", ""))
    messages.success(request, _("Ignored. It stays in the journal, with your reason."))
    return HttpResponseRedirect("/desk/quarantine/")


def _page(request: HttpRequest, rows: QuerySet[Inbound], address: str) -> dict[str, Any]:
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(id__lt=int(before))
    got = list(rows[: PAGE + 1])
    more = f"{address}{'' if '?' in address else '?'}before={got[PAGE - 1].pk}" if len(got) > PAGE else ""
    return {"rows": [_row(one) for one in got[:PAGE]], "next": more, "first": address.rstrip("?&") if before else ""}


def _row(inbound: Inbound) -> dict[str, Any]:
    words, tone = OUTCOMES[inbound.outcome]
    return {"inbound": inbound, "words": words, "tone": tone, "reason": intake_words.reason(inbound.reason)}

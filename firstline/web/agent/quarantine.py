"""The intake journal: everything that was acknowledged, what became of it, and what can be done with one item."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.intake import again, decisions, joining, journal, quarantine
from firstline.intake.models import Inbound
from firstline.lib import clock, numbered
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.refusals import WrongValue
from firstline.web import intake_words
from firstline.web.agent import files, intake_rows, triage_deeds
from firstline.web.agent.door import desk
from firstline.web.agent.intake_rows import OUTCOMES


@require_safe
@desk
def everything(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/intake/[?outcome=…]: the journal."""
    demand(person, "journal")
    outcome = request.GET.get("outcome", "")
    rows, address = journal.visible_to(person), "/desk/intake/"
    if outcome in Inbound.Outcome.values:
        rows, address = rows.filter(outcome=outcome), f"/desk/intake/?outcome={outcome}"
    context = intake_rows.page(rows, address, intake_rows.number(request.GET.get("before", "")))
    context["outcomes"] = [(value, words, value == outcome) for value, (words, _tone) in OUTCOMES.items()]
    return render(request, "web/agent/intake/journal.html", context)


@require_safe
@desk
def item(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/intake/17/: one item, its original and what can be done."""
    return render(request, "web/agent/intake/item.html", intake_rows.row(journal.get_for(person, number)))


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
def run_again(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/reading/: read and registered anew."""
    inbound = journal.get_for(person, number)
    try:
        again.run_again(inbound, by=person, at=clock.now())
    except again.NotNow as trouble:
        messages.error(request, triage_deeds.in_words(trouble))
    else:
        words, reason = str(OUTCOMES[inbound.outcome][0]), intake_words.reason(inbound.reason)
        pattern = _("Run again: {outcome}. {reason}") if reason else _("Run again: {outcome}.")
        messages.success(request, pattern.replace("{outcome}", words).replace("{reason}", reason))
    return HttpResponseRedirect(_where(inbound))


@require_POST
@desk
def add(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/message/ ticket: its words go onto that ticket."""
    ticket = numbered.bare(request.POST.get("ticket", ""))
    if not ticket:
        raise WrongValue("ticket", "empty")
    inbound = joining.add_to_ticket(journal.get_for(person, number), ticket, by=person, at=clock.now())
    messages.success(request, f"{intake_words.reason(inbound.reason)}.")
    return HttpResponseRedirect(_where(inbound))


@require_POST
@desk
def spam(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/spam/"""
    inbound = quarantine.spam(journal.get_for(person, number), by=person, at=clock.now())
    messages.success(request, _("Called spam. It stays in the journal, and can be taken back."))
    return HttpResponseRedirect(f"/desk/intake/{inbound.pk}/")


@require_POST
@desk
def ignore(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/ignoring/ why"""
    quarantine.ignore(journal.get_for(person, number), by=person, at=clock.now(), why=request.POST.get("why", ""))
    messages.success(request, _("Ignored. It stays in the journal, with your reason."))
    return HttpResponseRedirect("/desk/quarantine/")


@require_POST
@desk
def take_back(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/intake/17/return/: what was put aside waits for a decision again."""
    inbound = decisions.take_back(journal.get_for(person, number), by=person, at=clock.now())
    messages.success(request, _("It waits in quarantine again."))
    return HttpResponseRedirect(f"/desk/intake/{inbound.pk}/")


def _where(inbound: Inbound) -> str:
    """On to the ticket it is on now, else to the item."""
    return f"/desk/tickets/{inbound.ticket_id}/" if inbound.ticket_id else f"/desk/intake/{inbound.pk}/"

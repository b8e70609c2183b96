"""What superiors were told of: what waits for an answer, and on a ticket what was said, who sees to it, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.lines import ladder_deeds, ladder_seen
from firstline.lines.ladder_models import Escalation
from firstline.notices import ladder_letters
from firstline.people.models import Person
from firstline.tickets import permissions, queries
from firstline.web import ladder_words
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/escalations/: what he was told of stands first."""
    rows = _rows(list(ladder_seen.waiting(person)[: ladder_seen.SHOWN]), person)
    return render(request, "web/agent/escalations.html", {"rows": rows})


@require_safe
@desk
def of_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/escalations/"""
    ticket = queries.get_for(person, number)
    found = ladder_seen.of(ticket, clock.now())
    names = ladder_seen.names_of(found.coming, get_language() or "")
    form = "web/agent/ticket/_escalations.html"
    context = {
        "ticket": ticket, "form": form, "ladder": found.ladder, "too_young": found.too_young,
        "rows": _rows(found.said, person, ticket_is_open=ticket.is_open),
        "coming": [
            {
                "what": ladder_words.occasion(one.key.what, one.key.metric, one.rung.mark), "at": one.at,
                "rung": ladder_words.rung_said(one.rung, names),
            }
            for one in found.coming
        ],
    }  # fmt: skip
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)


@require_POST
@desk
def acknowledge(request: HttpRequest, person: Person, number: str, escalation: int) -> HttpResponse:
    """POST /desk/tickets/1042/escalations/7/acknowledgement/"""
    ticket = queries.get_for(person, number)
    row = ladder_seen.found(person, ticket, escalation)
    ladder_deeds.acknowledge(row, by=person, at=clock.now())
    messages.success(request, _("You see to it. Nobody else is told of this."))
    return go(request, address(ticket))


def _rows(found: Sequence[Escalation], person: Person, *, ticket_is_open: bool = True) -> list[dict[str, Any]]:
    notes = ladder_seen.notes_of(found)
    return [_row(one, person, notes.get(one.pk, ()), ticket_is_open) for one in found]


def _row(one: Escalation, person: Person, notes: Sequence[str], ticket_is_open: bool) -> dict[str, Any]:
    told = list(one.told.all())
    waits = one.acknowledged_at is None and ticket_is_open
    may = permissions.may(person, "acknowledge", one.ticket) or any(who.person_id == person.pk for who in told)
    return {
        "row": one, "what": ladder_words.occasion(one.what, one.metric, max(one.marks, default=0)), "told": told,
        "notes": ladder_letters.notes_in_words(notes), "waits": waits, "may_acknowledge": waits and may,
    }  # fmt: skip

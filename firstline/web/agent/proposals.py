"""What a ticket is probably about, fetched after the page; one key takes a proposal over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.lib.language import picked
from firstline.lines import proposals
from firstline.lines.classify import Guess
from firstline.lines.proposals import Proposed
from firstline.people.models import Person
from firstline.tickets import permissions, properties, queries
from firstline.tickets.models import Type
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment
from firstline.web.event_words import FIELDS as NAMES
from firstline.web.templatetags.ui import PRIORITIES

# The key that takes it over, and how it is written on the button.
KEYS = {"service": ("u", "U"), "category": ("shift+c", "⇧C"), "type": ("y", "Y"), "priority": ("shift+p", "⇧P")}


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def for_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/proposals/ field, value: takes it over"""
    ticket = queries.get_for(person, number)
    if request.method == "POST":
        field, label = request.POST.get("field", ""), request.POST.get("value", "")
        properties.change(ticket, by=person, at=clock.now(), **proposals.change_of(ticket, field, label))
        return go(request, address(ticket))
    found = proposals.of(ticket)
    context = {
        "ticket": ticket,
        "rows": rows(found),
        "enough": found.enough,
        "may": permissions.may_direct(person, ticket),
    }
    name = "_proposals.html" if is_fragment(request) else "proposals.html"
    return render(request, f"web/agent/ticket/{name}", context)


def rows(found: Proposed) -> list[dict[str, Any]]:
    """Each proposal that the ticket has not already, in words."""
    shown = [one for one in found.proposals if not one.is_set]
    names = _names({(one.field, guess.label) for one in shown for guess in (one.best, *one.others)})

    def said(field: str, guess: Guess) -> dict[str, Any] | None:
        words = names.get((field, guess.label))
        return (
            {"label": guess.label, "words": words, "percent": min(99, round(100 * guess.confidence))} if words else None
        )

    made = []
    for one in shown:
        best = said(one.field, one.best)
        if best is not None:
            others = [said(one.field, guess) for guess in one.others if guess.confidence >= OTHERS_FROM]
            made.append(
                {
                    "field": one.field, "name": NAMES[one.field], "key": KEYS[one.field], "best": best,
                    "others": [other for other in others if other is not None],
                }
            )  # fmt: skip
    return made


OTHERS_FROM = 0.1


def _names(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Labels as people read them; what is not in the catalogue any more has none."""
    found: dict[tuple[str, str], Any] = {}
    for field, model in proposals.NAMED.items():
        slugs = {label for name, label in wanted if name == field}
        for row in model.objects.filter(slug__in=slugs) if slugs else ():
            found[field, row.slug] = picked(row.names, row.name, get_language())
    found |= {("type", str(value)): words for value, words in Type.choices}
    return found | {("priority", str(number)): words for number, words in PRIORITIES.items()}

"""A macro on a ticket: chosen from the list, looked at before it is run, run."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.lib.one_by_one import Many
from firstline.lines import card
from firstline.people.models import Person
from firstline.tickets import macro_runs, macro_steps, macros, queries
from firstline.tickets.refusals import WrongValue
from firstline.web.agent import macro_words, said
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM, sheet
from firstline.web.asked import go, seen_version


@FORM
@desk
def on_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/macros/ macro (a number): run; or the list of those that he has, used most first."""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        found = sorted(macros.visible_to(person), key=lambda one: (-one.used, one.name))
        names = macro_words.names_in(step for one in found for step in one.steps)
        language = get_language()
        rows = [(one, one.label(language), [macro_words.line(step, names) for step in one.steps]) for one in found]
        return sheet(request, ticket, "macros", {"rows": rows})
    if not request.POST.get("macro"):
        raise WrongValue("macro", "empty")
    macro = macros.get_for(person, request.POST["macro"])
    made = macro_runs.run(macro, ticket, by=person, at=clock.now(), card=card.in_short, seen=seen_version(request))
    if made.refused is not None and not made.done:
        raise made.refused[1]
    deed = "macro" if macro_steps.may_be_undone(macro.steps) else "macro for good"
    if made.refused is not None:
        said.keep(request, deed, Many(refused=[(ticket.number, macro_runs.Stopped(made))]), {})
    else:
        words = _("“{macro}” is done.").format(macro=macro.label(get_language()))
        said.keep_one(request, deed, ticket, made.ticket, words=words)
    return go(request, address(made.ticket))


@require_safe
@desk
def preview(request: HttpRequest, person: Person, number: str, macro: int) -> HttpResponse:
    """GET /desk/tickets/1042/macros/17/: what would become of it, step by step; nothing does."""
    ticket, found = queries.get_for(person, number), macros.get_for(person, macro)
    made = macro_runs.preview(found, ticket, by=person, at=clock.now(), card=card.in_short)
    why = said.in_words(made.refused[1]) if made.refused else ""
    context: dict[str, Any] = {
        "macro": found, "name_of_it": found.label(get_language()), "refused": bool(made.refused),
        "lines": macro_words.lines_of(made, why),
    }  # fmt: skip
    return sheet(request, ticket, "macros", context, template="macro")


@require_safe
@desk
def choices(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/macros/choices/: what the bar of the queue offers, fetched when it is opened."""
    language = get_language()
    found = sorted(macros.visible_to(person), key=lambda one: (-one.used, one.name))
    rows = [(one.pk, one.label(language)) for one in found]
    return render(request, "web/agent/macros/_choices.html", {"rows": rows})

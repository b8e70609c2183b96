"""Escalation ladders: in their order, and one of them with the open tickets that are past a mark of it now. The manager
and the administrator edit; the lead sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.lib import clock
from firstline.lines import ladder, ladder_look, ladder_rules, routing_preview
from firstline.lines.ladder_models import Ladder
from firstline.lines.ladder_rules import Wanted
from firstline.lines.routing import conditions_of
from firstline.lines.rules import Broken
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.tickets.ordered_rules import WrongRule
from firstline.tickets.queries import NotThere
from firstline.web import ladder_words
from firstline.web.asked import is_fragment
from firstline.web.manager import ladder_form
from firstline.web.manager.door import door
from firstline.web.manager.routing_form import Choices

HOME = "/desk/ladders/"
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@door("see ladders")
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/ladders/: the first one that holds for a ticket is its ladder."""
    kept = list(Ladder.objects.select_related("hours"))
    choices, odd, names = Choices(), ladder_rules.odd_of_all(kept), ladder_form.named()
    rows = [
        {
            "ladder": row, "conditions": [choices.said(one) for one in conditions_of(row)],
            "rungs": _rungs_said(row, names), "odd": [ladder_form.odd(one) for one in odd.get(row.pk, ())],
        }
        for row in kept
    ]  # fmt: skip
    context = {"rows": rows, "may_edit": may(person, "edit ladders")}
    return render(request, "web/manager/ladders.html", context)


def _rungs_said(row: Ladder, names: dict[str, str]) -> list[dict[str, str]]:
    try:
        rungs = ladder_look.rungs_of(row)
    except Broken:
        return []
    return [
        {"what": ladder_words.occasion(one.what, one.metric, one.mark), "rung": ladder_words.rung_said(one, names)}
        for one in rungs
    ]


@FORM
@door("edit ladders")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/ladders/new/"""
    if request.method != "POST":
        return _form(request, person, Wanted("", (), (), is_on=True), None)
    return _posted(request, person, None)


@FORM
@door("see ladders")
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/ladders/3/"""
    row = _get(number)
    if request.method != "POST":
        return _form(request, person, ladder_form.of_row(row), row)
    demand(person, "edit ladders")
    return _posted(request, person, row)


@require_POST
@door("edit ladders")
def move(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/ladders/3/position/ to: up or down"""
    ladder_rules.move(_get(number), up=request.POST.get("to") == "up", by=person.actor, at=clock.now())
    return HttpResponseRedirect(f"{HOME}#ladder{number}")


@require_POST
@door("edit ladders")
def switch(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/ladders/3/switch/ on: 1 or 0"""
    ladder_rules.switch(_get(number), on=request.POST.get("on") == "1", by=person.actor, at=clock.now())
    return HttpResponseRedirect(f"{HOME}#ladder{number}")


@require_POST
@door("edit ladders")
def take_away(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/ladders/3/removal/"""
    row = _get(number)
    ladder_rules.take_away(row, by=person.actor, at=clock.now())
    messages.success(request, _("The ladder “{name}” is taken away.").replace("{name}", row.name))
    return HttpResponseRedirect(HOME)


def _get(number: int) -> Ladder:
    row = Ladder.objects.select_related("hours").filter(pk=number).first()
    if row is None:
        raise NotThere(str(number))
    return row


def _posted(request: HttpRequest, person: Person, row: Ladder | None) -> HttpResponse:
    given = {name: str(value) for name, value in request.POST.items()}
    wanted = ladder_form.wanted(given, dict(request.POST.lists()))
    if request.POST.get("do") == "preview" or is_fragment(request):
        return _form(request, person, wanted, row)
    try:
        ladder_rules.keep(wanted, by=person.actor, at=clock.now(), row=row)
    except WrongRule as wrong:
        return _form(request, person, wanted, row, wrong=wrong)
    said = _("Kept. It speaks of what is past already, too.") if wanted.at_once else _("Kept. It holds from now on.")
    messages.success(request, said)
    return HttpResponseRedirect(HOME)


def _form(
    request: HttpRequest, person: Person, wanted: Wanted, row: Ladder | None, *, wrong: WrongRule | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"preview": _tried(person, wanted, row) if wanted.rungs else None}
    if is_fragment(request):
        return render(request, "web/manager/_ladder_preview.html", context)
    context |= {
        "ladder": row, "fields": ladder_form.shown(wanted), "may_edit": may(person, "edit ladders"),
        "wrong": list(dict.fromkeys(ladder_form.wrong(one) for one in wrong.found)) if wrong else [],
        "is_full": len(wanted.rungs) >= ladder.MOST_RUNGS, **ladder_form.choices(),
    }  # fmt: skip
    return render(request, "web/manager/ladder.html", context, status=422 if wrong else 200)


def _tried(person: Person, wanted: Wanted, row: Ladder | None) -> dict[str, Any]:
    """Which open tickets are past a mark now, and what is odd about the ladder; or what is wrong with it."""
    try:
        made = ladder_rules.made_of(
            Wanted(wanted.name or "?", wanted.conditions, wanted.rungs, wanted.hours, wanted.wait),
            Ladder.objects.get(pk=row.pk) if row is not None else None,
        )
    except WrongRule as wrong:
        return {"wrong": ladder_form.wrong(wrong.found[0])}
    above = ladder_rules.above(row)
    found = ladder_rules.preview(made, above, at=clock.now())
    return {
        "found": found, "odd": [ladder_form.odd(one) for one in ladder_rules.oddities(made, above)],
        "shown": [
            {"ticket": hit.ticket, "what": ladder_words.occasion(hit.what, hit.metric, hit.mark), "at": hit.at}
            for hit in routing_preview.shown_to(person, found.shown)
        ],
    }  # fmt: skip

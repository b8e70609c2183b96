"""Macros: the page that keeps them, and the form whose steps can be tried on a ticket before they are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock, numbered
from firstline.lib.language import LANGUAGES
from firstline.lines import card
from firstline.people.models import Person
from firstline.tickets import macro_runs, macros, queries, sharing, template_words
from firstline.tickets.macro_models import Macro
from firstline.tickets.refusals import WrongValue
from firstline.tickets.view_models import SharedWith
from firstline.web import refusals
from firstline.web.agent import macro_form, macro_words, said
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment

HOME = "/desk/macros/"


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/macros/[?removed=17]: his own and those shared with him, each with its steps in words."""
    found = list(macros.visible_to(person))
    names = macro_words.names_in(step for one in found for step in one.steps)
    language, removed = get_language(), request.GET.get("removed", "")
    context: dict[str, Any] = {
        "rows": [
            {"one": one, "name": one.label(language), "may_change": sharing.may_change(person, one),
             "steps": [macro_words.line(step, names) for step in one.steps]}
            for one in found
        ],
        "removed": removed if removed.isdecimal() else "",
    }  # fmt: skip
    return render(request, "web/agent/macros/list.html", context)


@require_safe
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/macros/new/"""
    return _form(request, person, Macro(owner=person), {}, [])


@require_safe
@desk
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/macros/17/"""
    found = macros.get_for(person, number)
    return _form(request, person, found, found.names or {get_language() or "": found.name}, found.steps)


@require_POST
@desk
def save(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/macros/saving/ [number], name.ru, name.bg, name.en, shared, steps.0.deed, steps.0.text …; what cannot
    be is said beside its field, and what was typed is in the form."""
    kept, names, steps = _given(request, person)
    shared = request.POST.get("shared", "") or SharedWith.NOBODY
    try:
        if kept._state.adding:
            macros.save(person, names=names, steps=steps, shared=shared)
        else:
            macros.change(person, kept, names=names, steps=steps, shared=shared)
    except WrongValue as wrong:
        return _form(request, person, kept, names, steps, wrong=wrong, shared=shared)
    messages.success(request, _("The macro is kept."))
    return HttpResponseRedirect(HOME)


@require_POST
@desk
def edit(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/macros/editing/ as `save`, and do: add (deed), up.2, down.2, remove.2, try (on). Nothing is kept."""
    kept, names, steps = _given(request, person)
    do, shared = request.POST.get("do", ""), request.POST.get("shared", "") or SharedWith.NOBODY
    if do != "try":
        steps, at = macro_form.changed(steps, do, request.POST.get("deed", ""))
        return _form(request, person, kept, names, steps, at=at, shared=shared)
    try:
        ticket = queries.get_for(person, numbered.bare(request.POST.get("on", "")))
    except queries.NotThere:
        return _form(request, person, kept, names, steps, wrong=WrongValue("on", "not there"), shared=shared)
    try:
        tried = Macro(owner=person, name="", steps=macros.checked(steps))
    except WrongValue as wrong:
        return _form(request, person, kept, names, steps, wrong=wrong, shared=shared)
    made = macro_runs.preview(tried, ticket, by=person, at=clock.now(), card=card.in_short)
    why = said.in_words(made.refused[1]) if made.refused else ""
    trial = {"ticket": ticket, "lines": macro_words.lines_of(made, why), "refused": bool(made.refused)}
    return _form(request, person, kept, names, steps, shared=shared, trial=trial)


@require_POST
@desk
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/macros/17/removal/; the list offers to bring it back."""
    macros.remove(person, macros.get_for(person, number), at=clock.now())
    return HttpResponseRedirect(f"{HOME}?removed={number}")


@require_POST
@desk
def bring_back(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/macros/17/return/"""
    macros.bring_back(person, number)
    return HttpResponseRedirect(HOME)


def _given(request: HttpRequest, person: Person) -> tuple[Macro, dict[str, str], list[dict[str, str]]]:
    number = request.POST.get("number", "")
    kept = macros.get_for(person, number) if number else Macro(owner=person)
    steps = [step for step in macro_form.steps_of(request.POST) if step["deed"] in macro_words.DEEDS]
    return kept, macro_form.names_of(request.POST), steps


def _form(
    request: HttpRequest, person: Person, kept: Macro, names: dict[str, str], steps: list[dict[str, str]], *,
    at: int = -1, wrong: WrongValue | None = None, shared: str = "", trial: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    problem = refusals.problem_in_words(wrong) if wrong else ""
    shown, is_at_a_field = macro_form.shown(steps, at=at, wrong=wrong.field if wrong else "", problem=problem)
    context: dict[str, Any] = {
        "one": kept, "title": kept.label(get_language()) if kept.pk else _("New macro"),
        "names": [(code, words, names.get(code, "")) for code, words in LANGUAGES],
        "steps": shown, "deeds": [(value, words) for value, (words, _icon) in macro_words.DEEDS.items()],
        "shares": sharing.shares_of(person), "shared": shared or kept.shared,
        "may_change": kept._state.adding or sharing.may_change(person, kept),
        "wrong": wrong.field if wrong else "", "problem": problem, "trial": trial, "on": request.POST.get("on", ""),
        "problem_above": f"{refusals.label_of(wrong.field)}: {problem}" if wrong and not is_at_a_field else "",
        "variables": ["{{ " + name + " }}" for name in template_words.VARIABLES],
    }  # fmt: skip
    template = "web/agent/macros/_editor.html" if is_fragment(request) else "web/agent/macros/form.html"
    return render(request, template, context, status=422 if wrong else 200)

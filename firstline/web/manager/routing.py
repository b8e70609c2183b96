"""Where tickets go: the rules in their order, one rule with a dry run, and how much each person is given at the most.
The administrator edits; the manager and the lead see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.lib import clock
from firstline.lines import choose, proposals, routing, routing_preview, routing_rules
from firstline.lines.learning import FIELDS
from firstline.lines.proposal_models import Learning
from firstline.lines.routing_models import RoutingRule, Share, Strategy
from firstline.lines.routing_preview import Destination
from firstline.lines.routing_rules import Wanted
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import WrongRule
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web.asked import is_fragment
from firstline.web.event_words import FIELDS as FIELD_NAMES
from firstline.web.manager import routing_form
from firstline.web.manager.door import door
from firstline.web.manager.routing_form import Choices

HOME = "/desk/routing/"
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@door("see routing")
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/routing/[?dry=1]: in their order; `dry` says where the last 500 tickets would have gone."""
    kept = list(RoutingRule.objects.select_related(*routing.LINKED))
    dry = routing_preview.of([row for row in kept if row.is_on], ()) if request.GET.get("dry") == "1" else None
    choices, odd = Choices(), routing_rules.odd_of_all(kept)
    rows = [
        {
            "rule": row,
            "conditions": [choices.said(one) for one in routing.conditions_of(row)],
            "where": choices.where(row),
            "odd": [routing_form.odd(one) for one in odd.get(row.pk, ())],
            "hits": dry.hits[row.pk] if dry is not None and row.is_on else None,
        }
        for row in kept
    ]
    context = {
        "rows": rows, "dry": dry, "unmatched": dry.hits[0] if dry else 0, "people": _limits(choices),
        "learnt": _learnt(),
        "may_edit": may(person, "edit routing"),
    }  # fmt: skip
    return render(request, "web/manager/routing.html", context)


def _limits(choices: Choices) -> list[dict[str, Any]]:
    most = dict(Share.objects.values_list("person_id", "most"))
    found = choose.candidates(
        Person.objects.filter(pk__in=[one.pk for one in choices.people.values()]), at=clock.now()
    )  # fmt: skip
    by_id = {one.person: one for one in found}
    return [
        {"person": one, "most": most.get(one.pk), "has": by_id[one.pk].count, "is_here": by_id[one.pk].is_here}
        for one in choices.people.values()
    ]


@FORM
@door("edit routing")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/routing/new/"""
    if request.method != "POST":
        return _form(request, person, Wanted("", (), {}), None)
    return _posted(request, person, None)


@FORM
@door("see routing")
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/routing/3/"""
    row = _get(number)
    if request.method != "POST":
        return _form(request, person, routing_form.of_row(row), row)
    demand(person, "edit routing")
    return _posted(request, person, row)


@require_POST
@door("edit routing")
def move(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/routing/3/position/ to: up or down"""
    ordered_rules.move(_get(number), up=request.POST.get("to") == "up", by=person.actor, at=clock.now())
    return HttpResponseRedirect(f"{HOME}#rule{number}")


@require_POST
@door("edit routing")
def switch(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/routing/3/switch/ on: 1 or 0"""
    ordered_rules.switch(_get(number), on=request.POST.get("on") == "1", by=person.actor, at=clock.now())
    return HttpResponseRedirect(f"{HOME}#rule{number}")


@require_POST
@door("edit routing")
def take_away(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/routing/3/removal/"""
    row = _get(number)
    ordered_rules.take_away(row, by=person.actor, at=clock.now())
    messages.success(request, _("The rule “{name}” is taken away.").replace("{name}", row.name))
    return HttpResponseRedirect(HOME)


@require_POST
@door("edit routing")
def limits(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/routing/limits/ most-LOGIN: a number, or nothing for no limit"""
    people = Choices().people.values()
    wanted = {one: _number(request.POST[f"most-{one.login}"]) for one in people if f"most-{one.login}" in request.POST}
    try:
        routing_rules.limit(wanted, by=person.actor, at=clock.now())
    except WrongValue:
        messages.error(request, _("A limit is a number from 0 to 999, or nothing."))
        return HttpResponseRedirect(f"{HOME}#limits")
    messages.success(request, _("Kept. It holds for what is dealt out from now on."))
    return HttpResponseRedirect(f"{HOME}#limits")


@require_POST
@door("edit routing")
def sure(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/routing/proposals/ sure-category: a percentage, or nothing for never"""
    sent = {field: request.POST[f"sure-{field}"] for field in FIELDS if f"sure-{field}" in request.POST}
    wanted = {field: _number(typed.strip().removesuffix("%")) for field, typed in sent.items()}
    try:
        proposals.sure_from(wanted, by=person.actor, at=clock.now())
    except WrongValue:
        messages.error(request, _("A threshold is a number from 50 to 100, or nothing."))
        return HttpResponseRedirect(f"{HOME}#proposals")
    messages.success(request, _("Kept. It holds for tickets from now on."))
    return HttpResponseRedirect(f"{HOME}#proposals")


def _number(typed: str) -> int | None:
    """Nothing: None; what is no number of a few digits: -1, which no rule takes."""
    plain = typed.strip()
    if not plain:
        return None
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else -1


def _learnt() -> list[dict[str, Any]]:
    kept = {row.field: row for row in Learning.objects.defer("model")}
    rows = [kept.get(field) or Learning(field=field) for field in FIELDS]
    return [
        {
            "row": row, "name": FIELD_NAMES[row.field], "examples": row.said.get("examples", 0),
            "first": round(100 * row.said.get("first", 0)), "first_three": round(100 * row.said.get("first_three", 0)),
        }
        for row in rows
    ]  # fmt: skip


def _get(number: int) -> RoutingRule:
    row = RoutingRule.objects.select_related(*routing.LINKED).filter(pk=number).first()
    if row is None:
        raise NotThere(str(number))
    return row


def _posted(request: HttpRequest, person: Person, row: RoutingRule | None) -> HttpResponse:
    wanted = routing_form.wanted({name: str(value) for name, value in request.POST.items()})
    if request.POST.get("do") == "preview" or is_fragment(request):
        return _form(request, person, wanted, row)
    try:
        routing_rules.keep(wanted, by=person.actor, at=clock.now(), row=row)
    except WrongRule as wrong:
        return _form(request, person, wanted, row, wrong=wrong)
    messages.success(request, _("Kept. It holds for tickets from now on."))
    return HttpResponseRedirect(HOME)


def _form(
    request: HttpRequest, person: Person, wanted: Wanted, row: RoutingRule | None, *, wrong: WrongRule | None = None
) -> HttpResponse:
    choices = Choices()
    context: dict[str, Any] = {"preview": _tried(person, wanted, row, choices) if wanted.name or wanted.then else None}
    if is_fragment(request):
        return render(request, "web/manager/_routing_preview.html", context)
    context |= {
        "rule": row, "fields": routing_form.shown(wanted), "may_edit": may(person, "edit routing"),
        "wrong": [routing_form.wrong(one) for one in wrong.found] if wrong else [],
        "groups": choices.groups(), "teams": choices.teams, "people": choices.people,
        "skills": choices.of["skill"].items(), "levels": routing_form.LEVELS.items(), "strategies": Strategy.choices,
    }  # fmt: skip
    return render(request, "web/manager/routing_rule.html", context, status=422 if wrong else 200)


def _tried(person: Person, wanted: Wanted, row: RoutingRule | None, choices: Choices) -> dict[str, Any]:
    """Where the last tickets would go with this rule in its place, and what is odd about it; or what is wrong."""
    try:
        made = routing_rules.made_of(Wanted(wanted.name or "?", wanted.conditions, wanted.then), _copy(row))
    except WrongRule as wrong:
        return {"wrong": routing_form.wrong(wrong.found[0])}
    found = routing_preview.tried(made)
    odd = [routing_form.odd(one) for one in routing_rules.oddities(made, found.above)]
    shown = [
        {"ticket": one.ticket, "before": _where(one.before, choices), "after": _where(one.after, choices)}
        for one in routing_preview.shown_to(person, found.preview.shown)
    ]
    return {"found": found.preview, "hits": found.hits, "odd": odd, "shown": shown}


def _copy(row: RoutingRule | None) -> RoutingRule | None:
    return RoutingRule.objects.select_related(*routing.LINKED).get(pk=row.pk) if row is not None else None


def _where(place: Destination, choices: Choices) -> str:
    parts = [_("line {n}").replace("{n}", str(place.line))]
    if place.team in choices.teams:
        parts.append(choices.teams[place.team].label(get_language()))
    if place.person in choices.people:
        parts.append(choices.people[place.person].name)
    return ", ".join(parts)

"""Rules before registration: the list in its order, one rule with what it would have hit. The administrator's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.intake import mail_rules, rule_preview, rules, ruling
from firstline.intake.mail_rules import Wanted
from firstline.intake.models import MailRule
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import ordered_rules
from firstline.tickets.models import Type
from firstline.tickets.ordered_rules import WrongRule
from firstline.tickets.queries import NotThere
from firstline.web.agent import intake_rows, mail_rule_words, mail_rules_form
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment
from firstline.web.templatetags import ui

HOME = "/desk/rules/"
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/rules/[?dry=1]: in their order; `dry` says what the whole list would have done."""
    demand(person, "mail rules")
    kept = list(MailRule.objects.select_related(*ruling.LINKED))
    context: dict[str, Any] = {"dry": None}
    counts: dict[int, int] = {}
    if request.GET.get("dry") == "1":
        asked = [ruling.as_rule(row) for row in kept if row.is_on]
        context["dry"], counts = rule_preview.of_all(asked, clock.now())
    context["rows"] = [
        {
            "rule": row,
            "conditions": [mail_rule_words.condition(one) for one in ruling.conditions_of(row)],
            "then": mail_rule_words.then(row),
            "hits": counts.get(row.pk),
        }
        for row in kept
    ]
    return render(request, "web/agent/rules/list.html", context)


@FORM
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/rules/new/[?from=x@y&outcome=ignore&client=…]"""
    demand(person, "mail rules")
    if request.method != "POST":
        return _form(request, mail_rules_form.offered(request.GET), None, tried=bool(request.GET.get("from")))
    return _posted(request, person, None)


@FORM
@desk
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/rules/3/"""
    row = _get(person, number)
    if request.method != "POST":
        return _form(request, mail_rules_form.of_row(row), row, tried=True)
    return _posted(request, person, row)


@require_POST
@desk
def move(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/rules/3/position/ to: up or down"""
    ordered_rules.move(_get(person, number), up=request.POST.get("to") == "up", by=person.actor, at=clock.now())
    return HttpResponseRedirect(HOME)


@require_POST
@desk
def switch(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/rules/3/switch/ on: 1 or 0"""
    ordered_rules.switch(_get(person, number), on=request.POST.get("on") == "1", by=person.actor, at=clock.now())
    return HttpResponseRedirect(HOME)


@require_POST
@desk
def take_away(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/rules/3/removal/"""
    row = _get(person, number)
    ordered_rules.take_away(row, by=person.actor, at=clock.now())
    messages.success(request, _("The rule “{name}” is taken away.").replace("{name}", row.name))
    return HttpResponseRedirect(HOME)


def _get(person: Person, number: int) -> MailRule:
    demand(person, "mail rules")
    row = MailRule.objects.select_related(*ruling.LINKED).filter(pk=number).first()
    if row is None:
        raise NotThere(str(number))
    return row


def _posted(request: HttpRequest, person: Person, row: MailRule | None) -> HttpResponse:
    wanted = mail_rules_form.wanted({name: str(value) for name, value in request.POST.items()})
    if request.POST.get("do") == "preview" or is_fragment(request):
        return _form(request, wanted, row, tried=True)
    try:
        mail_rules.keep(wanted, by=person.actor, at=clock.now(), row=row)
    except WrongRule as wrong:
        return _form(request, wanted, row, tried=False, wrong=wrong)
    messages.success(request, _("Kept. It holds for letters from now on."))
    return HttpResponseRedirect(HOME)


def _form(
    request: HttpRequest, wanted: Wanted, row: MailRule | None, *, tried: bool, wrong: WrongRule | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"preview": _preview(wanted) if tried else None}
    if is_fragment(request):
        return render(request, "web/agent/rules/_preview.html", context)
    context |= {
        "rule": row,
        "fields": mail_rules_form.shown(wanted),
        "wrong": [mail_rule_words.wrong(one.field, one.problem) for one in wrong.found] if wrong else [],
        "choices": {
            "field": {name: words for name, words in mail_rule_words.FIELDS.items() if name not in rules.CHOICES},
            "chosen": [
                (name, mail_rule_words.FIELDS[name], values.items()) for name, values in mail_rule_words.CHOSEN.items()
            ],
            "test": mail_rule_words.TESTS, "outcome": mail_rule_words.OUTCOMES,
            "priority": ui.PRIORITIES, "type": Type.choices, **mail_rule_words.named_choices(),
        },
    }  # fmt: skip
    return render(request, "web/agent/rules/one.html", context, status=422 if wrong else 200)


def _preview(wanted: Wanted) -> dict[str, Any]:
    """What it would have hit, or what keeps it from being tried."""
    if problems := rules.problems(wanted.conditions):
        return {"wrong": [mail_rule_words.wrong(f"conditions[{n}].{field}", what) for n, field, what in problems]}
    rule = rules.Rule(0, wanted.name, tuple(wanted.conditions), wanted.then, wanted.any_of, wanted.goes_on)
    found = rule_preview.of(rule, clock.now())
    shown = [
        {
            "row": hit.row,
            "why": [mail_rule_words.condition(one) for one in hit.why],
            "became": intake_rows.OUTCOMES[hit.row["outcome"]][0],
        }
        for hit in found.shown
    ]
    return {"found": found, "shown": shown}

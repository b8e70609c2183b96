"""Triage: what did not become a ticket by itself, why, and what a person makes of it, one or many at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.intake import many, offers, reckoning, triage
from firstline.lib import clock, counting
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.web.agent import intake_rows, triage_deeds
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment

HOME = "/desk/quarantine/"
TABS: dict[str, str | Promise] = {
    "quarantine": pgettext_lazy("triage", "Waiting"),
    "auto": pgettext_lazy("triage", "Automatic"),
    "ignored": pgettext_lazy("triage", "Ignored"),
    "bounce": pgettext_lazy("triage", "Failed deliveries"),
    "duplicate": pgettext_lazy("triage", "Duplicates"),
}


@require_safe
@desk
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/quarantine/[?list=auto][&before=17][&all=1]: what waits for a decision first, newest first."""
    demand(person, "journal")
    name = request.GET.get("list", "quarantine")
    name = name if name in TABS else "quarantine"
    before = intake_rows.number(request.GET.get("before", ""))
    address = HOME if name == "quarantine" else f"{HOME}?{urlencode({'list': name})}"
    counts = counting.up_to_99(triage.counted(person))
    context: dict[str, Any] = {
        **intake_rows.page(triage.listed(person, name), address, before),
        "list": name,
        "here": request.get_full_path(),
        "address": address,
        "all": request.GET.get("all") == "1",
        "tabs": [
            (HOME if tab == "quarantine" else f"{HOME}?list={tab}", words, counts[tab], tab == name)
            for tab, words in TABS.items()
        ],
    }
    if is_fragment(request):
        return render(request, "web/agent/intake/_triage_rows.html", context)
    context["offers"] = _offers() if name != "bounce" and may(person, "mail rules") else []
    context["total"] = reckoning.total(person)
    context["said"] = triage_deeds.kept(request)
    return render(request, "web/agent/intake/triage.html", context)


def _offers() -> list[dict[str, Any]]:
    """Rules offered from decisions, each with the address of the form that it fills in."""
    made = []
    for one in offers.offers():
        pattern = (
            _("{times} letters from {sender} were put aside: always ignore letters from there?")
            if one.outcome == "ignore"
            else _("{times} letters from {sender} became tickets of one client: always make them so?")
        )
        given = {"from": one.sender, "outcome": one.outcome, **({"client": one.client} if one.client else {})}
        words = pattern.replace("{times}", str(one.times)).replace("{sender}", one.sender)
        made.append({"words": words, "address": f"/desk/rules/new/?{urlencode(given)}"})
    return made


@require_POST
@desk
def decide(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/quarantine/decisions/ deed, item (as many as wanted), ticket, why: each in its own transaction."""
    demand(person, "journal")
    deed, items = triage_deeds.asked(request.POST)
    if not items:
        messages.error(request, _("Nothing is ticked: choose one letter at least."))
        return go(request, HOME)
    verb = triage_deeds.of(deed, request.POST, by=person, at=clock.now())
    triage_deeds.keep(request, deed, many.each(person, items, verb))
    return go(request, HOME)

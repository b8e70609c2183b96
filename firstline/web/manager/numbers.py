"""The numbers of a contract version: indicators as they stand, what last year would have cost, its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import formats
from django.views.decorators.http import require_POST, require_safe

from firstline.contracts.models import ContractVersion
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.sla import kpi_standing, statements, what_if
from firstline.sla.models import Statement, WhatIf
from firstline.tickets.queries import NotThere
from firstline.web import money, statement_words
from firstline.web.asked import is_fragment
from firstline.web.sign_in.needed import signed_in

NEWEST = 12


@dataclass(frozen=True)
class Month:
    """A month of last year; `width` is its share of the dearest one, in tenths, for the bar."""

    name: str
    judged: int
    missed: int
    cost: str
    was: str
    width: int


@require_safe
@signed_in
def numbers(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/versions/N/numbers/; the answer to *what if* alone, where htmx asks while it is worked out."""
    version = _get(person, number)
    asked = WhatIf.objects.filter(version=version).first()
    context: dict[str, Any] = {
        "version": version,
        "may_ask": may(person, "settle statements"),
        **_answer(asked, version),
    }
    if is_fragment(request):
        return render(request, "web/manager/_what_if.html", context)
    context |= {
        "goals": _now(version),
        "papers": [statement_words.paper(row) for row in Statement.objects.filter(version=version)[:NEWEST]],
    }
    return render(request, "web/manager/numbers.html", context)


@require_safe
@signed_in
def indicators(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/versions/N/indicators/: as they stand now, for the version's own page, which does not wait for them."""
    version = _get(person, number)
    return render(request, "web/manager/_indicators_now.html", {"version": version, "goals": _now(version)})


def _now(version: ContractVersion) -> list[statement_words.Goal]:
    standings = [] if version.is_draft else kpi_standing.now(version, at=clock.now())
    return statement_words.goals(standings)


@require_POST
@signed_in
def ask_what_if(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/versions/N/what-if/"""
    version = _get(person, number)
    what_if.ask(version, by=person, at=clock.now())
    return HttpResponseRedirect(f"/desk/versions/{version.pk}/numbers/#what-if")


def _get(person: Person, number: int) -> ContractVersion:
    demand(person, "see contracts")
    found = statements.versions_visible_to(person).filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def _answer(row: WhatIf | None, version: ContractVersion) -> dict[str, Any]:
    kept = row.body.get("months", []) if row else []
    dearest = max((Decimal(month["total"]) for month in kept), default=Decimal(0))
    currency = version.currency
    months = [
        Month(
            name=formats.date_format(date.fromisoformat(month["first"]), "M Y"),
            judged=month["judged"],
            missed=month["missed"],
            cost=money.words(Decimal(month["total"]), currency),
            was=money.words(Decimal(month["was"]), currency),
            width=int(10 * Decimal(month["total"]) / dearest) if dearest else 0,
        )
        for month in kept
    ]
    was = sum((Decimal(month["was"]) for month in kept), Decimal(0))
    return {
        "asked": row,
        "months": months,
        "total": money.words(what_if.total(row), currency) if row else "",
        "was": money.words(was, currency),
        "of": what_if.MONTHS,
    }

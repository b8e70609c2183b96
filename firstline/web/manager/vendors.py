"""Vendors over the last year: who keeps his word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla.penalties import Share
from firstline.tickets import vendor_scores
from firstline.web import durations, money
from firstline.web.sign_in.needed import signed_in


@require_safe
@signed_in
def scores(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/vendors/"""
    demand(person, "see vendors")
    rows = [
        (
            one,
            money.percent(Share(one.answers_in_time, one.answers_promised)),
            money.percent(Share(one.solutions_in_time, one.solutions_promised)),
            durations.words(one.typical_answer) if one.typical_answer is not None else "–",
        )
        for one in vendor_scores.of_last_year(clock.now())
    ]
    return render(request, "web/manager/vendors.html", {"rows": rows})

"""How the promised times of a request are counted: the same clocks and the same words as at the desk."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.sla import explain, standstills
from firstline.sla.models import Standstill
from firstline.tickets import queries
from firstline.web.clock_faces import METRICS
from firstline.web.portal import thread
from firstline.web.portal.door import portal
from firstline.web.portal.promises import within


@require_safe
@portal
def page(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /portal/requests/1042/clocks/"""
    ticket = queries.get_for(person, number)
    told = explain.readings(ticket, clock.now())
    context = {
        "ticket": ticket,
        "holder": thread.holder(ticket),
        "duty": duty_words(standstills.now_of(ticket)),
        "clocks": [(METRICS[one.reading.metric], one) for one in told if one.is_newest],
        "before": [(METRICS[one.reading.metric], one) for one in told if not one.is_newest],
        "zone": explain.zone_of(ticket).key,
    }
    return render(request, "web/portal/clocks.html", context)


def duty_words(waits: Standstill | None) -> str:
    """What we wait for, since when, and by when the contract promised it; empty where it says nothing."""
    if waits is None or waits.duty is None or waits.duty_due_at is None or waits.duty.minutes is None:
        return ""
    return _("We wait for you since %(since)s: %(duty)s, promised %(within)s, by %(due)s.") % {
        "since": date_format(localtime(waits.began_at), "DATETIME_FORMAT"),
        "duty": waits.duty.label(),
        "within": within(timedelta(minutes=waits.duty.minutes)),
        "due": date_format(localtime(waits.duty_due_at), "DATETIME_FORMAT"),
    }

"""Unaccounted for: what the comparison of mailboxes, journal and messages did not find, and when they were compared."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.intake import reckoning
from firstline.intake.models import Missing, Reckoning
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.web.agent.door import desk

LISTED = 200
KINDS: dict[str, str | Promise] = {
    reckoning.ON_SERVER: gettext_lazy("It lies on the mail server, but the journal does not know it."),
    reckoning.WAITS: gettext_lazy("It waits to be understood for more than 15 minutes."),
    reckoning.NO_END: gettext_lazy("The journal says that it is on a ticket, but names none."),
    reckoning.NO_BYTES: gettext_lazy("Its original is missing from the folder of files."),
    reckoning.OTHER_BYTES: gettext_lazy("Its original is not what was acknowledged."),
    reckoning.NO_ITEM: gettext_lazy("Words by mail stand on a ticket, but no item of the journal stands behind them."),
}


@require_safe
@desk
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/unaccounted/"""
    demand(person, "journal")
    found = list(reckoning.missing(person)[:LISTED])
    context = {
        "rows": [{"missing": one, "words": KINDS.get(one.kind, one.kind), "where": _where(one)} for one in found],
        "parts": [(part, _named(part)) for part in reckoning.parts(person)],
        "total": reckoning.total(person),
    }
    return render(request, "web/agent/intake/unaccounted.html", context)


@require_POST
@desk
def take_in(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/unaccounted/3/taking-in/: the fetcher takes the letter from the server."""
    reckoning.want(person, number, at=clock.now())
    messages.success(request, _("It is taken in at the next look into the mailbox."))
    return HttpResponseRedirect("/desk/unaccounted/")


def _where(one: Missing) -> str:
    if one.kind == reckoning.NO_ITEM:
        number = one.subject.lstrip("#")
        return f"/desk/tickets/{number}/" if number.isdigit() else ""
    return f"/desk/intake/{one.row}/" if one.row else ""


def _named(part: Reckoning) -> str:
    if part.account is not None:
        return part.account.address
    return _("Intake journal") if part.part == reckoning.JOURNAL else _("Messages")

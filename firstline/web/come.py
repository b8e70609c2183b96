"""The page behind a signed link: somebody is asked to come in, and answers by one tap, without signing in.

Opening it answers nothing, because mail programs open links, too; the button does.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.lib.periods import Period
from firstline.notices import to_reserve
from firstline.roster import reinforcement, shifts
from firstline.roster.models import CallUp
from firstline.roster.refusals import WrongRoster
from firstline.tickets.queries import NotThere
from firstline.web import roster_words


@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, token: str) -> HttpResponse:
    """/come/17.3f…/ answer (accept, decline). A wrong signature and a call that is not there are the same 404."""
    call_up = reinforcement.by_token(token)
    if call_up is None:
        raise NotThere(token)
    person = call_up.person
    with translation.override(person.language), timezone.override(shifts.zone_of(person)):
        if request.method == "POST" and request.POST.get("answer") in {"accept", "decline"}:
            try:
                reinforcement.answer(call_up, accepts=request.POST["answer"] == "accept", at=clock.now())
            except WrongRoster:
                pass  # it is over: the page says so
            response: HttpResponse = HttpResponseRedirect(request.path)
        else:
            response = _page(request, call_up)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _page(request: HttpRequest, call_up: CallUp) -> HttpResponse:
    row = call_up.reinforcement
    now = clock.now()
    context = {
        "call_up": call_up,
        "row": row,
        "over": row.ends_at <= now,
        "begun": row.starts_at <= now,
        "when": roster_words.shown(Period(row.starts_at, row.ends_at)),
        "until": roster_words.moment(row.ends_at),
        "scope": to_reserve.scope_of(row),
        "language": call_up.person.language,
    }
    return render(request, "web/come.html", context)

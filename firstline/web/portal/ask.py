"""*Ask for help* without an account: name, address, words. The answer is the page of the signed status link."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import web
from firstline.lib import clock
from firstline.people import limits
from firstline.tickets import status_link
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals, refused
from firstline.web.sign_in.from_where import address_of

FIELDS = ("name", "email", "phone", "subject", "text", "key")


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Who is signed in has a better form. What was typed stays when something is wrong."""
    if request.user.is_authenticated:
        return redirect("/portal/new/")
    typed = {field: request.POST.get(field, "") for field in FIELDS}
    if request.method == "GET":
        typed |= {"key": uuid.uuid4().hex, "subject": request.GET.get("subject", "")[:300]}
        return _form(request, {"typed": typed})
    now = clock.now()
    try:
        limits.spend(limits.FORM_ADDRESS, address_of(request), now)
        taken = web.submit(**typed, language=get_language() or "", at=now)
    except WrongValue as wrong:
        return _form(request, {"typed": typed, "wrong": {wrong.field: refusals.problem_in_words(wrong)}}, 422)
    except limits.TooOften as refusal:
        minutes = refused.minutes_until(refusal.until, now)
        problem = _("That was too often. Your text is still here: send it in %(n)d min, or call.") % {"n": minutes}
        response = _form(request, {"typed": typed, "problem": problem}, 429)
        return refused.retry_after(response, refusal.until, now)
    except NotDurable:
        problem = _(
            "We could not store your request just now. Your text is still here: send it again in a minute, or call."
        )
        return _form(request, {"typed": typed, "problem": problem}, 503)
    if taken.ticket is None:
        return redirect("/portal/received/")
    return redirect(f"/s/{status_link.token_of(taken.ticket.pk)}/?sent=1")


def _form(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "web/portal/ask.html", context, status=status)

"""*Request an account*: the form of somebody who has none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from firstline.lib import clock
from firstline.people import accounts, colleagues, limits
from firstline.people.models import Person
from firstline.web import refused
from firstline.web.sign_in.from_where import address_of

FIELDS = ("name", "email", "phone", "company")


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; what was typed stays when something is wrong."""
    typed = {field: request.POST.get(field, "") for field in FIELDS}
    if request.method == "GET":
        if isinstance(request.user, Person) and request.user.client is not None:
            typed["company"] = request.user.client.name  # a coordinator proposes a colleague
        return render(request, "web/sign_in/ask.html", {"typed": typed})
    now = clock.now()
    try:
        accounts.ask(
            **typed,
            language=(get_language() or "")[:2],
            source=address_of(request),
            at=now,
            told=colleagues.tell_coordinators,
        )
    except accounts.WrongField as wrong:
        words = _("Something has to stand here.") if wrong.problem == "empty" else _("This is not an e-mail address.")
        context = {"typed": typed, "wrong": {wrong.field: words}}
        return render(request, "web/sign_in/ask.html", context, status=422)
    except limits.TooOften as refusal:
        return refused.too_often(request, refusal.until, now)
    return redirect("/account/asked/")


@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "web/sign_in/asked.html", {})

"""The first administrator of a new desk says who he is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login as begin_session
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.people import first
from firstline.people.links import LinkRefused
from firstline.people.roles import Role
from firstline.people.upkeep import Known, WrongPerson
from firstline.web.sign_in import coming_in
from firstline.web.sign_in.passwords import unlike


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """/account/first/<token>/: the link that `firstline serve` prints while nobody administers the desk."""
    given = request.POST
    known = Known(
        login=given.get("login", "").strip() or given.get("email", "").strip().lower(),
        name=" ".join(given.get("name", "").split()), email=given.get("email", ""), role=Role.ADMINISTRATOR,
        scope_all=True, language=get_language() or "",
    )  # fmt: skip
    try:
        first.check(token)
        if request.method == "GET":
            return _form(request, known, {})
        if problems := unlike(request):
            return _form(request, known, {"problems": problems})
        person = first.come_in(token, known, given.get("password", ""), clock.now())
    except LinkRefused:
        return coming_in.over(request)
    except WrongPerson as wrong:
        return _form(request, known, {f"{name}_problem": _said(name) for name, _code in wrong.problems})
    except ValidationError as weak:
        return _form(request, known, {"problems": weak.messages})
    begin_session(request, person, backend=coming_in.BACKEND)
    return redirect("/desk/admin/")


def _form(request: HttpRequest, known: Known, problems: dict[str, Any]) -> HttpResponse:
    context = {"known": known, **problems}
    return render(request, "web/sign_in/first.html", context, status=422 if problems else 200)


def _said(name: str) -> str:
    if name == "name":
        return _("Enter your name.")
    return _("Somebody has this address already, or it is none.") if name == "email" else _("Choose another login.")

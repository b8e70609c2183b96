"""Setting a password: by an invitation, by a reset link, or from one's own profile."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login as begin_session
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.people import limits, links, sign_in
from firstline.people.models import Person
from firstline.web import refused
from firstline.web.sign_in import coming_in
from firstline.web.sign_in.from_where import address_of, home_of
from firstline.web.sign_in.needed import signed_in


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The first password of somebody invited."""
    return _by_link(request, token, links.INVITATION)


def reset(request: HttpRequest, token: str) -> HttpResponse:
    """A new password for one that was forgotten."""
    return _by_link(request, token, links.RESET)


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def _by_link(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    now = clock.now()
    try:
        who = links.peek(token, purpose, now)
        context: dict[str, Any] = {"who": who, "is_new": purpose == links.INVITATION}
        if request.method == "GET":
            return render(request, "web/sign_in/password.html", context)
        if problems := unlike(request):
            return render(request, "web/sign_in/password.html", {**context, "problems": problems}, status=422)
        person = sign_in.set_password_by_link(token, purpose, request.POST.get("password", ""), now)
    except links.LinkRefused:
        return coming_in.over(request)
    except ValidationError as weak:
        return render(request, "web/sign_in/password.html", {**context, "problems": weak.messages}, status=422)
    begin_session(request, person, backend=coming_in.BACKEND)
    return redirect(home_of(person))


@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
@signed_in
def change(request: HttpRequest, person: Person) -> HttpResponse:
    """One's own password: the old one is asked again. Every other session ends, this one stays."""
    now = clock.now()
    if request.method == "GET":
        return _change_form(request, {})
    try:
        sign_in.enter(person.login, request.POST.get("old", ""), source=address_of(request), at=now)
        if problems := unlike(request):
            return _change_form(request, {"problems": problems}, 422)
        sign_in.set_password(person, request.POST.get("password", ""), by=person, at=now)
    except limits.TooOften as refusal:
        return refused.too_often(request, refusal.until, now)
    except sign_in.WrongPassword:
        return _change_form(request, {"old_problem": _("This is not your present password.")}, 422)
    except ValidationError as weak:
        return _change_form(request, {"problems": weak.messages}, 422)
    update_session_auth_hash(request, person)
    messages.success(request, _("The new password holds from now on. Other devices have been signed out."))
    return redirect("/desk/profile/" if person.is_agent else "/portal/profile/")


def _change_form(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "web/sign_in/change_password.html", context, status=status)


def unlike(request: HttpRequest) -> list[str]:
    """What to say where the two passwords differ."""
    if request.POST.get("password", "") == request.POST.get("again", ""):
        return []
    return [_("The two are not alike: type the new password twice.")]

"""Signing in by password or by a link, and out again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstline.lib import clock
from firstline.people import first, limits, links, sign_in
from firstline.people.models import Person
from firstline.web import refused
from firstline.web.sign_in import carried
from firstline.web.sign_in.from_where import address_of, home_of, own_path

BACKEND = "firstline.people.sign_in.Door"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The form; a right password begins a session with a new key."""
    going_to = own_path(request.POST.get("next", "") or request.GET.get("next", ""))
    if isinstance(request.user, Person):
        return _on(request, request.user, going_to)
    if request.method == "GET":
        return _form(request, {"next": going_to, "remember": False, "is_new_desk": first.is_missing()})
    name, now = request.POST.get("login", ""), clock.now()
    typed = {"next": going_to, "login": name, "remember": "remember" in request.POST, "carried": carried.of(request),
             carried.HAD_FILES: carried.HAD_FILES in request.POST}  # fmt: skip
    if not name.strip():
        return _form(request, {**typed, "login_problem": _("Enter your login or e-mail address.")}, 422)
    try:
        person = sign_in.enter(name, request.POST.get("password", ""), source=address_of(request), at=now)
    except limits.TooOften as refusal:
        response = _form(request, {**typed, "password_problem": _too_often(refusal.until, now)}, 429)
        return refused.retry_after(response, refusal.until, now)
    except sign_in.WrongPassword as wrong:
        return _form(request, {**typed, "password_problem": _wrong(wrong.left)}, 422)
    _begin(request, person, remember=typed["remember"] is True)
    return _on(request, person, going_to)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    end_session(request)
    return redirect("/account/login/")


@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: opening it shows a button, only pressing it signs in. Mail scanners open links, nobody else's
    machine presses buttons."""
    now = clock.now()
    try:
        if request.method == "GET":
            return render(request, "web/sign_in/by_link.html", {"who": links.peek(token, links.LOGIN, now)})
        person = links.use(token, links.LOGIN, now)
    except links.LinkRefused:
        return over(request)
    _begin(request, person, remember=False)
    return redirect(home_of(person))


@require_GET
def by_support_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link of `firstline login-link`: it is printed on the machine and never mailed, so no scanner opens
    it, and whoever opens it is signed in."""
    try:
        person = links.use(token, links.SUPPORT, clock.now())
    except links.LinkRefused:
        return over(request)
    _begin(request, person, remember=False)
    return redirect(home_of(person))


@require_POST
def mail_me_a_link(request: HttpRequest) -> HttpResponse:
    """A link that signs in, by mail; answered alike for everybody."""
    return _mailed(request, sign_in.mail_me_a_link)


@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """A link for a new password, by mail; answered alike for everybody."""
    if request.method == "GET":
        return render(request, "web/sign_in/forgot.html", {})
    return _mailed(request, sign_in.forgot)


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whether or not there is such an account."""
    return render(request, "web/sign_in/sent.html", {})


def over(request: HttpRequest) -> HttpResponse:
    """The link does not work any more: how to get another."""
    return render(request, "web/sign_in/over.html", {}, status=410)


def _mailed(request: HttpRequest, ask: Any) -> HttpResponse:
    name, now = request.POST.get("login", ""), clock.now()
    if not name.strip():
        problem = {"login_problem": _("Enter your login or e-mail address.")}
        return render(request, "web/sign_in/forgot.html", problem, status=422)
    try:
        ask(name, source=address_of(request), at=now)
    except limits.TooOften as refusal:
        return refused.too_often(request, refusal.until, now)
    return redirect("/account/sent/")


def _on(request: HttpRequest, person: Person, going_to: str) -> HttpResponse:
    """To the page he wanted; with what he had sent there, where his session had ended meanwhile."""
    if going_to and carried.of(request):
        return carried.again(request, person, going_to)
    return redirect(going_to or home_of(person))


def _begin(request: HttpRequest, person: Person, *, remember: bool) -> None:
    begin_session(request, person, backend=BACKEND)
    if not remember:
        request.session.set_expiry(0)  # until the browser is closed


def _form(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "web/sign_in/login.html", context, status=status)


def _wrong(left: int) -> str:
    if left == 0:
        return _("Login and password do not belong together. That was the last try for now.")
    return ngettext(
        "Login and password do not belong together. %(left)d more try.",
        "Login and password do not belong together. %(left)d more tries.",
        left,
    ) % {"left": left}


def _too_often(until: datetime, now: datetime) -> str:
    minutes = refused.minutes_until(until, now)
    return ngettext(
        "Too many tries. Try again in %(n)d minute, or have a link sent by mail.",
        "Too many tries. Try again in %(n)d minutes, or have a link sent by mail.",
        minutes,
    ) % {"n": minutes}

"""The door of the desk: who is signed in and works here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed

P = ParamSpec("P")
Screen = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def desk(screen: Screen[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A screen gets the agent as its second argument. A visitor signs in first; the client's side gets 403."""

    @wraps(screen)
    def open_door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return redirect_to_login(request.get_full_path())
        if not person.is_agent:
            raise NotAllowed("desk")
        return screen(request, person, *args, **kwargs)

    return open_door


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def go(request: HttpRequest, fallback: str) -> HttpResponse:
    """After a deed: back to where the form says it stood (on this site), else to `fallback`."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else fallback)


def seen_version(request: HttpRequest) -> int | None:
    """The version that the person looked at; *Send anyway* says that he has looked at the newer one too."""
    given: Any = request.POST.get("anyway") or request.POST.get("seen") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None

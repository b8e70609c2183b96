"""The door of the portal: people of a client. The desk has its own pages for the same things."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.web.sign_in.needed import signed_in

P = ParamSpec("P")
Screen = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def portal(screen: Screen[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A screen gets the person as its second argument. A visitor signs in first; somebody of the desk is led there."""

    @wraps(screen)
    def open_door(request: HttpRequest, person: Person, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not person.is_agent:
            return screen(request, person, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect("/desk/")
        raise NotAllowed("portal")

    return signed_in(open_door)

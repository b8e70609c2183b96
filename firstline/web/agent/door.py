"""The door of the desk: who is signed in and works here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.web.sign_in.needed import first

P = ParamSpec("P")
Screen = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def desk(screen: Screen[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A screen gets the agent as its second argument. A visitor signs in first; the client's side gets 403."""

    @wraps(screen)
    def open_door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return first(request)
        if not person.is_agent:
            raise NotAllowed("desk")
        return screen(request, person, *args, **kwargs)

    return open_door

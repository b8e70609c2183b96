"""The door of the desk: who is signed in and works here."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.web.asked import is_fragment

P = ParamSpec("P")
Screen = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def desk(screen: Screen[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A screen gets the agent as its second argument. A visitor signs in first; the client's side gets 403."""

    @wraps(screen)
    def open_door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return signed_out() if is_fragment(request) else redirect_to_login(request.get_full_path())
        if not person.is_agent:
            raise NotAllowed("desk")
        return screen(request, person, *args, **kwargs)

    return open_door


def signed_out() -> HttpResponse:
    """For a part of a page: nothing is swapped, nothing typed is lost, and the page says what to do."""
    words = _("You are signed out. Sign in again in another tab: what you typed is still here.")
    response = HttpResponse(status=401)
    response["HX-Trigger"] = json.dumps({"toast": {"text": words, "tone": "red"}})
    return response

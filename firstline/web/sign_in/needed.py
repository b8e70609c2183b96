"""Pages for who is signed in: the view gets the person as its second argument."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from firstline.people.models import Person
from firstline.web.asked import is_fragment
from firstline.web.sign_in import carried

P = ParamSpec("P")


def signed_in(
    view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Others sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        if isinstance(person, Person):
            return view(request, person, *args, **kwargs)
        return first(request)

    return guarded


def first(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and back to the page that was asked for; what was sent waits there until it can be sent again."""
    if is_fragment(request) or request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=401)  # nothing is drawn into the page, which says itself what to do
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(f"/account/login/?next={quote(request.get_full_path())}")
    return carried.asked(request)

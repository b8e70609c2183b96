"""Pages for who is signed in: the view gets the person as its second argument."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from firstline.people.models import Person

P = ParamSpec("P")


def signed_in(
    view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Others are led to the sign-in, and back to the page they asked for."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        if isinstance(person, Person):
            return view(request, person, *args, **kwargs)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)  # a part of a page: the sign-in must not be drawn into it
        back = request.get_full_path() if request.method == "GET" else "/portal/"
        return HttpResponseRedirect(f"/account/login/?next={quote(back)}")

    return guarded

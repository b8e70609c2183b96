"""What somebody sent after his session had ended: it waits in the sign-in form, and can be sent from there.

Nothing is stored: the browser carries it, as fields whose names begin with PREFIX. Secrets are not carried, and files
are chosen again.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firstline.people.models import Person
from firstline.web import refusals
from firstline.web.sign_in.from_where import own_path

PREFIX = "typed."
HAD_FILES = "had_files"
Fields = list[tuple[str, str]]


def asked(request: HttpRequest) -> HttpResponse:
    """401: the sign-in, with what was sent in it."""
    lists = ((name, values) for name, values in request.POST.lists() if not _is_secret(name))
    context = {
        "next": own_path(request.get_full_path()),
        "carried": [(PREFIX + name, value) for name, value in _flat(lists)],
        HAD_FILES: bool(request.FILES),
    }
    return render(request, "web/sign_in/login.html", context, status=401)


def of(request: HttpRequest) -> Fields:
    """The fields that the sign-in form carries, still with their prefix."""
    return _flat((name, values) for name, values in request.POST.lists() if name.startswith(PREFIX))


def again(request: HttpRequest, person: Person, going_to: str) -> HttpResponse:
    """Signed in: what was typed, to be sent with one press."""
    typed = [(name.removeprefix(PREFIX), value) for name, value in of(request)]
    return refusals.signed_in_again(request, person, going_to, typed, had_files=HAD_FILES in request.POST)


def _flat(lists: Iterable[tuple[str, list[str]]]) -> Fields:
    return [(name, value) for name, values in lists for value in values]


def _is_secret(name: str) -> bool:
    return name in {"csrfmiddlewaretoken", refusals.DRAWN_FOR} or any(
        part in name for part in ("password", "secret", "token")
    )

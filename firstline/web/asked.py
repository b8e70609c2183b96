"""What a form or htmx says of itself, for every site: a part of the page, the version seen, where to go afterwards,
whether it was sent before.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from firstline.once import answers
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def seen_version(request: HttpRequest) -> int | None:
    """The version that the person looked at: the newer one, where he was shown it and sends anyway."""
    given: Any = request.POST.get("seen") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


def said_once(
    person: Person, ticket: Ticket, words: Words, *, seen: int | None, how: str = "", deed: Callable[[], Ticket]
) -> str:
    """The number of the ticket that has the words. The same words sent again from the same look at the page (a button
    pressed twice, a page sent again) are said once. Raises what `deed` raises; then nothing is remembered."""
    files = (f"{file.name} {file.blob.pk}" for file in words.files)
    question = answers.asked(str(ticket.pk), str(seen), how, words.text or words.html, *files)
    key = question if seen is not None else uuid.uuid4().hex
    given = answers.once(scope=f"page:{person.pk}", key=key, question=question, deed=lambda: (302, str(deed().pk)))
    return given.body


def go(request: HttpRequest, fallback: str) -> HttpResponse:
    """After a deed: back to where the form says it stood (on this site), else to `fallback`."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else fallback)

"""What a form or htmx says of itself, for every site: a part of the page, the version seen, where to go afterwards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def seen_version(request: HttpRequest) -> int | None:
    """The version that the person looked at: the newer one, where he was shown it and sends anyway."""
    given: Any = request.POST.get("seen") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


def go(request: HttpRequest, fallback: str) -> HttpResponse:
    """After a deed: back to where the form says it stood (on this site), else to `fallback`."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else fallback)

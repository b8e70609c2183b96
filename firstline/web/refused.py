"""The pages that say no: what is the matter, what to do now, whom to call, and a number by which the log is found."""

from __future__ import annotations

import errno
import math
import sys
import uuid
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.brand import identity
from firstline.lib import log
from firstline.people.models import Person

logger = log.get(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
AGAIN_SECONDS = "5"


def wrong_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came cannot be read as a request (too many fields, a broken upload)."""
    words = _("The browser sent something that we cannot read. Go back and send it again, in parts if it was large.")
    return page(request, 400, _("That could not be read"), words)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: he may see the thing, but not do this."""
    title = _("This is not yours to do")
    return page(
        request, 403, title, _("Your role does not allow it. Whoever looks after your account can tell you more.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this person; the two are never told apart."""
    return page(request, 404, _("There is nothing here"), _("The address is wrong, or the page is not for you."))


def wrong_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old, or did not come from our page."""
    words = _(
        "The form was open for too long, or cookies are switched off. Go back, copy what you typed, load the page "
        "again and send it once more."
    )
    return page(request, 403, _("This form cannot be accepted"), words)


def too_often(request: HttpRequest, until: datetime, now: datetime) -> HttpResponse:
    """429: how long to wait, in words and in the header."""
    minutes = minutes_until(until, now)
    words = ngettext("Try again in %(n)d minute.", "Try again in %(n)d minutes.", minutes) % {"n": minutes}
    return retry_after(page(request, 429, _("That was too often"), words), until, now)


def broken(request: HttpRequest) -> HttpResponse:
    """500: drawn without the database and without the person, because either may be what is broken.

    503 where the database is away or the disk is full: that passes, and whoever asked may come again.
    """
    number = _number(request)
    status = 503 if is_away(sys.exc_info()[1]) else 500
    logger.error("page failed", request_id=number, status=status, route=_route(request))
    if request.path.startswith("/api/"):
        response: HttpResponse = _problem(status, "Internal error", number)
    else:
        house = identity.last_known()
        words = {"number": number, "status": status, "phone": house.phone, "mail": house.mail, "name": house.name}
        response = HttpResponse(render_to_string("500.html", words), status=status)
    if status == 503:
        response["Retry-After"] = AGAIN_SECONDS
    return response


def is_away(problem: BaseException | None) -> bool:
    """Whether the database does not answer or the disk takes nothing more: nobody's fault who asked."""
    if isinstance(problem, OSError):
        return problem.errno in FULL
    return isinstance(problem, (OperationalError, InterfaceError))


def page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    """A refusal in the frame of whoever asks."""
    number = _number(request)
    logger.info("refused", request_id=number, status=status, route=_route(request))
    if request.path.startswith("/api/"):
        return _problem(status, title, number)
    person = getattr(request, "user", None)
    frame = "web/agent.html" if isinstance(person, Person) and person.is_agent else "web/portal/frame.html"
    context = {"base": frame, "status": status, "title": title, "words": words, "number": number}
    response = render(request, "web/refused.html", context, status=status)
    response["X-Request-ID"] = number
    return response


def minutes_until(until: datetime, now: datetime) -> int:
    """Whole minutes, at least one: never earlier than it is true."""
    return max(1, math.ceil((until - now).total_seconds() / 60))


def retry_after(response: HttpResponse, until: datetime, now: datetime) -> HttpResponse:
    """The same as a header, in seconds."""
    response["Retry-After"] = str(max(1, math.ceil((until - now).total_seconds())))
    return response


def _number(request: HttpRequest) -> str:
    given = str(getattr(request, "request_id", ""))
    return given or uuid.uuid4().hex[:12]


def _route(request: HttpRequest) -> str:
    """The pattern of the address: the address itself may hold a secret link."""
    return str(request.resolver_match.route) if request.resolver_match else ""


def _problem(status: int, title: str, number: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "request_id": number}
    return JsonResponse(body, status=status, content_type="application/problem+json")

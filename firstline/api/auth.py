"""Who calls: a bearer token with its scopes, or the session of one of our own pages (with its CSRF token)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from firstline.api.problems import Refused
from firstline.lib import clock
from firstline.people import tokens
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_JSON = 4 * 1024 * 1024


@dataclass(frozen=True)
class Caller:
    """A person and the road he came by; `scope` separates the Idempotency-Keys of one road from those of another."""

    person: Person
    scope: str


class Token(HttpBearer):
    """`Authorization: Bearer fl_…`. A wrong one is refused at once: it never falls back to a cookie."""

    def __call__(self, request: HttpRequest) -> Caller | None:
        given = request.headers.get("Authorization")
        if given is None:
            return None
        kind, _, secret = given.partition(" ")
        token = tokens.find(secret.strip(), at=clock.now()) if kind.lower() == "bearer" else None
        if token is None:
            raise Refused(401, "The token is not known, or was revoked.")
        needed = tokens.READ if request.method in READING else tokens.WRITE
        if needed not in token.scopes:
            raise Refused(403, f"The token lacks the scope {needed}.", kind="scope")
        body_is_fit(request)
        return Caller(token.person, f"token:{token.pk}")

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Never called: `__call__` does it all."""
        raise NotImplementedError


class Session(APIKeyCookie):
    """The session of a page; whatever changes something needs the page's CSRF token as well (X-CSRFToken)."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        person = request.user
        if not person.is_authenticated or not person.is_active:
            return None
        if request.method not in READING and check_csrf(request) is not None:
            raise Refused(403, "The CSRF token is missing or wrong.", kind="csrf")
        body_is_fit(request)
        return Caller(person, person.actor)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Never called: `__call__` does it all."""
        raise NotImplementedError


def body_is_fit(request: HttpRequest) -> None:
    """Refuses a body of another kind (415) or size (413) before anybody reads it. Raw letters, signed papers and
    files have limits of their own."""
    if request.method in READING or getattr(request.resolver_match, "url_name", "") in {RAW, PAPER, FILES}:
        return
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit():
        raise Refused(400, "The length of the body is not a number.")
    if int(length) > LARGEST_JSON:
        raise Refused(413, f"A body may have {LARGEST_JSON} bytes.")
    if int(length) and request.content_type != "application/json":
        raise Refused(415, "The body must be application/json.")
    if (request.content_params or {}).get("charset", "utf-8").lower().replace("-", "") != "utf8":
        raise Refused(415, "JSON is read in UTF-8 only.")


RAW = "intake_email"
PAPER = "contract_document"
FILES = "uploaded_files"
EVERYBODY = [Token(), Session()]


def caller(request: HttpRequest) -> Caller:
    """The one who was let in."""
    who: Caller = request.auth  # type: ignore[attr-defined]
    return who


def agent(request: HttpRequest, deed: str) -> Person:
    """Who asks, where only the desk may. Raises NotAllowed, which names the deed."""
    person = caller(request).person
    if not person.is_agent:
        raise NotAllowed(deed)
    return person

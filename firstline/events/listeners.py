"""Who listens, and to what he may: by the session of a page or by a token, asked again while he listens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare

from firstline.lib import clock
from firstline.people import tokens
from firstline.people.models import ApiToken, Person
from firstline.tickets import screens


@dataclass(frozen=True)
class Entry:
    """How somebody was let in: `kind` "session" with its key, or "token" with its number."""

    kind: str
    key: str


@dataclass(frozen=True)
class Listener:
    """Somebody who was let in, and the audiences he belongs to."""

    entry: Entry
    person: int
    audiences: frozenset[str]


def let_in(headers: Mapping[str, str]) -> Listener | None:
    """By the request's headers (names in small letters). A wrong token is refused, never replaced by a cookie."""
    authorization = headers.get("authorization")
    if authorization is not None:
        kind, _, secret = authorization.partition(" ")
        token = tokens.find(secret.strip(), at=clock.now()) if kind.lower() == "bearer" else None
        if token is None or tokens.READ not in token.scopes:
            return None
        return Listener(Entry("token", str(token.pk)), token.person_id, frozenset(screens.listens_to(token.person)))
    entry = Entry("session", _session_key(headers.get("cookie", "")))
    return still_in([entry]).get(entry)


def still_in(entries: Iterable[Entry]) -> dict[Entry, Listener]:
    """Those who may still listen, with their audiences as they are now: signed out, revoked, barred are missing."""
    people: dict[int, frozenset[str]] = {}
    found: dict[Entry, Listener] = {}
    for entry in set(entries):
        person = _by_session(entry.key) if entry.kind == "session" else _by_token(entry.key)
        if person is None:
            continue
        if person.pk not in people:
            people[person.pk] = frozenset(screens.listens_to(person))
        found[entry] = Listener(entry, person.pk, people[person.pk])
    return found


def _by_token(key: str) -> Person | None:
    token = (
        ApiToken.objects.select_related("person")
        .filter(pk=int(key), revoked_at__isnull=True, person__is_active=True)
        .exclude(person__client__closed_at__isnull=False)
        .first()
    )
    return token.person if token else None


def _by_session(key: str) -> Person | None:
    """As django.contrib.auth.get_user does: the session lives, its person is active, his password is the same."""
    if not key:
        return None
    session = SessionStore(key)
    pk, signed = session.get(SESSION_KEY), session.get(HASH_SESSION_KEY)
    if pk is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    known = Person.objects.filter(pk=pk, is_active=True).exclude(client__closed_at__isnull=False)
    person = known.first()
    if person is None or not signed or not constant_time_compare(signed, person.get_session_auth_hash()):
        return None
    return person


def _session_key(cookies: str) -> str:
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return ""
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""

"""Answering: JSON from plain values, and doing a thing once for one Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic_core import to_json

from firstline.api import shapes
from firstline.api.auth import Caller, caller
from firstline.api.problems import Refused
from firstline.lib import clock, failpoints, tokens
from firstline.once import answers
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.tickets.models import Ticket

ROOT = "/api/v1"
TICKET = "tickets/{number}"


def as_json(value: Any) -> str:
    """Text as it goes over the wire."""
    return to_json(value).decode()


def plain(value: Any, status: int = 200) -> HttpResponse:
    """A JSON response; a list that has one page says so, as every list does."""
    return HttpResponse(as_json(_whole_list(value)), content_type="application/json", status=status)


def _whole_list(value: Any) -> Any:
    return {**value, "next_cursor": None} if isinstance(value, dict) and value.keys() == {"items"} else value


def a_ticket(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """A ticket read: the last change that he may know of is the ETag, which If-Match takes."""
    person = caller(request).person
    response = plain(shapes.ticket(ticket, person, clock.now()))
    response.headers["ETag"] = f'"{queries.last_change_for(person, ticket)[0]}"'
    return response


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key, or "". Raises Refused."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not (key.strip() and key.isascii() and key.isprintable() and len(key) <= answers.LONGEST_KEY):
        detail = f"An Idempotency-Key has 1 to {answers.LONGEST_KEY} printable ASCII characters."
        raise Refused(400, detail, field="Idempotency-Key")
    return key


def question_of(request: HttpRequest) -> str:
    """What is asked, as one sha256: method, address with its query, body."""
    return answers.asked(request.method or "", request.get_full_path(), request.body)


def sha256(content: bytes) -> str:
    """As intake names bytes."""
    return hashlib.sha256(content).hexdigest()


def inner_key(who: Caller, key: str) -> str:
    """The key under which intake stores what came: one caller's key never meets another's."""
    return tokens.hashed(f"{who.scope} {key}") if key else ""


def seen_version(request: HttpRequest) -> int | None:
    """The version in If-Match: the ETag of the ticket as the caller saw it. Raises Refused."""
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    version = given.removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) <= 15):
        raise Refused(400, "If-Match is the ETag of the ticket.", field="If-Match")
    return int(version)


def from_given(given: answers.Given, place: str = "") -> HttpResponse:
    """The response to a deed, the first time or again: the same bytes. `place`: where what was made is, with the fields
    of the answer; what has no address of its own has none."""
    response = HttpResponse(given.body, content_type="application/json", status=given.status)
    if given.status == 201 and place:
        response.headers["Location"] = f"{ROOT}/{place.format_map(json.loads(given.body))}"
    if given.again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def done(request: HttpRequest, deed: Callable[[Person, datetime], tuple[int, Any]], place: str = "") -> HttpResponse:
    """Does what lives in one transaction, once for its key, and answers what it says (status, plain values). `place`
    as for `from_given`."""
    who, key, at = caller(request), key_of(request), clock.now()

    def run() -> tuple[int, str]:
        status, said = deed(who.person, at)
        return status, as_json(_whole_list(said))

    if key:
        given = answers.once(scope=who.scope, key=key, question=question_of(request), deed=run)
    else:
        given = answers.Given(*run())
    failpoints.reach("web.after_commit")
    return from_given(given, place)


def seen_fingerprint(request: HttpRequest) -> str:
    """The fingerprint in If-Match: the ETag of what the caller saw; "" where he does not say."""
    given = request.headers.get("If-Match", "").strip()
    return "" if given in {"", "*"} else given.removeprefix("W/").strip('"')[:64]


Deed = Callable[[Ticket, Person, datetime, int | None], Ticket]


def on_ticket(request: HttpRequest, number: str, deed: Deed) -> HttpResponse:
    """Does a verb to a ticket through the one door, once for its key, and answers the ticket that has it now."""
    who, key, seen, at = caller(request), key_of(request), seen_version(request), clock.now()
    version: list[int] = []  # none where it was done before: what he sees may be older than the ticket

    def run() -> tuple[int, str]:
        ticket = deed(queries.get_for(who.person, number), who.person, at, seen)
        version.append(queries.last_change_for(who.person, ticket)[0])
        return 200, as_json(shapes.ticket(ticket, who.person, at))

    if key:
        given = answers.once(scope=who.scope, key=key, question=question_of(request), deed=run)
    else:
        given = answers.Given(*run())
    failpoints.reach("web.after_commit")
    response = from_given(given)
    if version:
        response.headers["ETag"] = f'"{version[-1]}"'
    return response

"""Refusals as RFC 9457 problem documents: `type`, `title`, `status`, `detail`, and `errors` that name fields.

They are for programs and their authors, and so always in English (docs/api.md).
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic_core import to_json

from firstline.api import shapes
from firstline.assets.upkeep import WrongThing
from firstline.brand.keeping import WrongBrand
from firstline.contracts.outages import WrongOutage
from firstline.contracts.refusals import Frozen, NotReady, WrongTerms
from firstline.intake.acceptance import NotDurable
from firstline.lib import log
from firstline.notices.texts import WrongText
from firstline.once.answers import OtherQuestion
from firstline.people.companies import WrongClient
from firstline.people.permissions import NotAllowed
from firstline.people.teams import WrongTeam
from firstline.people.upkeep import WrongPerson
from firstline.roster.refusals import WrongRoster
from firstline.tickets.ordered_rules import WrongRule
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue

TITLES = {
    400: "Not understood",
    401: "Who are you?",
    403: "Not yours to do",
    404: "Not there",
    405: "Not a method of this address",
    409: "Not as things stand",
    413: "Too large",
    415: "Not a media type that is read here",
    422: "A value is not possible",
    429: "Too many requests",
    500: "Our fault",
    503: "Try again later",
}
RETRY_AFTER_SECONDS = "5"
# What pydantic calls the members of a union.
KIND_OF_VALUE = re.compile(r"(literal|list|dict|function-[a-z]+)\[.*\]|constrained-[a-z]+|str|int")


class Refused(Exception):
    """An answer that is no: raised where the API itself refuses, before any verb."""

    def __init__(self, status: int, detail: str, *, field: str = "", kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.field, self.kind = status, detail, field, kind


def answer(
    status: int,
    detail: str,
    *,
    kind: str = "",
    errors: Sequence[tuple[str, str]] = (),
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The response. `kind` names the problem more closely than its status; `errors` are (field, problem)."""
    said: dict[str, Any] = {
        "type": f"urn:firstline:problem:{kind or TITLES_AS_KINDS.get(status, 'other')}",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        **(extra or {}),
    }
    if errors:
        said["errors"] = [{"field": field, "problem": problem} for field, problem in errors]
    response = HttpResponse(to_json(said, inf_nan_mode="null"), content_type="application/problem+json", status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Firstline"'
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


TITLES_AS_KINDS = {
    400: "malformed", 401: "unauthenticated", 403: "not-allowed", 404: "not-there", 405: "method", 409: "conflict",
    413: "too-large", 415: "media-type", 422: "wrong-value", 429: "too-many", 500: "broken", 503: "unavailable",
}  # fmt: skip


def listen_on(api: NinjaAPI) -> None:
    """Turns every exception that an operation may raise into its problem."""
    for exception, handler in HANDLERS.items():
        api.add_exception_handler(exception, handler)


def said(request: HttpRequest, refusal: Exception) -> HttpResponse:
    """An expected refusal as a document, where it is a part of an answer."""
    document: HttpResponse = HANDLERS[type(refusal)](request, refusal)
    return document


def _refused(request: HttpRequest, no: Refused) -> HttpResponse:
    return answer(no.status, no.detail, kind=no.kind, errors=[(no.field, no.detail)] if no.field else ())


def _http(request: HttpRequest, no: HttpError) -> HttpResponse:
    return answer(no.status_code, str(no))


def _unauthenticated(request: HttpRequest, no: AuthenticationError) -> HttpResponse:
    return answer(401, "A bearer token, or the session of a page of this site, is needed.")


def _not_valid(request: HttpRequest, no: ValidationError) -> HttpResponse:
    said: dict[str, str] = {}  # of a value that may be of several kinds, what its first kind demands
    for error in no.errors:
        said.setdefault(_field(error["loc"]), _problem(error))
    errors = list(said.items())
    first, problem = errors[0]
    return answer(422, f"{first}: {problem}", errors=errors)


def _problem(error: Mapping[str, Any]) -> str:
    """In the words of whoever wrote the body: a text has characters, and whose check it was is nobody's concern."""
    words = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] in {"too_long", "too_short"} and words.startswith("Value "):
        bound = error.get("ctx", {})
        words = f"at most {bound['max_length']} characters" if "max_length" in bound else "empty"
    return words


def _field(place: Sequence[str | int]) -> str:
    """("body", "asked", "requester", "email") → "requester.email"; the whole body is "body". Of what several kinds of
    value a field may have ("literal['high']") the address says nothing."""
    where, *rest = place
    if where == "body" and rest and rest[0] == "asked":
        rest = rest[1:]
    if where == "query":  # of what may be repeated, the name in the address
        rest = [part for part in rest if isinstance(part, str)]
    return ".".join(str(part) for part in rest if not KIND_OF_VALUE.fullmatch(str(part))) or str(where)


def _wrong_value(request: HttpRequest, no: WrongValue) -> HttpResponse:
    return answer(422, str(no), errors=[(no.field, no.problem)])


def _not_there(request: HttpRequest, no: Exception) -> HttpResponse:
    return answer(404, "There is nothing here that you may see.")


def _not_allowed(request: HttpRequest, no: NotAllowed) -> HttpResponse:
    return answer(403, f"Your role does not allow this here: {no.deed}.", extra={"deed": no.deed})


def _forbidden(request: HttpRequest, no: PermissionDenied) -> HttpResponse:
    return answer(403, "Your role does not allow this here.")


def _wrong_status(request: HttpRequest, no: WrongStatus) -> HttpResponse:
    detail = f"{no.verb} is not possible while the ticket is {no.status}."
    return answer(409, detail, kind="wrong-status", extra={"verb": no.verb, "ticket_status": no.status})


def _changed_since(request: HttpRequest, no: ChangedSince) -> HttpResponse:
    detail = "The ticket was changed after the version that If-Match names; nothing was done."
    person = getattr(request, "auth", None)
    changes = [shapes.timeline_entry(event, person.person, no.ticket) for event in no.events] if person else []
    return answer(409, detail, kind="changed-since", extra={"version": no.ticket.version, "changes": changes})


def _already_merged(request: HttpRequest, no: AlreadyMerged) -> HttpResponse:
    detail = f"{no}: what is to be done is done there."
    return answer(409, detail, kind="merged", extra={"ticket": str(no.number), "merged_into": str(no.into)})


def _other_question(request: HttpRequest, no: OtherQuestion) -> HttpResponse:
    detail = "This Idempotency-Key was used for another request."
    return answer(409, detail, kind="idempotency-key-reused", errors=[("Idempotency-Key", detail)])


def _wrong_terms(request: HttpRequest, no: WrongTerms) -> HttpResponse:
    errors = [(place, words) for place, _colon, words in (problem.partition(": ") for problem in no.problems)]
    return answer(422, str(no), errors=errors)


def _frozen(request: HttpRequest, no: Frozen) -> HttpResponse:
    return answer(409, "This version is in force: its terms never change. Begin a new version.", kind="frozen")


def _not_ready(request: HttpRequest, no: NotReady) -> HttpResponse:
    kind = "changed-since" if "changed since" in no.problem else "not-ready"
    values = {key: str(value) for key, value in no.values.items()}
    return answer(409, f"Not possible yet: {no.problem}.", kind=kind, extra={"problem": no.problem, "values": values})


def _wrong_outage(request: HttpRequest, no: WrongOutage) -> HttpResponse:
    return answer(422, f"{no.field}: {no.problem}", errors=[(no.field, no.problem)])


def _wrong_thing(request: HttpRequest, no: WrongThing) -> HttpResponse:
    return answer(422, str(no), errors=no.problems)


def _wrong_keeping(
    request: HttpRequest, no: WrongPerson | WrongClient | WrongTeam | WrongText | WrongBrand
) -> HttpResponse:
    return answer(422, str(no), errors=no.problems)


def _wrong_rule(request: HttpRequest, no: WrongRule) -> HttpResponse:
    return answer(422, str(no), errors=[(one.field, one.problem) for one in no.found])


def _wrong_roster(request: HttpRequest, no: WrongRoster) -> HttpResponse:
    return answer(422, f"{no.field}: {no.problem}", errors=[(no.field, no.problem)])


def _too_large(request: HttpRequest, no: RequestDataTooBig) -> HttpResponse:
    return answer(413, "The body is larger than is taken here.")


def _suspicious(request: HttpRequest, no: Exception) -> HttpResponse:
    return answer(400, "The request was not understood.")


def _away(request: HttpRequest, no: Exception) -> HttpResponse:
    log.get(__name__).error("refused for now", problem=type(no).__name__)
    return answer(503, "Nothing was taken. Try again later.")


def _system(request: HttpRequest, no: OSError) -> HttpResponse:
    if no.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}:
        return _away(request, no)
    return _broken(request, no)


def _broken(request: HttpRequest, no: Exception) -> HttpResponse:
    log.get(__name__).error("broken", path=request.path, problem=type(no).__name__, exc_info=no)
    return answer(500, "Something broke here. It was written down; nothing of the request was done.")


HANDLERS: dict[type[Exception], Any] = {
    Exception: _broken,
    OSError: _system,
    Refused: _refused,
    HttpError: _http,
    AuthenticationError: _unauthenticated,
    ValidationError: _not_valid,
    WrongValue: _wrong_value,
    NotThere: _not_there,
    Http404: _not_there,
    NotAllowed: _not_allowed,
    PermissionDenied: _forbidden,
    WrongStatus: _wrong_status,
    ChangedSince: _changed_since,
    AlreadyMerged: _already_merged,
    OtherQuestion: _other_question,
    WrongTerms: _wrong_terms,
    Frozen: _frozen,
    NotReady: _not_ready,
    WrongOutage: _wrong_outage,
    WrongThing: _wrong_thing,
    WrongRoster: _wrong_roster,
    WrongRule: _wrong_rule,
    WrongPerson: _wrong_keeping,
    WrongClient: _wrong_keeping,
    WrongTeam: _wrong_keeping,
    WrongText: _wrong_keeping,
    WrongBrand: _wrong_keeping,
    RequestDataTooBig: _too_large,
    UnreadablePostError: _suspicious,
    SuspiciousOperation: _suspicious,
    NotDurable: _away,
    OperationalError: _away,
    InterfaceError: _away,
}

"""What stands around every page: headers, the person's language and time zone, refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import HEADER as CSP_HEADER
from csp.utils import build_policy
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone, translation

from firstline.brand import identity
from firstline.brand.identity import Identity
from firstline.intake.acceptance import NotDurable
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed, may
from firstline.people.preferences import WrongPreference
from firstline.roster import reinforcement
from firstline.roster.models import CallUp
from firstline.roster.refusals import WrongRoster
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue
from firstline.web import durations, refusals, refused
from firstline.web.agent.sidebar import Entry, Group, counted, groups, tabs

Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """On every response, errors included (research A13). A view may name a policy of its own; no page has a nonce, so
    all others have the same one, put together once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(CSP_HEADER, self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class InThePersonsWords:
    """His language and time zone, else the cookie's and the browser's language, else the desk's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) or person.is_authenticated:
            language, zone = person.language, person.time_zone or (person.client.time_zone if person.client else "")
        else:
            language, zone = translation.get_language_from_request(request), ""
        with translation.override(language), timezone.override(ZoneInfo(zone or settings.TIME_ZONE)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
            return response


class WithoutNul:
    """NUL is no text: nobody types it, PostgreSQL refuses it. What a page is sent never has one. The API, which refuses
    it by itself, is left alone: it reads its bodies as they are."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if not request.path.startswith("/api/"):
            request.GET = _without_nul(request.GET)
            request.POST = _without_nul(request.POST)


class ForWhomItWasDrawn:
    """A page that was drawn for somebody else takes nothing in the name of whoever has signed in since, in another tab
    of the same browser. Pages say for whom they were drawn in a header or a field (csrf.js)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if request.method != "POST" or request.path.startswith("/api/"):
            return None
        field = _taken_out(request, refusals.DRAWN_FOR)
        drawn_for = request.headers.get("X-Drawn-For") or field
        person = request.user
        if not drawn_for or not isinstance(person, Person) or drawn_for == str(person.pk):
            return None
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(status=401)  # a draft, a tick: the page says itself what to do
        return refusals.somebody_else(request, person)


class Refusals:
    """The expected refusals of the verbs become pages, or fragments where htmx asked. The API has its own words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(refusal, NotThere):
            return refused.not_found(request, refusal)
        if isinstance(refusal, NotAllowed):
            return refused.forbidden(request, refusal)
        if isinstance(refusal, (WrongStatus, ChangedSince)):
            return refusals.somebody_was_faster(request, refusal)
        if isinstance(refusal, AlreadyMerged):
            return refusals.already_merged(request, refusal)
        if isinstance(refusal, WrongValue):
            return refusals.wrong_value(request, refusal)
        if isinstance(refusal, WrongRoster):
            return refusals.wrong_value(request, WrongValue(refusal.field, refusal.problem))
        if isinstance(refusal, WrongPreference):
            return refusals.wrong_value(request, WrongValue(refusal.field, "unknown"))
        if isinstance(refusal, NotDurable) or (request.method == "POST" and refused.is_away(refusal)):
            return _not_kept(request)
        return None


def _without_nul(given: QueryDict) -> Any:
    if not any("\x00" in text for name, values in given.lists() for text in (name, *values)):
        return given
    clean = QueryDict(mutable=True)
    for name, values in given.lists():
        clean.setlist(name.replace("\x00", ""), [value.replace("\x00", "") for value in values])
    clean._mutable = False
    return clean


def _taken_out(request: HttpRequest, name: str) -> str:
    """A field of the frame's own, which no view is to meet."""
    if name not in request.POST:
        return ""
    rest: Any = request.POST.copy()
    value = str(rest.get(name, ""))
    del rest[name]
    rest._mutable = False
    request.POST = rest
    return value


def _not_kept(request: HttpRequest) -> HttpResponse | None:
    """With what was typed, if the page around it can be drawn at all; else `refused.broken` draws the plain one."""
    try:
        return refusals.not_kept(request)
    except DatabaseError:
        return None


class Frame:
    """What the templates around a page ask for. Counted only when drawn, once a request."""

    languages = LANGUAGES

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def here(self) -> str:
        """The address of the page, also for the fragment that is fetched again from it."""
        return (
            str(self._request.GET.get("at", ""))
            if self._request.path == "/desk/sidebar/"
            else self._request.get_full_path()
        )

    @property
    def has_telephony(self) -> bool:
        return bool(self._counts["telephony"])

    @cached_property
    def brand(self) -> Identity:
        return identity.current()

    @property
    def welcome(self) -> str:
        """The house's own words on the first page of the portal."""
        return self.brand.welcoming(translation.get_language())

    @cached_property
    def now(self) -> str:
        return clock.now().isoformat()

    @cached_property
    def units(self) -> dict[str, str]:
        return durations.units()

    @cached_property
    def sidebar(self) -> list[Group]:
        return groups(self._person, self.here, self._counts)

    @property
    def unread_here(self) -> bool:
        """Whether he was told something of the ticket before him that he has not read."""
        return bool(self._counts.get("here"))

    @cached_property
    def _counts(self) -> dict[str, int]:
        return counted(self._person, self.here)

    @cached_property
    def tabs(self) -> list[Entry]:
        return tabs(self._person, self.here)

    @cached_property
    def called_up(self) -> list[tuple[CallUp, str]]:
        """What somebody of the reserve is asked and has not answered; nobody else is looked up."""
        found = reinforcement.asked_of(self._person, clock.now())
        return [(one, f"/come/{reinforcement.token_of(one)}/") for one in found]

    @property
    def watches_health(self) -> bool:
        """Whether the sidebar says what is wrong with the program itself."""
        return may(self._person, "board")

    @property
    def _person(self) -> Person:
        person = self._request.user
        if not person.is_authenticated:
            raise NotAllowed("desk")
        return person


def around_every_page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    return {"frame": Frame(request)}

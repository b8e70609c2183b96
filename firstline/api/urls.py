"""The API, mounted: every resource, its OpenAPI document, the page about it, and an answer in JSON to whatever else
is asked."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from firstline.api import (
    announcements,
    answer_templates,
    answers,
    belonging,
    board,
    branding,
    calendars,
    calls,
    catalogue,
    checklist,
    clients,
    colleagues,
    contract_numbers,
    contracts,
    deliveries,
    drafts,
    equipment,
    escalations,
    field_history,
    files,
    forms,
    hooks,
    inbox,
    journal,
    ladders,
    letter_texts,
    letters,
    lines,
    macros,
    mail_rules,
    mailboxes,
    me,
    outages,
    pages,
    pauses,
    people,
    presence,
    problems,
    proposals,
    reading,
    reinforcement,
    roster,
    routing,
    search,
    statements,
    templates,
    tickets,
    timer,
    together,
    vendors,
    verbs,
    views,
    wiki,
)
from firstline.api.auth import EVERYBODY
from firstline.api.bodies import Json
from firstline.once.answers import LONGEST_KEY

VERSION = "1"
KEY_OF_A_POST = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]*$"},
}
DOWNLOADS = ("/files/{file_id}", "/intake/{number}/raw", "/contracts/{slug}/versions/{number}/document")
TABLES = ("/requests/export.csv",)


class Api(NinjaAPI):
    """Says of itself what ninja cannot know: refusals are problem documents, files are bytes."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        return self._document

    @functools.cached_property
    def _document(self) -> OpenAPISchema:
        """Made once a process: it takes most of a second, and anybody may ask for it."""
        schema = super().get_openapi_schema(path_prefix=f"{answers.ROOT}/")
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                if method == "post":
                    operation["parameters"] = [*operation.get("parameters", ()), KEY_OF_A_POST]
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        response["content"] = {"application/problem+json": content["application/json"]}
        for place in DOWNLOADS:
            downloaded = schema["paths"][answers.ROOT + place]["get"]["responses"][200]
            downloaded["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        for place in TABLES:
            schema["paths"][answers.ROOT + place]["get"]["responses"][200]["content"] = {
                "text/csv": {"schema": {"type": "string"}}
            }
        return schema


api = Api(
    title="Firstline",
    version=VERSION,
    description=pages.ABOUT,
    docs_url=None,
    openapi_url="/openapi.json",
    auth=EVERYBODY,
    parser=Json(),
    urls_namespace="api",
)
problems.listen_on(api)
api.add_router("/tickets", tickets.router)
api.add_router("/tickets", reading.router)
api.add_router("/tickets", verbs.router)
api.add_router("/tickets", belonging.router)
api.add_router("/tickets", drafts.router)
api.add_router("/outgoing", drafts.outgoing)
api.add_router("/answer-templates", answer_templates.router)
api.add_router("/tickets", answer_templates.of_tickets)
api.add_router("/macros", macros.router)
api.add_router("/tickets", macros.of_tickets)
api.add_router("/files", files.router)
api.add_router("/articles", wiki.router)
api.add_router("/contracts", contracts.router)
api.add_router("/contracts", contract_numbers.router)
api.add_router("/contract-templates", templates.router)
api.add_router("/vendors", vendors.router)
api.add_router("/tickets", vendors.of_tickets)
api.add_router("/statements", statements.router)
api.add_router("/outages", outages.router)
api.add_router("/announcements", announcements.router)
api.add_router("/services", catalogue.router)
api.add_router("/services", forms.router)
api.add_router("/tickets", forms.of_tickets)
api.add_router("/calendars", calendars.router)
api.add_router("/equipment", equipment.router)
api.add_router("/sites", equipment.sites)
api.add_router("/pauses", pauses.router)
api.add_router("/routing", routing.router)
api.add_router("/mail-rules", mail_rules.router)
api.add_router("/ladders", ladders.router)
api.add_router("/tickets", escalations.of_tickets)
api.add_router("/tickets", field_history.of_tickets)
api.add_router("/tickets", checklist.of_tickets)
api.add_router("/routing/proposals", proposals.router)
api.add_router("/tickets", proposals.of_tickets)
api.add_router("/roster", roster.router)
api.add_router("/roster", reinforcement.teams)
api.add_router("/reinforcement", reinforcement.router)
api.add_router("/hooks", hooks.router)
api.add_router("/calls", calls.router)
api.add_router("/letter-texts", letter_texts.router)
api.add_router("/branding", branding.router)
api.add_router("/people", people.router)
api.add_router("/clients", clients.router)
api.add_router("/teams", clients.teams_router)
api.add_router("/search", search.router)
api.add_router("/board", board.router)
api.add_router("/tickets", presence.router)
api.add_router("/tickets", lines.verbs)
api.add_router("/tickets", together.verbs)
api.add_router("/call-backs", together.calls)
api.add_router("/timer", timer.router)
api.add_router("/touches", timer.touches)
api.add_router("/boxes", lines.boxes)
api.add_router("/views", views.router)
api.add_router("/inbox", inbox.router)
api.add_router("/me", me.router)
api.add_router("/colleagues", colleagues.router)
api.add_router("/account-requests", colleagues.wishes)
api.add_router("/requests", colleagues.requests)
api.add_router("/deliveries", deliveries.router)
api.add_router("/mailboxes", mailboxes.router)
api.add_router("/intake", letters.router)
api.add_router("/intake", journal.router)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Every other address under the API."""
    return problems.answer(404, "There is no such address in this API.")


def in_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What ninja does not: a wrong method is said as a problem, HEAD is a GET without its body, OPTIONS says what is
    possible."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        response = view(request, *arguments, **named)
        if response.status_code == 405:
            possible = _methods(response.headers["Allow"])
            said = (
                HttpResponse(status=204) if asked == "OPTIONS" else problems.answer(405, f"Possible here: {possible}.")
            )
            said.headers["Allow"] = possible
            return said
        return _without_body(response) if asked == "HEAD" else response

    return wrapped


def _methods(operations: str) -> str:
    methods = {method.strip() for method in operations.split(",")}
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The same head, with the length that its body would have had."""
    if isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    elif isinstance(response, StreamingHttpResponse):
        response.streaming_content = iter(())
    return response


def _patterns() -> list[URLPattern]:
    found = []
    for pattern in api.urls[0]:
        if not isinstance(pattern, URLPattern):
            raise TypeError(pattern)
        if pattern.name == "api-root":
            pattern.callback = RedirectView.as_view(url="docs")
        pattern.callback = in_json(pattern.callback)
        found.append(pattern)
    return found


app_name = "api"
urlpatterns = [
    path("docs", pages.docs(api), name="api-docs"),
    *_patterns(),
    re_path(r"^.*$", nothing_here),
]

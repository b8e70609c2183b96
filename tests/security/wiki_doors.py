"""The doors of articles by API, and of who asks, as in doors.py. The article behind them is a draft of the desk."""

from __future__ import annotations

from tests.security.doors import AGENTS, CLIENTS_SIDE, HIDDEN, IN, JOURNAL, NO, SIGN_IN, Door, api
from tests.security.rules import Rule, only, signed_in

PUBLISH = {"lev", "maria", "adam"}


def draft(people: set[str]) -> Rule:
    """The client's side does not know that it exists."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who in CLIENTS_SIDE:
            return HIDDEN
        return IN if who in people else NO

    return rule


TEXT = {"title": "Касса", "body": "Перезапустите.", "language": "ru"}
WIKI_DOORS: dict[str, list[Door]] = {
    "api/v1/files": [api(signed_in)],
    "api/v1/me": [api(signed_in, "GET"), api(signed_in, "PATCH", language="bg", theme="dark")],
    "api/v1/articles": [api(signed_in, "GET"), api(only(JOURNAL), **TEXT)],
    "api/v1/articles/<slug>": [api(draft(AGENTS), "GET"), api(draft(JOURNAL), "PUT", **TEXT, summary="яснее")],
    "api/v1/articles/<slug>/handing-in": [api(draft(JOURNAL))],
    "api/v1/articles/<slug>/publication": [api(draft(PUBLISH))],
    "api/v1/articles/<slug>/archiving": [api(draft(PUBLISH))],
    "api/v1/articles/<slug>/helped": [api(draft(AGENTS))],
}

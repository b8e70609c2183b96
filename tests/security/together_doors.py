"""The doors of services at the portal, calls that are wanted, colleagues and known outages, as in doors.py."""

from __future__ import annotations

from tests.security.doors import AGENTS, OWN_SIDE, Door, api, nothing_to_excuse, only
from tests.security.rules import CLIENTS_SIDE, HIDDEN, NO, SIGN_IN, SOLVERS, announced, desk, portal, signed_in, ticket


def _no_article(who: str | None) -> str:
    """There is no such article: the desk has its own pages, the client's side learns nothing."""
    if who is None:
        return SIGN_IN
    return HIDDEN if who in CLIENTS_SIDE else NO


TOGETHER_DOORS: dict[str, list[Door]] = {
    "portal/new/helped/": [Door("POST", lambda who, client: _no_article(who), {"article": "nothing"})],
    "portal/new/fields/": [Door("GET", signed_in)],
    "portal/services/": [Door("GET", signed_in)],
    "portal/requests/<str:number>/call/": [Door("POST", portal(), {"phone": "555"})],
    "portal/requests/<str:number>/colleagues/": [
        Door("POST", nothing_to_excuse(portal()), {"email": "nobody@nowhere.example"})
    ],
    "portal/announcements/<int:number>/following/": [Door("POST", announced(NO), {"follow": "on"})],
    "api/v1/announcements": [api(signed_in, "GET")],
    "api/v1/announcements/<int:number>/following": [api(announced(HIDDEN), follow=True)],
    "desk/call-backs/": [Door("GET", only(AGENTS))],
    "desk/tickets/<number>/call-back/": [Door("POST", nothing_to_excuse(desk(SOLVERS)), {"reached": "1"})],
    "desk/tickets/<number>/outages/": [Door("GET", desk(AGENTS)), Door("POST", desk(SOLVERS), {"outage": ""})],
    "api/v1/call-backs": [api(only(AGENTS), "GET")],
    "api/v1/tickets/<number>/call-wish": [api(ticket(OWN_SIDE), phone="555")],
    "api/v1/tickets/<number>/call-back": [api(nothing_to_excuse(ticket(SOLVERS)), reached=True)],
    "api/v1/tickets/<number>/colleagues": [api(nothing_to_excuse(ticket(OWN_SIDE)), email="nobody@nowhere.example")],
    "api/v1/tickets/<number>/outage": [api(ticket(SOLVERS), outage=None)],
}

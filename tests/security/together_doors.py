"""The doors of services at the portal, calls that are wanted, colleagues and known outages, as in doors.py."""

from __future__ import annotations

from tests.security.doors import AGENTS, OWN_SIDE, Door, api, nothing_to_excuse, only
from tests.security.rules import (
    CLIENTS_SIDE,
    HIDDEN,
    IN,
    NO,
    SIGN_IN,
    SOLVERS,
    announced,
    anybody,
    desk,
    portal,
    signed_in,
    ticket,
)


def _no_article(who: str | None) -> str:
    """There is no such article: the desk has its own pages, the client's side learns nothing."""
    if who is None:
        return SIGN_IN
    return HIDDEN if who in CLIENTS_SIDE else NO


def _coordinators(who: str | None, client: str) -> str:
    """People of the company are its coordinator's; the desk is led to its own pages."""
    if who is None:
        return SIGN_IN
    return IN if who in {"kira", "elena"} or who in AGENTS else NO


def _of_the_company(who: str | None, client: str) -> str:
    """Irina is of the north: nobody of another company finds her."""
    if who is None:
        return SIGN_IN
    return {"kira": IN, "elena": HIDDEN}.get(who, NO)


def _coordinators_nothing(who: str | None, client: str) -> str:
    """No such request of their domain."""
    if who is None:
        return SIGN_IN
    return HIDDEN if who in {"kira", "elena"} else NO


def _keeps_colleagues(who: str | None) -> str:
    """By the API a coordinator's alone: the desk has its people."""
    if who is None:
        return SIGN_IN
    return IN if who in {"kira", "elena"} else NO


def _their_irina(who: str | None, client: str) -> str:
    """Irina is of the north: nobody of another company finds her."""
    return HIDDEN if who == "elena" else _keeps_colleagues(who)


def _keeps_accounts(who: str | None) -> str:
    if who is None:
        return SIGN_IN
    return IN if who in {"kira", "elena", "maria", "anna", "adam"} else NO


def _the_asked(who: str | None, client: str) -> str:
    """Somebody with an address of the north's domain asked."""
    return HIDDEN if who == "elena" else _keeps_accounts(who)


TOGETHER_DOORS: dict[str, list[Door]] = {
    "portal/new/helped/": [Door("POST", lambda who, client: _no_article(who), {"article": "nothing"})],
    "push-worker.js": [Door("GET", anybody)],
    "push/browsers/": [Door("POST", lambda who, client: "unfit" if who else SIGN_IN)],
    "push/browsers/<int:number>/removal/": [Door("POST", signed_in)],
    "portal/new/fields/": [Door("GET", signed_in)],
    "portal/services/": [Door("GET", signed_in)],
    "portal/requests/<str:number>/call/": [Door("POST", portal(), {"phone": "555"})],
    "portal/requests/<str:number>/colleagues/": [
        Door("POST", nothing_to_excuse(portal()), {"email": "nobody@nowhere.example"})
    ],
    "portal/requests/export.csv": [Door("GET", signed_in)],
    "portal/colleagues/": [Door("GET", _coordinators)],
    "portal/colleagues/<int:number>/leaving/": [Door("POST", _of_the_company)],
    "portal/colleagues/requests/<int:number>/acceptance/": [Door("POST", _coordinators_nothing)],
    "portal/colleagues/requests/<int:number>/refusal/": [Door("POST", _coordinators_nothing)],
    "portal/announcements/<int:number>/following/": [Door("POST", announced(NO), {"follow": "on"})],
    "api/v1/colleagues": [
        api(lambda who, client: _keeps_colleagues(who), "GET"),
        api(lambda who, client: _keeps_colleagues(who), name="Пётр", email="petr@elsewhere.example"),
    ],
    "api/v1/colleagues/<login>/leaving": [api(_their_irina)],
    "api/v1/account-requests": [api(lambda who, client: _keeps_accounts(who), "GET")],
    "api/v1/account-requests/<int:number>/acceptance": [api(_the_asked, client="north")],
    "api/v1/account-requests/<int:number>/refusal": [api(_the_asked)],
    "api/v1/requests/export.csv": [api(signed_in, "GET")],
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

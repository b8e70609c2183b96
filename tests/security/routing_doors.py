"""The doors of where tickets go, as in doors.py."""

from __future__ import annotations

from tests.security.doors import AGENTS, DIRECTS, HIDDEN, NO, SIGN_IN, SOLVERS, Door, Rule, api, desk, only, ticket

SEES_ROUTING = {"lev", "maria", "adam"}


def no_such_rule(people: set[str]) -> Rule:
    """There is no such rule: who may do the deed learns it, nobody else that there are any."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        return HIDDEN if who in people else NO

    return rule


A_MAIL_RULE = {
    "name": "банк", "conditions": [{"field": "from", "test": "is", "value": "@bank.example"}], "outcome": "ignore",
}  # fmt: skip

ROUTING_DOORS: dict[str, list[Door]] = {
    "desk/routing/": [Door("GET", only(SEES_ROUTING))],
    "desk/routing/new/": [Door("GET", only({"adam"}))],
    "desk/routing/limits/": [Door("POST", only({"adam"}), {"most-olga": "5"})],
    "desk/routing/<int:number>/": [Door("GET", no_such_rule(SEES_ROUTING))],
    "desk/routing/<int:number>/position/": [Door("POST", no_such_rule({"adam"}), {"to": "up"})],
    "desk/routing/<int:number>/switch/": [Door("POST", no_such_rule({"adam"}), {"on": "1"})],
    "desk/routing/<int:number>/removal/": [Door("POST", no_such_rule({"adam"}))],
    "api/v1/routing/rules": [
        api(only(SEES_ROUTING), "GET"),
        api(only({"adam"}), name="сети", line=2),
    ],
    "api/v1/routing/dry-run": [api(only(SEES_ROUTING), name="сети", line=2)],
    "api/v1/routing/rules/<slug>": [
        api(no_such_rule(SEES_ROUTING), "GET"),
        api(no_such_rule({"adam"}), "PATCH", name="сети"),
        api(no_such_rule({"adam"}), "DELETE"),
    ],
    "api/v1/routing/rules/<slug>/position": [api(no_such_rule({"adam"}), to="up")],
    "api/v1/mail-rules": [api(only({"adam"}), "GET"), api(only({"adam"}), **A_MAIL_RULE)],
    "api/v1/mail-rules/dry-run": [api(only({"adam"}), **A_MAIL_RULE)],
    "api/v1/mail-rules/<slug>": [
        api(no_such_rule({"adam"}), "GET"),
        api(no_such_rule({"adam"}), "PATCH", name="банк"),
        api(no_such_rule({"adam"}), "DELETE"),
    ],
    "api/v1/mail-rules/<slug>/position": [api(no_such_rule({"adam"}), to="up")],
    "api/v1/routing/limits": [api(only(SEES_ROUTING), "GET")],
    "api/v1/routing/limits/<login>": [api(no_such_rule({"adam"}), "PUT", most=5)],
    "desk/tickets/<number>/proposals/": [
        Door("GET", desk(AGENTS)),
        Door("POST", desk(DIRECTS), {"field": "priority", "value": "2"}),
    ],
    "desk/leaving/": [Door("POST", only(SOLVERS))],
    "desk/routing/proposals/": [Door("POST", only({"adam"}), {"sure-category": "90"})],
    "api/v1/tickets/<number>/proposals": [api(ticket(AGENTS), "GET")],
    "api/v1/routing/proposals": [api(only(SEES_ROUTING), "GET")],
    "api/v1/routing/proposals/<field>": [api(no_such_rule({"adam"}), "PUT", sure_from=90)],
}

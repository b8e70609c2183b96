"""The addresses of the lines' work: timer, box, hand-over, swarm."""

from __future__ import annotations

from tests.security.doors import Door, api
from tests.security.rules import AGENTS, CLIENTS_SIDE, HIDDEN, IN, NO, SEES, SIGN_IN, SOLVERS, Rule, desk, only, ticket


def _touch(who: str | None, client: str) -> str:
    """Nadia's time: she corrects it, the manager, and the lead where he sees the ticket."""
    if who is None or who in CLIENTS_SIDE or who in {"anna", "adam"}:
        return SIGN_IN if who is None else NO
    return IN if who in {"nadia", "maria"} or (who == "lev" and client == "north") else HIDDEN


def in_scope(people: set[str]) -> Rule:
    """For people of the desk; a ticket that is not his to see is not there."""

    def rule(who: str | None, client: str) -> str:
        if who is None or who not in people:
            return SIGN_IN if who is None else NO
        return IN if who in SEES[client] else HIDDEN

    return rule


def in_body(who: str | None, client: str) -> str:
    """The ticket is named in the body: one that is not his is unknown (422)."""
    if who is None or who not in SOLVERS:
        return SIGN_IN if who is None else NO
    return IN if who in SEES[client] else "unfit"


LINES_DOORS: dict[str, list[Door]] = {
    "api/v1/tickets/<number>/box": [api(in_scope(AGENTS), "GET")],
    "api/v1/tickets/<number>/box-extension": [api(ticket(SOLVERS), reason="ещё чуть")],
    "api/v1/tickets/<number>/return": [api(ticket(SOLVERS), why="есть статья")],
    "api/v1/tickets/<number>/invitations": [api(ticket(SOLVERS), person="nadia")],
    "api/v1/tickets/<number>/leaving": [api(ticket(SOLVERS))],
    "api/v1/timer": [
        api(only(SOLVERS), "GET"),
        api(only(SOLVERS), "DELETE"),
        api(in_body, ticket="{number}"),
    ],
    "api/v1/timer/beats": [api(in_body, ticket="{number}")],
    "api/v1/timer/gap": [api(only(SOLVERS), was="break")],
    "api/v1/touches": [api(only(SOLVERS), "GET")],
    "api/v1/touches/<int:number>/correction": [api(lambda who, client: _touch(who, client), reason="кофе")],
    "api/v1/boxes": [
        api(only(AGENTS), "GET"),
        api(only({"maria", "adam"}), "PUT", line=1, minutes=15, policy="remind"),
    ],
    "api/v1/boxes/straight-to/<category>": [api(only({"maria", "adam"}), "PUT", line=2)],
    "api/v1/boxes/over": [api(only({"lev", "maria", "adam"}), "GET")],
    "api/v1/boxes/figures": [api(only({"lev", "maria", "adam"}), "GET")],
    "desk/box/": [Door("GET", only({"lev", "maria", "adam"}))],
    "desk/box/tickets/": [Door("GET", only({"lev", "maria", "adam"}))],
    "desk/box/limits/": [
        Door("GET", only(AGENTS)),
        Door("POST", only({"maria", "adam"}), {"line": "1", "minutes": "15", "policy": "remind"}),
    ],
    "desk/tickets/<number>/box/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/box-extension/": [Door("POST", desk(SOLVERS), {"reason": "ещё чуть"})],
    "desk/tickets/<number>/return/": [Door("POST", desk(SOLVERS), {"why": "есть статья"})],
    "desk/tickets/<number>/invitations/": [Door("POST", desk(SOLVERS), {"person": "nadia"})],
    "desk/tickets/<number>/invitations/leaving/": [Door("POST", desk(SOLVERS), {"person": "nadia"})],
    "desk/timer/": [Door("GET", only(SOLVERS))],
    "desk/timer/start/": [Door("POST", desk(SOLVERS), {"ticket": "{number}"})],
    "desk/timer/stop/": [Door("POST", only(SOLVERS))],
    "desk/timer/beats/": [Door("POST", desk(SOLVERS), {"ticket": "{number}"})],
    "desk/timer/leaving/": [Door("POST", desk(SOLVERS), {"ticket": "{number}"})],
    "desk/timer/gap/": [Door("POST", only(SOLVERS), {"was": "break"})],
    "desk/timer/periods/<int:number>/": [Door("POST", lambda who, client: _touch(who, client), {"reason": "кофе"})],
}

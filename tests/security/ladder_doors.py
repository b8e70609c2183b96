"""The doors of telling superiors, as in doors.py. There is no ladder and no escalation."""

from __future__ import annotations

from tests.security.doors import AGENTS, HIDDEN, SIGN_IN, Door, api, desk, only, ticket
from tests.security.routing_doors import no_such_rule

SEES, EDITS = {"lev", "maria", "adam"}, {"maria", "adam"}
LADDER = {"name": "Руководство", "r0": "clock:resolution:75", "r0-tell": "manager", "r0-by": "mail", "wait": "15"}
RUNG = {"what": "clock", "mark": 75, "tell": ["manager"]}

LADDER_DOORS: dict[str, list[Door]] = {
    "told/<str:token>/": [Door("GET", lambda who, client: HIDDEN), Door("POST", lambda who, client: HIDDEN)],
    "desk/escalations/": [Door("GET", only(AGENTS))],
    "desk/tickets/<number>/escalations/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/escalations/<int:escalation>/acknowledgement/": [Door("POST", no_such_rule(set(AGENTS)))],
    "desk/ladders/": [Door("GET", only(SEES))],
    "desk/ladders/new/": [Door("GET", only(EDITS)), Door("POST", only(EDITS), LADDER)],
    "desk/ladders/<int:number>/": [Door("GET", no_such_rule(SEES))],
    "desk/ladders/<int:number>/position/": [Door("POST", no_such_rule(EDITS), {"to": "up"})],
    "desk/ladders/<int:number>/switch/": [Door("POST", no_such_rule(EDITS), {"on": "1"})],
    "desk/ladders/<int:number>/removal/": [Door("POST", no_such_rule(EDITS))],
    "api/v1/ladders": [api(only(SEES), "GET"), api(only(EDITS), name="x", rungs=[RUNG])],
    "api/v1/ladders/preview": [api(only(SEES), name="x", rungs=[RUNG])],
    "api/v1/ladders/<slug>": [
        api(no_such_rule(SEES), "GET"),
        api(no_such_rule(EDITS), "PATCH", name="x"),
        api(no_such_rule(EDITS), "DELETE"),
    ],
    "api/v1/ladders/<slug>/position": [api(no_such_rule(EDITS), to="up")],
    "api/v1/tickets/<number>/escalations": [api(ticket(AGENTS), "GET")],
    "api/v1/tickets/<number>/escalations/<int:escalation>/acknowledgement": [
        api(lambda who, client: SIGN_IN if who is None else HIDDEN)
    ],
}

"""The doors of telephony, as in doors.py: the hook takes nobody's session, only the exchange's signature."""

from __future__ import annotations

from tests.security.doors import Door, api
from tests.security.rules import AGENTS, SOLVERS, desk, only
from tests.security.sms_doors import nobody

PHONE_DOORS: dict[str, list[Door]] = {
    "api/v1/hooks/phone/<slug:account>": [
        Door("POST", nobody, {"id": "1", "event": "missed", "from": "+79215550142", "to": "1"}, json=True)
    ],
    "desk/channels/phone/new/": [Door("GET", only({"adam"})), Door("POST", only({"adam"}), {"slug": "other"})],
    "desk/channels/phone/<slug:slug>/": [Door("GET", only({"adam"})), Door("POST", only({"adam"}), {"slug": "main"})],
    "desk/calls/": [Door("GET", only(SOLVERS))],
    "desk/calls/now/": [Door("GET", only(AGENTS))],
    "desk/calls/<int:number>/ticket/": [Door("POST", desk(SOLVERS), {"ticket": ""})],
    "api/v1/calls": [api(only(SOLVERS), "GET")],
    "api/v1/calls/<int:number>/ticket": [api(desk(SOLVERS), ticket=None)],
}

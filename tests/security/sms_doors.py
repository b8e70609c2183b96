"""The doors of text messages, as in doors.py: the hook takes nobody's session, only the gateway's signature."""

from __future__ import annotations

from tests.security.doors import Door
from tests.security.rules import SIGN_IN, Rule, only

nobody: Rule = lambda who, client: SIGN_IN  # noqa: E731 - one rule, for one door


SMS_DOORS: dict[str, list[Door]] = {
    "api/v1/hooks/sms/<slug:account>": [
        Door("POST", nobody, {"id": "1", "from": "+79215550142", "text": "Не печатает"}, json=True)
    ],
    "desk/channels/sms/new/": [Door("GET", only({"adam"})), Door("POST", only({"adam"}), {"slug": "other"})],
    "desk/channels/sms/<slug:slug>/": [Door("GET", only({"adam"})), Door("POST", only({"adam"}), {"slug": "main"})],
    "desk/channels/sms/<slug:slug>/trial/": [Door("POST", only({"adam"}), {"to": "+79215550142"})],
}

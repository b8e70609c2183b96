"""The doors of telling superiors, as in doors.py."""

from __future__ import annotations

from tests.security.doors import HIDDEN, Door

LADDER_DOORS: dict[str, list[Door]] = {
    "told/<str:token>/": [Door("GET", lambda who, client: HIDDEN), Door("POST", lambda who, client: HIDDEN)],
}

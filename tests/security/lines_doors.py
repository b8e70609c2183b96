"""The addresses of the lines' work: timer, box, hand-over, swarm."""

from __future__ import annotations

from tests.security.doors import Door
from tests.security.rules import AGENTS, CLIENTS_SIDE, HIDDEN, IN, NO, SIGN_IN, SOLVERS, desk, only


def _touch(who: str | None, client: str) -> str:
    """Nadia's time: she corrects it, the manager, and the lead where he sees the ticket."""
    if who is None or who in CLIENTS_SIDE or who in {"anna", "adam"}:
        return SIGN_IN if who is None else NO
    return IN if who in {"nadia", "maria"} or (who == "lev" and client == "north") else HIDDEN


LINES_DOORS: dict[str, list[Door]] = {
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

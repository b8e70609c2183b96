"""The doors of the roster and of reinforcement, as in doors.py. The person behind them is Olga, the team is line 2 (on
which Emil works), the lead is Lev of line 3: neither is his."""

from __future__ import annotations

from tests.security.doors import AGENTS, HIDDEN, NO, SIGN_IN, TOMORROW, Door, Rule, api, only
from tests.security.rules import IN

DAY = TOMORROW[:10]
CALLS = {"maria"}
OWN = {"olga", "maria"}
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n" \
    "DTSTART;VALUE=DATE:20990101\r\nDTEND;VALUE=DATE:20990105\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"  # fmt: skip
LAYER = {"position": "1", "people": ["emil"], "begins_on": DAY, "changes_at": "09:00", "length": "7"}


def _swap(step: str) -> Rule:
    """Olga asked Emil: to the others it is not there; the lead of another team and the manager wait for approval."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who not in AGENTS:
            return NO
        if who not in {"olga", "emil", "maria"}:
            return HIDDEN
        return IN if who == "olga" and step == "withdrawal" else NO

    return rule


def _asked(who: str | None, client: str) -> str:
    """Petra was asked: to everybody else there is no such call."""
    if who is None:
        return SIGN_IN
    return IN if who == "petra" else HIDDEN


ROSTER_DOORS: dict[str, list[Door]] = {
    "come/<str:token>/": [Door("GET", lambda who, client: HIDDEN)],
    "roster/<str:token>.ics": [Door("GET", lambda who, client: HIDDEN)],
    "desk/roster/": [Door("GET", only(AGENTS))],
    "desk/roster/people/<str:login>/": [Door("GET", only(AGENTS))],
    "desk/roster/people/<str:login>/shifts/": [
        Door("POST", only(CALLS), {"begins_on": DAY, "length": "7", "day-0": "09:00-18:00"})
    ],
    "desk/roster/people/<str:login>/days/": [Door("POST", only(CALLS), {"day": DAY, "hours": "10:00-14:00"})],
    "desk/roster/people/<str:login>/absences/": [Door("POST", only(OWN), {"why": "holiday", "from": DAY})],
    "desk/roster/people/<str:login>/absences/file/": [Door("POST", only(OWN), {"text": CALENDAR})],
    "desk/roster/people/<str:login>/skills/": [Door("POST", only(CALLS), {"speaks": "bg"})],
    "desk/roster/shifts/<slug:slug>/end/": [Door("POST", only(CALLS), {"on": DAY})],
    "desk/roster/absences/<int:number>/return/": [Door("POST", only(OWN))],
    "desk/roster/swaps/": [
        Door("POST", lambda who, client: "unfit" if who == "adam" else only(AGENTS)(who, client),
             {"asked": "adam", "gives_on": DAY})
    ],
    "desk/roster/swaps/<int:number>/<swap:step>/": [Door("POST", _swap("withdrawal"))],
    "desk/roster/teams/<slug:slug>/": [Door("GET", only(AGENTS))],
    "desk/roster/teams/<slug:slug>/shifts/": [
        Door("POST", only(CALLS), {"begins_on": DAY, "length": "7", "day-0": "09:00-18:00"})
    ],
    "desk/roster/teams/<slug:slug>/layers/": [Door("POST", only(CALLS), LAYER)],
    "desk/roster/teams/<slug:slug>/cover/": [Door("POST", only(CALLS), {"week-0": "09:00-18:00", "least": "1"})],
    "desk/roster/layers/<slug:slug>/removal/": [Door("POST", only(CALLS))],
    "desk/roster/layers/<slug:slug>/stand-ins/": [
        Door("POST", only(CALLS), {"person": "emil", "starts_at": f"{DAY}T10:00", "ends_at": f"{DAY}T12:00"})
    ],
    "desk/reinforcement/": [
        Door("GET", only(CALLS)),
        Door("POST", only(CALLS), {
            "reason": "Ночь", "people": "nadia", "ends_at": f"{DAY}T23:00", "role": "engineer", "clients": "all",
            "lines": "1",
        }),
    ],
    "desk/reinforcement/reserve/": [Door("POST", only(CALLS), {"person": "petra", "on": "1"})],
    "desk/reinforcement/<int:number>/": [Door("GET", only(CALLS))],
    "desk/reinforcement/<int:number>/people/": [Door("POST", only(CALLS), {"people": "nadia"})],
    "desk/reinforcement/<int:number>/end/": [Door("POST", only(CALLS))],
    "api/v1/roster": [api(only(AGENTS), "GET")],
    "api/v1/roster/here": [api(only(AGENTS), "GET")],
    "api/v1/roster/shifts": [
        api(only(AGENTS), "GET"),
        api(only(CALLS), person="olga", begins_on=DAY, days=[[0, "09:00", "18:00"]]),
    ],
    "api/v1/roster/shifts/<slug>/end": [api(only(CALLS), on=DAY)],
    "api/v1/roster/days": [api(only(CALLS), person="olga", day=DAY, spans=[])],
    "api/v1/roster/absences": [api(only(OWN), person="olga", starts_at=f"{DAY}T10:00:00+00:00")],
    "api/v1/roster/absences/<int:number>/return": [api(only(OWN))],
    "api/v1/roster/swaps": [
        api(only(AGENTS), "GET"),
        api(lambda who, client: "unfit" if who == "adam" else only(AGENTS)(who, client), asked="adam", gives_on=DAY),
    ],
    "api/v1/roster/swaps/<int:number>/<step>": [api(_swap("withdrawal"))],
    "api/v1/roster/people/<login>/skills": [
        api(only(AGENTS), "GET"),
        api(only(CALLS), "PUT", speaks=["bg"]),
    ],
    "api/v1/roster/teams/<slug>/on-call": [api(only(AGENTS), "GET")],
    "api/v1/roster/teams/<slug>/layers": [api(only(CALLS), people=["emil"], begins_on=DAY)],
    "api/v1/roster/teams/<slug>/cover": [api(only(CALLS), "PUT", hours=[[0, "09:00", "18:00"]])],
    "api/v1/roster/layers/<slug>": [api(only(CALLS), "DELETE")],
    "api/v1/roster/layers/<slug>/stand-ins": [
        api(only(CALLS), person="emil", starts_at=f"{DAY}T10:00:00+00:00", ends_at=f"{DAY}T12:00:00+00:00")
    ],
    "api/v1/reinforcement": [
        api(only(CALLS), "GET"),
        api(only(CALLS), reason="Ночь", people=["nadia"], clients="all", ends_at=f"{DAY}T23:00:00+00:00"),
    ],
    "api/v1/reinforcement/reserve": [api(only(CALLS), person="petra")],
    "api/v1/reinforcement/<int:number>": [api(only(CALLS), "GET")],
    "api/v1/reinforcement/<int:number>/people": [api(only(CALLS), people=["nadia"])],
    "api/v1/reinforcement/<int:number>/end": [api(only(CALLS))],
    "api/v1/reinforcement/<int:number>/answer": [api(_asked, accepts=True)],
}  # fmt: skip

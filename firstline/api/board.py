"""The live board: the numbers of the page, for the same people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.lib import clock
from firstline.people.permissions import demand
from firstline.reports import board
from firstline.reports.board import AtWork, OfLine, Waiting

router = Router(tags=["Board"])


@router.get("", response={200: schemas.Board, **FOR_READING}, summary="Read the board")
def read(request: HttpRequest) -> HttpResponse:
    """Of all lines for the manager and the administrator, of his own for a lead. `GET /tickets` with `view=open`,
    `view=unassigned`, `due=overdue`, `due=60` (soon), `due=240` (ahead) or `lately=handed_over`, and `line`, lists the
    tickets of each number. `came` and `left`: in this hour and in the one before. `waiting`: what rules should give
    to somebody, and cannot. What is odd about rules and ladders is `odd` of `/routing/rules` and `/ladders`."""
    person = caller(request).person
    demand(person, "board")
    shown = board.of(person, clock.now())
    return answering.plain(
        {
            "at": shown.at,
            "numbers": {name: shown.total(name) for name in board.ASKED},
            "before": shown.before or None,
            "lines": [_line(one) for one in shown.lines],
            "people": [_person(one) for one in shown.people],
            "breaches": [
                {"ticket": str(row["id"]), "subject": row["subject"], "priority": row["priority"], "line": row["line"],
                 "assignee": row["assignee__login"], "due_at": row["queue_at"]}
                for row in shown.to_come
            ],
            "hand_overs": [
                {"ticket": str(one.event.ticket_id), "at": one.event.happened_at,
                 "by": one.event.by.login if one.event.by else None, "from_line": one.event.data.get("from_line"),
                 "to_line": one.event.data.get("to_line"),
                 "reason": one.event.data.get("reason") or one.event.data.get("why", ""),
                 "came_back": one.came_back}
                for one in shown.handed
            ],
            "waiting": [
                {"line": one.line, "team": one.team.slug if one.team else None, "why": one.why, "tickets": one.tickets,
                 "since": one.since}
                for one in shown.waiting
            ],
            "hours": [{"hour": hour, "came": came, "left": left} for hour, came, left in shown.hours],
        }
    )  # fmt: skip


def _line(one: OfLine) -> dict[str, Any]:
    return {
        "line": one.line,
        "numbers": one.numbers,
        "oldest": _waiting(one.oldest),
        "unanswered": _waiting(one.unanswered),
        "came": [one.came, one.came_before],
        "left": [one.left, one.left_before],
    }


def _waiting(one: Waiting | None) -> dict[str, Any] | None:
    return {"ticket": str(one.ticket), "since": one.since} if one else None


def _person(one: AtWork) -> dict[str, Any]:
    return {
        "login": one.person.login,
        "name": one.person.name,
        "line": one.person.line,
        "open": one.load,
        "ticket": str(one.ticket) if one.ticket else None,
        "deed": one.deed or None,
        "since": one.since,
        "here": one.is_here,
    }

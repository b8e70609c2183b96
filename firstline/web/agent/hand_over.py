"""Handing over: the card is filled in already, so that nobody asks the client twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.lib import clock
from firstline.lines import box_watch
from firstline.lines import card as card_of
from firstline.people.models import Person, Team
from firstline.tickets import handover, queries
from firstline.tickets.handover import Reason
from firstline.tickets.models import Level, Ticket
from firstline.web.agent import people_to_choose, said
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM, sheet
from firstline.web.asked import go, seen_version

LINES = (1, 2, 3)


@FORM
@desk
def hand_over(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/hand-over/ to_line, team, symptom, tried, articles, impact, reason"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "hand-over", card(person, ticket))
    sent = request.POST
    to, team = people_to_choose.given(sent.get("to", ""), sent.get("team", ""))
    line = str(to.line) if to is not None else sent.get("to_line", "")
    made = handover.hand_over(
        ticket, to_line=int(line) if line in {"1", "2", "3"} else 0, to=to,
        symptom=sent.get("symptom", ""), tried=sent.get("tried", ""), impact=sent.get("impact", ""),
        reason=sent.get("reason", ""), articles=sent.getlist("articles"), team=team,
        by=person, at=clock.now(), seen=seen_version(request),
    )  # fmt: skip
    said.keep_one(request, "hand-over", ticket, made)
    return go(request, address(ticket))


def card(person: Person, ticket: Ticket) -> dict[str, Any]:
    """The card as `lines.card` fills it in, and to whom it can go: two clicks hand it over."""
    at = clock.now()
    state = box_watch.read(ticket, at, person=person).state
    filled = card_of.of(person, ticket, state=state, at=at)
    up = min(3, ticket.line + 1)
    people = [one for one in people_to_choose.free(ticket, at) if one.person.line != ticket.line]
    return {
        "symptom": filled.symptom,
        "tried": filled.tried,
        "articles": filled.articles,
        "reason": filled.reason,
        "lines": [
            (line, line == (up if up != ticket.line else ticket.line - 1)) for line in LINES if line != ticket.line
        ],
        "teams": list(Team.objects.exclude(line=ticket.line)),
        "people": sorted(people, key=lambda one: abs((one.person.line or 0) - up)),
        "reasons": Reason.choices,
        "levels": Level.choices,
    }

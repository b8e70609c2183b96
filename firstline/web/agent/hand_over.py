"""Handing over: the card is filled in already, so that nobody asks the client twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.knowledge import suggest
from firstline.lib import clock
from firstline.people.models import Person, Team
from firstline.tickets import handover, queries
from firstline.tickets.handover import Reason
from firstline.tickets.models import Level, Message, Ticket
from firstline.web.agent import people_to_choose
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM, sheet, words_about
from firstline.web.asked import go, seen_version

LONGEST_PREFILL = 2000
LINES = (1, 2, 3)


@FORM
@desk
def hand_over(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/hand-over/ to_line, team, symptom, tried, articles, impact, reason"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "hand-over", card(person, ticket))
    sent = request.POST
    _nobody, team = people_to_choose.given("", sent.get("team", ""))
    handover.hand_over(
        ticket, to_line=int(sent["to_line"]) if sent.get("to_line") in {"1", "2", "3"} else 0,
        symptom=sent.get("symptom", ""), tried=sent.get("tried", ""), impact=sent.get("impact", ""),
        reason=sent.get("reason", ""), articles=sent.getlist("articles"), team=team,
        by=person, at=clock.now(), seen=seen_version(request),
    )  # fmt: skip
    return go(request, address(ticket))


def card(person: Person, ticket: Ticket) -> dict[str, Any]:
    """What is known already: the symptom from the first message, what was tried from the internal notes."""
    first = Message.objects.filter(ticket=ticket, by_agent=False).order_by("id").first()
    notes = Message.objects.filter(ticket=ticket, by_agent=True, public=False).order_by("id")
    tried = "\n\n".join(text.strip() for text in notes.values_list("text", flat=True) if text.strip())
    up = min(3, ticket.line + 1)
    return {
        "symptom": (first.reply_text or first.text if first else ticket.subject)[:LONGEST_PREFILL],
        "tried": tried[-LONGEST_PREFILL:],
        "articles": suggest.for_text(person, words_about(ticket)),
        "lines": [
            (line, line == (up if up != ticket.line else ticket.line - 1)) for line in LINES if line != ticket.line
        ],
        "teams": list(Team.objects.exclude(line=ticket.line)),
        "reasons": Reason.choices,
        "levels": Level.choices,
    }

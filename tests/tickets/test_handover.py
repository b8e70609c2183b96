"""Handing over: the card goes along, nobody asks twice, who handed over stays in charge of the contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from firstline.tickets import handover, lifecycle
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.MONDAY_NINE + timedelta(minutes=20)
CARD: dict[str, Any] = {
    "symptom": "не печатает",
    "tried": "перезапуск службы",
    "impact": "high",
    "reason": "too_complex",
}


def test_the_ticket_is_nobodys_on_the_other_line_with_the_card_in_its_history() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=cast.MONDAY_NINE)
    ticket = handover.hand_over(ticket, to_line=2, by=stage.olga, at=LATER, articles=["printer-offline"], **CARD)
    assert (ticket.status, ticket.line, ticket.team, ticket.assignee) == ("in_progress", 2, stage.line2, None)
    assert ticket.contact_owner == stage.olga
    event = ticket.events.latest("pk")
    assert not event.public, "the client learns that an engineer joined, not why"
    assert {key: event.data[key] for key in CARD} == CARD
    assert event.data["articles"] == ["printer-offline"]


def test_down_as_well_as_up() -> None:
    stage = cast.stage()
    ticket = handover.hand_over(cast.ticket(stage), to_line=3, by=stage.olga, at=LATER, **CARD)
    ticket = handover.hand_over(ticket, to_line=1, by=stage.lev, at=LATER, **CARD)
    assert (ticket.line, ticket.team, ticket.contact_owner) == (1, stage.line1, stage.lev)


@pytest.mark.parametrize(
    ("field", "value"),
    [("to_line", 4), ("to_line", 1), ("reason", "because"), ("symptom", " "), ("tried", ""), ("impact", "huge")],
)
def test_a_card_that_says_nothing_is_refused(field: str, value: Any) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    with pytest.raises(WrongValue) as refused:
        handover.hand_over(ticket, by=stage.olga, at=LATER, **{"to_line": 2, **CARD, field: value})
    assert refused.value.field == field

"""Giving a ticket to somebody: within one's line; across lines it is handed over, with the card."""

from __future__ import annotations

import pytest

from firstline.people.permissions import NotAllowed
from firstline.tickets import assignment, conversation
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


def test_an_operator_gives_a_ticket_to_a_colleague_of_his_line() -> None:
    stage = cast.stage()
    ticket = assignment.assign(cast.ticket(stage), assignee=stage.nadia, by=stage.olga, at=NINE)
    assert (ticket.status, ticket.assignee, ticket.line, ticket.team) == ("new", stage.nadia, 1, stage.line1)


@pytest.mark.parametrize("target", ["emil", "line2"])
def test_an_operator_does_not_send_it_to_another_line_without_the_card(target: str) -> None:
    stage = cast.stage()
    to = {"assignee": stage.emil} if target == "emil" else {"team": stage.line2}
    with pytest.raises(NotAllowed):
        assignment.assign(cast.ticket(stage), by=stage.olga, at=NINE, **to)


@pytest.mark.parametrize("login", ["lev", "maria", "adam"])
def test_the_lead_and_those_above_move_it_between_lines(login: str) -> None:
    stage = cast.stage()
    ticket = assignment.assign(cast.ticket(stage), assignee=stage.emil, by=getattr(stage, login), at=NINE)
    assert (ticket.assignee, ticket.line, ticket.team) == (stage.emil, 2, stage.line2)


def test_to_oneself_is_taking_it_where_it_stands() -> None:
    stage = cast.stage()
    ticket = assignment.assign(cast.ticket(stage), assignee=stage.emil, by=stage.emil, at=NINE)
    assert (ticket.assignee, ticket.line) == (stage.emil, 1)


def test_nobody_gets_a_ticket_that_he_does_not_see() -> None:
    stage = cast.stage()
    with pytest.raises(WrongValue):
        assignment.assign(cast.ticket(stage), assignee=stage.petra, by=stage.maria, at=NINE)


def test_who_does_not_solve_may_leave_a_note_and_not_answer() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    for person in (stage.anna, stage.adam):
        conversation.note(ticket, Words(text="договор продлён"), by=person, at=NINE)
        with pytest.raises(NotAllowed):
            conversation.answer(ticket, Words(text="Здравствуйте"), by=person, at=NINE)

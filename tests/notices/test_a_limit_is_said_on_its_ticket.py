"""Where a limit holds automatic mail back, the ticket says so once an hour, and nobody is written to about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from firstline.notices import alarms, wording
from firstline.post import limits, outbox
from firstline.post.models import Delivery
from firstline.tickets.models import Kind, Ticket
from tests import cast
from tests.cast import MONDAY_NINE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ticket() -> Ticket:
    return cast.ticket(cast.stage())


def put(ticket: Ticket, count: int, at: Any) -> None:
    for _number in range(count):
        outbox.put(kind="reminder", to="robot@north.example", language="ru", data={}, at=at, ticket=ticket.pk)


def sent(at: Any) -> None:
    while outbox.send_due(wording.render, at, alarm=alarms.undelivered, paused=alarms.paused):
        pass


def test_the_ticket_says_it_once_an_hour_and_nobody_is_told(ticket: Ticket) -> None:
    put(ticket, limits.MOST_ABOUT_ONE_TICKET + 3, MONDAY_NINE)
    before = Delivery.objects.count()
    sent(MONDAY_NINE)
    said = ticket.events.get(kind=Kind.ANSWERS_PAUSED)
    assert said.data["address"] == "robot@north.example"
    assert said.data["limit"] == limits.MOST_ABOUT_ONE_TICKET
    assert not said.public
    assert Delivery.objects.count() == before
    later = MONDAY_NINE + timedelta(minutes=59)
    put(ticket, 1, later)
    sent(later)
    assert ticket.events.filter(kind=Kind.ANSWERS_PAUSED).count() == 1


def test_below_the_limit_nothing_is_said(ticket: Ticket) -> None:
    put(ticket, limits.MOST_ABOUT_ONE_TICKET - 1, MONDAY_NINE)
    sent(MONDAY_NINE)
    assert not ticket.events.filter(kind=Kind.ANSWERS_PAUSED).exists()

"""A calendar that is edited holds from that day: what is not judged yet is read again, what was judged stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.imports.stage_hours import put_calendar
from firstline.sla import breaches, clocks, replay
from firstline.sla.models import Clock
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
HALF_PAST_FIVE = cast.MONDAY_NINE + timedelta(hours=8, minutes=30)  # half an hour before closing time
TUESDAY = cast.MONDAY_NINE + timedelta(days=1)
SHORT_TUESDAY = {
    "slug": "weekdays", "name": "8×5", "time_zone": "Europe/Moscow",
    "weekly": {**cast.WEEKDAYS, "tue": [["10:00", "12:00"]]},
}  # fmt: skip


def edited(at: object) -> None:
    assert put_calendar(dict(SHORT_TUESDAY), "calendar[0]", at) == "changed"  # type: ignore[arg-type]
    while breaches.record_due(at=at):  # type: ignore[arg-type]
        pass


def promised(ticket: Ticket, metric: str) -> Clock:
    return ticket.clocks.get(metric=metric)


def test_open_tickets_are_due_by_the_new_hours_at_once_and_stand_there_in_the_queue() -> None:
    ticket = cast.ticket(cast.stage(), at=HALF_PAST_FIVE)
    assert promised(ticket, "first_response").due_at == TUESDAY + timedelta(minutes=30)
    edited(HALF_PAST_FIVE + timedelta(minutes=1))
    assert promised(ticket, "first_response").due_at == TUESDAY + timedelta(minutes=90)
    ticket.refresh_from_db()
    assert ticket.due_at == ticket.queue_at == TUESDAY + timedelta(minutes=90)
    assert list(replay.differences(ticket)) == []


def test_a_clock_that_stands_still_goes_on_by_the_new_hours() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage, at=HALF_PAST_FIVE), by=stage.olga, at=HALF_PAST_FIVE)
    ticket = lifecycle.wait(ticket, on="client", reason="Модель?", by=stage.olga, at=HALF_PAST_FIVE)
    edited(HALF_PAST_FIVE + timedelta(minutes=1))
    assert promised(ticket, "resolution").due_at is None
    ticket.refresh_from_db()
    assert list(replay.differences(ticket)) == []


def test_what_was_judged_stays() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    conversation.answer(ticket, Words(text="Смотрю."), by=stage.olga, at=cast.MONDAY_NINE + timedelta(minutes=10))
    before = clocks.shape(promised(ticket, "first_response"), HALF_PAST_FIVE)
    edited(HALF_PAST_FIVE)
    assert clocks.shape(promised(ticket, "first_response"), HALF_PAST_FIVE) == before
    ticket.refresh_from_db()
    assert list(replay.differences(ticket)) == []

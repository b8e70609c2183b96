"""A calendar that is edited holds from that day: what is not judged yet is read again, what was judged stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.calendars.models import CalendarVersion
from firstline.imports.stage_hours import put_calendar
from firstline.sla import breaches, clocks, replay
from firstline.sla.models import Clock
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
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


def test_what_was_judged_before_the_edit_stays_through_all_that_follows() -> None:
    stage = cast.stage()
    answered, late = cast.ticket(stage), cast.ticket(stage)
    conversation.answer(answered, Words(text="Смотрю."), by=stage.olga, at=NINE + timedelta(minutes=30))
    while breaches.record_due(at=NINE + timedelta(minutes=70)):
        pass
    kept = {(clock.ticket_id, clock.metric): (clock.state, clock.due_at, clock.verdict_at) for clock in judged()}
    assert {state for state, _, _ in kept.values()} == {"met", "breached"}
    # The same day is edited at 10:30: it now begins at noon, by which nothing would have been late or even begun.
    edit = NINE + timedelta(minutes=90)
    noon = {"mon": [["12:00", "18:00"]]}
    CalendarVersion.objects.create(
        calendar=stage.calendar,
        number=2,
        valid_from=NINE.date(),
        time_zone="Europe/Moscow",
        weekly=noon,
        created_at=edit,
    )
    clocks.read_again("weekdays", at=edit)
    for ticket in (answered, late):
        conversation.answer(ticket, Words(text="Ещё раз."), by=stage.olga, at=edit + timedelta(minutes=5))
        while breaches.record_due(at=edit + timedelta(minutes=6)):
            pass
        ticket.refresh_from_db()
        assert list(replay.differences(ticket)) == []
    now = {(clock.ticket_id, clock.metric): (clock.state, clock.due_at, clock.verdict_at) for clock in judged()}
    assert {key: now[key] for key in kept} == kept


def test_a_solved_ticket_that_is_reopened_runs_by_the_hours_of_today() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=NINE)
    lifecycle.resolve(ticket, how="готово", remote=True, by=stage.olga, at=NINE + timedelta(minutes=30))
    edit = NINE + timedelta(minutes=60)
    short = {"mon": [["09:00", "11:00"]], "tue": [["09:00", "18:00"]]}
    CalendarVersion.objects.create(
        calendar=stage.calendar,
        number=2,
        valid_from=NINE.date(),
        time_zone="Europe/Moscow",
        weekly=short,
        created_at=edit,
    )
    lifecycle.reopen(ticket, why="снова", by=stage.ivan, at=NINE + timedelta(minutes=90))
    row = ticket.clocks.get(metric="resolution")
    assert (row.state, row.consumed_seconds) == ("running", 30 * 60)
    assert clocks.consumed_minutes(row, NINE + timedelta(hours=8)) == 60, (
        "30 before, 30 until eleven, then it is closed"
    )
    ticket.refresh_from_db()
    assert list(replay.differences(ticket)) == []


def judged() -> list[Clock]:
    return list(Clock.objects.filter(metric="first_response", state__in=("met", "breached")))

"""The rows of the clocks follow the ticket's history, and only the recorder writes a breach down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firstline.contracts.terms import FAR_AHEAD
from firstline.people.models import Client
from firstline.sla import breaches, clocks, replay
from firstline.sla.facts import Fact
from firstline.tickets import conversation, handover, lifecycle, properties
from firstline.tickets.models import Channel, Event, Kind, Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def clock(ticket: Ticket, metric: str) -> object:
    return ticket.clocks.get(metric=metric)


def test_a_new_ticket_runs_both_clocks_and_stands_in_the_queue_by_the_first() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    rows = {row.metric: row for row in clocks.of(ticket)}
    assert {metric: (row.state, row.due_at) for metric, row in rows.items()} == {
        "first_response": ("running", NINE + minutes(60)),
        "resolution": ("running", NINE + minutes(7 * 60 + 9 * 60 + 15 * 60)),
    }
    ticket.refresh_from_db()
    assert ticket.due_at == ticket.queue_at == NINE + minutes(60)


def test_an_answer_meets_the_response_clock_and_a_note_does_not() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    conversation.note(ticket, Words(text="знакомая беда"), by=stage.olga, at=NINE + minutes(5))
    assert clock(ticket, "first_response").state == "running"
    conversation.answer(ticket, Words(text="Смотрю."), by=stage.olga, at=NINE + minutes(10))
    row = clock(ticket, "first_response")
    assert (row.state, row.verdict_at, row.consumed_seconds) == ("met", NINE + minutes(10), 600)
    ticket.refresh_from_db()
    assert ticket.queue_at == clock(ticket, "resolution").due_at


def test_waiting_for_the_client_pauses_only_the_resolution_clock() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=NINE)
    lifecycle.wait(ticket, on="client", reason="Какой принтер?", by=stage.olga, at=NINE + minutes(30))
    assert clock(ticket, "resolution").state == "paused"
    assert clock(ticket, "resolution").due_at is None
    assert clock(ticket, "first_response").state == "running"
    conversation.reply(ticket, Words(text="Второй"), by=stage.ivan, at=NINE + minutes(90), channel=Channel.EMAIL)
    assert clock(ticket, "resolution").state == "running"
    assert clocks.consumed_minutes(clock(ticket, "resolution"), NINE + minutes(100)) == 40


def test_a_ticket_without_a_contract_has_no_clock_and_stands_last() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage, requester=stage.eve)
    ticket.refresh_from_db()
    assert clocks.of(ticket) == []
    assert ticket.queue_at == FAR_AHEAD


def test_warning_and_breach_are_recorded_once_each() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    for late in (48, 49, 60, 60.1, 61, 62):
        while breaches.record_due(at=NINE + minutes(late)):
            pass
    kinds = [event.kind for event in ticket.events.all()]
    assert kinds == [Kind.CREATED, Kind.SLA_WARNING, Kind.SLA_BREACH]
    breach = ticket.events.get(kind=Kind.SLA_BREACH)
    assert (breach.happened_at, breach.learnt_at) == (NINE + minutes(60), NINE + minutes(60.1))
    row = clock(ticket, "first_response")
    assert (row.state, row.verdict_at, row.is_over) == ("breached", NINE + minutes(60), False)
    ticket.refresh_from_db()
    assert ticket.due_at == NINE + minutes(60), "an answer is still owed: it stays on top"


def test_a_breach_waits_for_what_was_acknowledged_before_the_deadline() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    late = NINE + minutes(61)
    breaches.record_due(at=late, understood_until=NINE + minutes(59))
    assert not ticket.events.filter(kind=Kind.SLA_BREACH).exists()
    breaches.record_due(at=late + minutes(1), understood_until=NINE + minutes(60.5))
    assert ticket.events.filter(kind=Kind.SLA_BREACH).count() == 1


def test_a_fact_learnt_late_excuses_a_breach_and_never_erases_it() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    while breaches.record_due(at=NINE + minutes(70)):
        pass
    conversation.answer(
        ticket,
        Words(text="Смотрю."),
        by=stage.olga,
        at=NINE + minutes(20),
        learnt_at=NINE + minutes(90),
        channel=Channel.EMAIL,
    )
    row = clock(ticket, "first_response")
    assert (row.state, row.verdict_at) == ("breached", NINE + minutes(60))
    assert row.excused["reason"] == "learnt late"
    assert ticket.events.filter(kind=Kind.SLA_EXCUSED).count() == 1


def test_another_priority_brings_its_target_from_the_original_start() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    properties.change(ticket, by=stage.maria, at=NINE + minutes(10), priority=1)
    assert clock(ticket, "first_response").target_minutes == 15
    assert clock(ticket, "first_response").due_at == NINE + minutes(15)


def test_another_client_brings_its_contract() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage, requester=stage.eve)
    properties.change(ticket, by=stage.maria, at=NINE + minutes(10), client=Client.objects.get(slug="north"))
    assert clock(ticket, "first_response").due_at == NINE + minutes(60)
    assert ticket.events.get(kind=Kind.CHANGED).data["changed"]["contract"]["to"] == stage.version.pk


def test_reopening_goes_on_without_the_time_while_solved() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=NINE)
    lifecycle.resolve(ticket, how="Заменили картридж", remote=False, by=stage.olga, at=NINE + minutes(60))
    assert clock(ticket, "resolution").state == "met"
    lifecycle.reopen(ticket, why="Снова не печатает", by=stage.ivan, at=NINE + minutes(180))
    row = clock(ticket, "resolution")
    assert row.state == "running"
    assert clocks.consumed_minutes(row, NINE + minutes(190)) == 70


def test_the_rows_are_what_the_history_says_after_every_verb() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    steps = [
        lambda: lifecycle.take(ticket, by=stage.olga, at=NINE + minutes(3)),
        lambda: lifecycle.hold(ticket, until=NINE + minutes(50), reason="окно", by=stage.olga, at=NINE + minutes(9)),
        lambda: lifecycle.resume(ticket, by=None, at=NINE + minutes(50)),
        lambda: breaches.record_due(at=NINE + minutes(65)),
        lambda: breaches.record_due(at=NINE + minutes(65)),
        lambda: handover.hand_over(
            ticket, to_line=2, symptom="не печатает", tried="драйвер", impact="low", reason="too_complex",
            by=stage.olga, at=NINE + minutes(70),
        ),
        lambda: conversation.answer(ticket, Words(text="Чиню"), by=stage.emil, at=NINE + minutes(80)),
        lambda: lifecycle.resolve(ticket, how="прошивка", remote=True, by=stage.emil, at=NINE + minutes(90)),
        lambda: lifecycle.confirm(ticket, by=stage.ivan, at=NINE + minutes(95)),
    ]  # fmt: skip
    for step in steps:
        step()
        ticket.refresh_from_db()
        assert list(replay.differences(ticket)) == []


def test_the_start_is_the_durable_acceptance_and_closing_time_stays() -> None:
    stage = cast.stage()
    friday_17 = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
    ticket = cast.ticket(stage, at=friday_17, learnt_at=friday_17 + minutes(7))
    assert clock(ticket, "first_response").due_at == friday_17 + minutes(60), "18:00, not Monday"


def test_a_clock_that_cannot_be_read_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = cast.stage()
    broken, sound = cast.ticket(stage), cast.ticket(stage)
    whole = clocks.fact_of

    def fact_of(event: Event, ticket: Ticket) -> Fact:
        if ticket.pk == broken.pk:
            raise ValueError("broken")
        return whole(event, ticket)

    monkeypatch.setattr(clocks, "fact_of", fact_of)
    breaches.record_due(at=NINE + minutes(70))
    assert sound.events.filter(kind=Kind.SLA_BREACH).count() == 1
    assert not broken.events.filter(kind=Kind.SLA_BREACH).exists()


def test_an_answer_in_time_that_waited_for_the_recorder_excuses_the_breach() -> None:
    """Both wanted the ticket at its last moment; the recorder was given it first."""
    stage = cast.stage()
    ticket = cast.ticket(stage)
    while breaches.record_due(at=NINE + minutes(60) + timedelta(milliseconds=1)):
        pass
    conversation.answer(ticket, Words(text="Смотрю."), by=stage.olga, at=NINE + minutes(60) - timedelta(seconds=1))
    row = clock(ticket, "first_response")
    assert row.state == "breached"
    assert row.excused["reason"] == "learnt late"
    ticket.refresh_from_db()
    assert list(replay.differences(ticket)) == []

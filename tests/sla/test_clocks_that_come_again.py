"""The rows of the clocks that come again and again: the newest in view, what was judged before kept."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.contracts.models import Target
from firstline.sla import breaches, clocks, replay
from firstline.sla.models import Clock
from firstline.tickets import conversation, lifecycle, progress
from firstline.tickets.models import Channel, Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.worklog import entries
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
EVERY = {"acknowledge": 30, "next_response": 60, "update": 120, "on_site": 240, "workaround": 120}


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def stage() -> SimpleNamespace:
    stage = cast.stage()
    for metric, length in EVERY.items():
        Target.objects.create(version=stage.version, metric=metric, minutes=length)
    return stage


def rows(ticket: Ticket, metric: str) -> list[tuple[str, bool]]:
    found = Clock.objects.filter(ticket=ticket, metric=metric).order_by("started_at")
    return [(row.state, row.is_past) for row in found]


def test_a_conversation_leaves_one_row_a_question_and_replay_agrees(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    for start, late in ((60, 0), (110, 90), (420, 0)):
        conversation.answer(ticket, Words(text="Смотрю"), by=stage.olga, at=NINE + minutes(start - 5))
        conversation.reply(
            ticket, Words(text="Ну что?"), by=stage.ivan, at=NINE + minutes(start), channel=Channel.EMAIL
        )
        breaches.record_due(at=NINE + minutes(start + late))
    assert rows(ticket, "next_response") == [("met", True), ("breached", True), ("running", False)]
    ticket.refresh_from_db()
    assert replay.differences(ticket) == []
    assert [row.metric for row in clocks.of(ticket)] == [
        "acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution",
    ]  # fmt: skip
    breach = ticket.events.get(kind=Kind.SLA_BREACH, data__metric="next_response")
    assert breach.data["since"] == Clock.objects.get(ticket=ticket, metric="next_response", state="breached").opened_by


def test_an_update_is_owed_again_after_each_public_word(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    conversation.answer(ticket, Words(text="Смотрю"), by=stage.olga, at=NINE + minutes(30))
    conversation.answer(ticket, Words(text="Ещё смотрю"), by=stage.olga, at=NINE + minutes(100))
    assert rows(ticket, "update") == [("met", True), ("met", True), ("running", False)]
    assert Clock.objects.get(ticket=ticket, metric="update", is_past=False).due_at == NINE + minutes(220)


def test_the_queue_stands_by_the_clock_that_is_due_first(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    ticket.refresh_from_db()
    assert ticket.due_at == NINE + minutes(30)  # acknowledged by then
    lifecycle.take(ticket, by=stage.olga, at=NINE + minutes(10))
    ticket.refresh_from_db()
    assert ticket.due_at == NINE + minutes(60)  # answered by then


def test_a_workaround_is_a_public_word_and_the_ticket_stays_open(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    progress.give_workaround(ticket, how="Печатайте на втором", by=stage.olga, at=NINE + minutes(20))
    assert rows(ticket, "workaround") == [("met", False)]
    assert rows(ticket, "first_response") == [("met", False)]
    assert rows(ticket, "resolution") == [("running", False)]
    assert ticket.events.get(kind=Kind.WORKAROUND).public


def test_an_arrival_may_be_told_afterwards_but_not_out_of_its_life(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    with pytest.raises(WrongValue):
        progress.arrive(ticket, by=stage.emil, at=NINE + minutes(50), since=NINE - minutes(1))
    with pytest.raises(WrongValue):
        progress.arrive(ticket, by=stage.emil, at=NINE + minutes(50), since=NINE + minutes(51))
    progress.arrive(ticket, by=stage.emil, at=NINE + minutes(50), since=NINE + minutes(40))
    assert Clock.objects.get(ticket=ticket, metric="on_site").verdict_at == NINE + minutes(40)


def test_work_on_site_says_when_it_began_and_excuses_a_breach_by_it(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    breaches.record_due(at=NINE + minutes(241), limit=50)
    entries.log_time(ticket, minutes=90, kind="remote", by=stage.emil, at=NINE + minutes(260))
    assert Clock.objects.get(ticket=ticket, metric="on_site").excused is None
    entries.log_time(ticket, minutes=60, kind="on_site", by=stage.emil, at=NINE + minutes(290))
    row = Clock.objects.get(ticket=ticket, metric="on_site")
    assert (row.state, row.excused["reason"]) == ("breached", "learnt late")


def test_what_is_solved_needs_neither(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=NINE + minutes(10))
    with pytest.raises(WrongStatus):
        progress.give_workaround(ticket, how="x", by=stage.olga, at=NINE + minutes(20))
    with pytest.raises(WrongStatus):
        progress.arrive(ticket, by=stage.olga, at=NINE + minutes(20))


def test_who_asks_for_himself_does_not_answer_himself(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, requester=stage.olga, client=stage.north, by=stage.nadia)
    conversation.answer(ticket, Words(text="Ещё вот что"), by=stage.olga, at=NINE + minutes(5))
    assert rows(ticket, "first_response") == [("running", False)]
    conversation.answer(ticket, Words(text="Смотрю"), by=stage.nadia, at=NINE + minutes(9))
    assert rows(ticket, "first_response") == [("met", False)]

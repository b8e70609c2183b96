"""What a word on a ticket moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.people.permissions import NotAllowed
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Channel, Link, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import ChangedSince, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


def after(minutes: float) -> object:
    return NINE + timedelta(minutes=minutes)


def test_an_answer_on_a_new_ticket_takes_it() -> None:
    stage = cast.stage()
    ticket = conversation.answer(cast.ticket(stage), Words(text="Смотрю."), by=stage.olga, at=after(5))
    assert (ticket.status, ticket.assignee) == ("in_progress", stage.olga)


def test_an_answer_of_a_colleague_leaves_the_assignee() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=after(1))
    ticket = conversation.answer(ticket, Words(text="Помогу."), by=stage.emil, at=after(5))
    assert ticket.assignee == stage.olga


@pytest.mark.parametrize("status", ["waiting_for_client", "on_hold", "resolved"])
def test_the_requesters_answer_brings_it_back_to_work(status: str) -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=after(1))
    if status == "waiting_for_client":
        lifecycle.wait(ticket, on="client", reason="?", by=stage.olga, at=after(2))
    elif status == "on_hold":
        lifecycle.hold(ticket, until=after(600), reason="окно", by=stage.olga, at=after(2))
    else:
        lifecycle.resolve(ticket, how="готово", remote=True, by=stage.olga, at=after(2))
    ticket = conversation.reply(ticket, Words(text="Вот"), by=stage.ivan, at=after(9), channel=Channel.EMAIL)
    assert ticket.status == "in_progress"
    assert (ticket.resolved_at, ticket.hold_until) == (None, None)


def test_the_requesters_answer_leaves_a_ticket_that_waits_for_a_vendor() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    lifecycle.wait(ticket, on="vendor", reason="деталь", by=stage.olga, at=after(2))
    ticket = conversation.reply(ticket, Words(text="Ну как?"), by=stage.ivan, at=after(9), channel=Channel.EMAIL)
    assert ticket.status == "waiting_for_vendor"


def test_within_the_window_an_answer_reopens_and_after_it_makes_a_linked_ticket() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    lifecycle.resolve(ticket, how="готово", remote=True, by=stage.olga, at=after(2))
    ticket = lifecycle.confirm(ticket, by=stage.ivan, at=after(3))
    reopened = conversation.reply(ticket, Words(text="Опять"), by=stage.ivan, at=after(60), channel=Channel.EMAIL)
    assert (reopened.pk, reopened.status, reopened.closed_at) == (ticket.pk, "in_progress", None)

    lifecycle.resolve(ticket, how="готово", remote=True, by=stage.olga, at=after(70))
    lifecycle.confirm(ticket, by=stage.ivan, at=after(71))
    late = NINE + timedelta(days=8)
    other = conversation.reply(ticket, Words(text="Снова она"), by=stage.ivan, at=late, channel=Channel.EMAIL)
    assert other.pk != ticket.pk
    assert Link.objects.get(source=other).target_id == ticket.pk
    assert Ticket.objects.get(pk=ticket.pk).status == "closed"
    assert other.messages.get().text == "Снова она"


def test_a_solved_ticket_closes_at_the_end_of_the_fifth_working_day() -> None:
    stage = cast.stage()
    ticket, _ = lifecycle.resolve(cast.ticket(stage), how="готово", remote=True, by=stage.olga, at=after(2))
    # Monday is the day of the solution; Tuesday to Monday are five working days, the whole last one counts.
    assert (ticket.window_ends_at - NINE) == timedelta(days=7, hours=15)


def test_the_second_of_two_sees_what_changed_and_loses_nothing() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    seen = ticket.version
    conversation.answer(ticket, Words(text="Первый"), by=stage.olga, at=after(1), seen=seen)
    with pytest.raises(ChangedSince) as refused:
        conversation.answer(ticket, Words(text="Второй"), by=stage.emil, at=after(2), seen=seen)
    assert [event.kind for event in refused.value.events] == ["message", "taken"]
    assert {event.by for event in refused.value.events} == {stage.olga}
    conversation.answer(ticket, Words(text="Второй"), by=stage.emil, at=after(3), seen=refused.value.ticket.version)
    assert list(ticket.messages.values_list("text", flat=True))[1:] == ["Первый", "Второй"]


def test_a_note_never_disturbs_the_requesters_answer() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    seen = ticket.version
    conversation.note(ticket, Words(text="звонил директор"), by=stage.olga, at=after(1))
    conversation.reply(ticket, Words(text="Ещё горит"), by=stage.ivan, at=after(2), channel=Channel.PORTAL, seen=seen)
    assert ticket.messages.filter(public=True).count() == 2


def test_markup_of_others_is_cleaned_and_nul_is_dropped() -> None:
    stage = cast.stage()
    words = Words(html="<p onclick=x()>Вот<script>alert(1)</script></p>", text="")
    ticket = conversation.reply(cast.ticket(stage), words, by=stage.ivan, at=after(1), channel=Channel.PORTAL)
    message = ticket.messages.latest("pk")
    assert "onclick" not in message.html
    assert "script" not in message.html
    ticket = conversation.answer(ticket, Words(text="а\x00б"), by=stage.olga, at=after(2))
    assert ticket.messages.latest("pk").text == "аб"


def test_empty_words_are_refused() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    with pytest.raises(WrongValue):
        conversation.answer(ticket, Words(text=" \n"), by=stage.olga, at=after(1))


def test_a_colleague_of_the_client_may_not_speak_unless_he_takes_part() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    with pytest.raises(NotAllowed):
        conversation.reply(ticket, Words(text="И у меня"), by=stage.irina, at=after(1), channel=Channel.PORTAL)
    ticket.participants.create(person=stage.irina)
    conversation.reply(ticket, Words(text="И у меня"), by=stage.irina, at=after(1), channel=Channel.PORTAL)


def test_a_coordinator_speaks_for_his_company_and_takes_part_from_then_on() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    conversation.reply(ticket, Words(text="Это срочно"), by=stage.kira, at=after(1), channel=Channel.PORTAL)
    assert list(ticket.participants.values_list("person__login", flat=True)) == ["kira"]
    with pytest.raises(NotAllowed):
        conversation.reply(ticket, Words(text="Чужое"), by=stage.elena, at=after(2), channel=Channel.PORTAL)


def test_who_helps_out_from_another_line_leaves_the_ticket_in_its_queue() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.emil, at=after(1))
    assert (ticket.assignee, ticket.line, ticket.team) == (stage.emil, 1, None)
    ticket = lifecycle.take(ticket, by=stage.olga, at=after(2))
    assert (ticket.assignee, ticket.line, ticket.team) == (stage.olga, 1, stage.line1)

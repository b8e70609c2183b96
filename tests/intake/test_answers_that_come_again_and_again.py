"""A machine that does not say so reopens a solved ticket a few times and then no more; nothing that it says is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firstline.intake import ping_pong
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Delivery
from firstline.tickets import lifecycle, moving
from firstline.tickets.models import Kind, Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def why(words: str = "Принято", after: float = 1, earlier: tuple[str, ...] = (), reopened: int = 0) -> str:
    """`after`: minutes from the solution to the answer."""
    moments = [NOON - timedelta(hours=1 + number) for number in range(reopened)]
    at = NOON + timedelta(minutes=after)
    return ping_pong.why_still(words, at=at, solved_at=NOON, earlier=earlier, reopened=moments)


def test_the_first_answers_reopen() -> None:
    assert why() == ""
    assert why(reopened=2) == ""
    assert why(earlier=("Принято",)) == ""


def test_the_same_words_at_once_reopen_only_once() -> None:
    assert why("Принято ", earlier=("принято",), reopened=1) == "repeated"
    assert why("Не помогло", earlier=("Принято",), reopened=1) == ""
    assert why(after=6, earlier=("Принято",), reopened=1) == ""
    assert why("", earlier=("",), reopened=1) == ""


def test_the_fourth_within_a_day_reopens_nothing_whatever_it_says() -> None:
    assert why("Another word", after=60, reopened=3) == "reopened-often"
    old = [NOON - timedelta(hours=25)] * 9
    assert ping_pong.why_still("x", at=NOON, solved_at=NOON, earlier=(), reopened=old) == ""


def why_asleep(words: str = "Принято", seconds: float = 30, earlier: tuple[str, ...] = (), woken: int = 0) -> str:
    """`seconds`: from the question to the answer."""
    moments = [NOON - timedelta(hours=1 + number) for number in range(woken)]
    at = NOON + timedelta(seconds=seconds)
    return ping_pong.why_asleep(words, at=at, asked_at=NOON, earlier=earlier, woken=moments)


def test_the_first_answers_wake_and_so_do_many_that_took_their_time() -> None:
    assert why_asleep() == ""
    assert why_asleep(earlier=("принято",)) == ""
    assert why_asleep("Другое", woken=2) == ""
    assert why_asleep("Другое", seconds=90, woken=9) == ""
    assert why_asleep("Да", seconds=600, earlier=("да",), woken=9) == ""


def test_the_same_words_in_no_time_wake_twice_and_a_fourth_answer_in_no_time_does_not() -> None:
    assert why_asleep("Да", earlier=("да",), woken=1) == ""  # a person says it to two questions of a day
    assert why_asleep("Принято ", earlier=("принято",), woken=2) == "repeated"
    assert why_asleep("Письмо 4 получено", woken=3) == "woken-often"
    old = [NOON - timedelta(hours=25)] * 9
    assert ping_pong.why_asleep("x", at=NOON, asked_at=NOON, earlier=("x",), woken=old) == ""
    assert ping_pong.why_asleep("x", at=NOON, asked_at=None, earlier=("x",), woken=[NOON]) == ""


@pytest.fixture
def stage() -> Any:
    s = cast.stage()
    s.desk = mailbox()
    return s


def solved(ticket: Ticket, stage: Any) -> None:
    lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=clock.now())


def answered(ticket: Ticket, words: str) -> Inbound:
    row = process(letter(subject=f"Re: [#{ticket.pk}]", text=words))
    ticket.refresh_from_db()
    return row


@pytest.mark.django_db(transaction=True)
def test_a_rude_responder_falls_silent_and_whoever_has_the_ticket_reads_it(stage: Any) -> None:
    row = process(letter())
    assert row.ticket is not None
    ticket = row.ticket
    for number in range(ping_pong.MOST_REOPENINGS):
        solved(ticket, stage)
        assert answered(ticket, f"Ваше письмо {number} получено").outcome == "reply"
        assert ticket.status == "in_progress"
    solved(ticket, stage)
    told = Delivery.objects.filter(kind="client_answered").count()
    last = answered(ticket, "Ваше письмо получено ещё раз")
    assert (last.outcome, last.reason, last.ticket) == ("auto", "reopened-often", ticket)
    assert ticket.status == "resolved"
    assert ticket.events.filter(kind=Kind.REOPENED).count() == ping_pong.MOST_REOPENINGS
    assert last.message is not None
    assert last.message.text.strip() == "Ваше письмо получено ещё раз"
    assert Delivery.objects.filter(kind="client_answered").count() == told + 1
    own = moving.split(last.message, by=stage.olga, at=clock.now())
    assert (own.requester, own.status) == (stage.ivan, "new")
    lifecycle.reopen(ticket, why="Нажал в портале", by=stage.ivan, at=clock.now())
    assert answered(ticket, "Спасибо").outcome == "reply"


@pytest.mark.django_db(transaction=True)
def test_the_same_words_at_once_are_kept_and_reopen_nothing(stage: Any) -> None:
    row = process(letter())
    assert row.ticket is not None
    ticket = row.ticket
    for outcome, status in (("reply", "in_progress"), ("auto", "resolved")):
        solved(ticket, stage)
        assert answered(ticket, "Благодарим за обращение").outcome == outcome
        assert ticket.status == status
        if status == "resolved":
            break


@pytest.mark.django_db(transaction=True)
def test_a_rude_responder_does_not_end_the_waiting_again_and_again(stage: Any) -> None:
    row = process(letter())
    assert row.ticket is not None
    ticket = lifecycle.take(row.ticket, by=stage.olga, at=clock.now())

    def ask() -> None:
        lifecycle.wait(ticket, on="client", reason="Какая модель?", by=stage.olga, at=clock.now())

    for number in range(ping_pong.MOST_WAKINGS):
        ask()
        assert answered(ticket, f"Ваше письмо {number} получено").outcome == "reply"
        assert ticket.status == "in_progress"
    ask()
    told = Delivery.objects.filter(kind="client_answered").count()
    last = answered(ticket, "Ваше письмо получено ещё раз")
    assert (last.outcome, last.reason, ticket.status) == ("auto", "woken-often", "waiting_for_client")
    assert Delivery.objects.filter(kind="client_answered").count() == told + 1


@pytest.mark.django_db(transaction=True)
def test_the_same_words_in_no_time_wake_a_waiting_ticket_twice(stage: Any) -> None:
    row = process(letter())
    assert row.ticket is not None
    ticket = row.ticket
    for outcome, status in (*[("reply", "in_progress")] * 2, ("auto", "waiting_for_client")):
        lifecycle.wait(ticket, on="client", reason="Какая модель?", by=stage.olga, at=clock.now())
        assert answered(ticket, "Благодарим за обращение").outcome == outcome
        assert ticket.status == status
    assert answered(ticket, "HP 1320").outcome == "reply"
    assert ticket.status == "in_progress"

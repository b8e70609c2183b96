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

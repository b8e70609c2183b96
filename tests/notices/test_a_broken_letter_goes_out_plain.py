"""Words that cannot be made lose no notice: a plain one goes out, and the ticket says what is wrong."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from firstline.notices import wording
from firstline.notices.letter import Letter
from firstline.notices.occasion import Occasion
from firstline.post.models import Delivery
from firstline.tickets import conversation
from firstline.tickets.models import Kind
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import deliver, later, letter

pytestmark = pytest.mark.django_db


def broken(about: Occasion) -> Letter:
    raise KeyError("a placeholder that is not there")


def test_the_answer_goes_out_in_plain_words_and_the_trouble_is_on_the_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    ticket = conversation.answer(cast.ticket(s), Words(text="Замените картридж"), by=s.olga, at=later(1))
    monkeypatch.setitem(wording.LETTERS, "answer", broken)
    deliver(later(1))
    delivery = Delivery.objects.get(kind="answer")
    parsed = letter(delivery)
    assert delivery.state == "sent"
    assert "Замените картридж" in parsed.get_content_type() + parsed.get_body(("plain",)).get_content()
    assert parsed["Subject"].startswith(f"[#{ticket.pk}] ")
    trouble = ticket.events.get(kind=Kind.TROUBLE)
    assert trouble.data["what"] == "wording"
    assert "a placeholder that is not there" in trouble.data["error"]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee, ticket.version) == ("in_progress", s.olga, trouble.pk)


def test_a_kind_that_nobody_has_words_for_goes_out_plain_too() -> None:
    Delivery.objects.create(kind="unheard_of", to="ivan@north.example", language="ru", data={"url": "http://desk.example/x/"},
                            due_at=later(0))  # fmt: skip
    deliver()
    delivery = Delivery.objects.get()
    assert delivery.state == "sent"
    assert "http://desk.example/x/" in letter(delivery).get_body(("plain",)).get_content()


def test_a_database_that_was_away_for_a_moment_makes_no_plain_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    conversation.answer(cast.ticket(s), Words(text="Замените картридж"), by=s.olga, at=later(1))
    whole = wording.LETTERS["answer"]

    def away(about: Occasion) -> Letter:
        raise OperationalError("deadlock detected")

    monkeypatch.setitem(wording.LETTERS, "answer", away)
    deliver(later(1))
    delivery = Delivery.objects.get(kind="answer")
    assert (delivery.state, delivery.mime) == ("waiting", None)
    monkeypatch.setitem(wording.LETTERS, "answer", whole)
    deliver(later(30))
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert "Замените картридж" in letter(delivery).get_body(("plain",)).get_content()

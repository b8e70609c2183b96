"""A letter carries the name of its mailbox in the reader's language; a person's answer its signature below his name."""

from __future__ import annotations

from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from types import SimpleNamespace

import pytest

from firstline.post.models import Account, Delivery
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.intake.mail import mailbox
from tests.notices.told import deliver, html_of, later, letter, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


@pytest.fixture
def account(s: SimpleNamespace) -> Account:
    return mailbox(
        team=s.line1,
        names={"ru": "Поддержка «Опоры»", "bg": "Поддръжка"},
        signatures={"ru": "Опора <ИТ>\n+7 495 000-00-00\nhttps://opora.example/help", "bg": "Опора България"},
    )


def answered(s: SimpleNamespace, ticket: Ticket) -> Delivery:
    ticket = lifecycle.take(ticket, by=s.olga, at=later(1))
    conversation.answer(ticket, Words(text="Смотрю"), by=s.olga, at=later(2))
    deliver(later(3))
    return Delivery.objects.get(kind="answer", ticket=ticket.pk)


def sender(delivery: Delivery) -> str:
    """As a mail program shows it; this Python's own newer parser keeps the blank between two encoded words."""
    head = BytesHeaderParser().parsebytes(bytes(Delivery.objects.get(pk=delivery.pk).mime or b""))
    return str(make_header(decode_header(head["From"])))


def test_an_answer_carries_both_in_html_and_text(s: SimpleNamespace, account: Account) -> None:
    answer = answered(s, cast.ticket(s, team=s.line1))
    sent = letter(answer)
    assert sender(answer) == "Ольга Смирнова, Поддержка «Опоры» <desk@firm.example>"
    text, html = text_of(sent), html_of(sent)
    assert "Ольга Смирнова\nОпора <ИТ>\n+7 495 000-00-00\nhttps://opora.example/help" in text
    assert "Опора &lt;ИТ&gt;<br>+7 495 000-00-00" in html
    assert 'href="https://opora.example/help"' in html
    assert text.index("Опора") < text.index("\n-- \n")


def test_each_reader_gets_his_own_language(s: SimpleNamespace, account: Account) -> None:
    answer = answered(s, cast.ticket(s, requester=s.stoyan, team=s.line1))
    sent = letter(answer)
    assert sender(answer) == "Ольга Смирнова, Поддръжка <desk@firm.example>"
    assert "Опора България" in text_of(sent)
    assert "+7 495" not in text_of(sent)


def test_where_a_language_has_none_the_first_that_was_written_stands(s: SimpleNamespace, account: Account) -> None:
    assert account.name_for("en") == "Поддержка «Опоры»"


def test_a_machine_speaks_in_the_name_of_the_mailbox_and_signs_nothing(s: SimpleNamespace, account: Account) -> None:
    ticket = cast.ticket(s, team=s.line1)
    deliver(later(1))
    receipt = Delivery.objects.get(kind="received", ticket=ticket.pk)
    sent = letter(receipt)
    assert sender(receipt) == "Поддержка «Опоры» <desk@firm.example>"
    assert "+7 495" not in text_of(sent)


def test_without_either_letters_are_as_before(s: SimpleNamespace) -> None:
    mailbox(team=s.line1)
    answer = answered(s, cast.ticket(s, team=s.line1))
    assert "Ольга Смирнова, служба поддержки" in sender(answer)

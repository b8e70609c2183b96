"""A letter that comes as a file of another is read: its words are shown, its files can be opened."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from firstline.intake import inspect_letter
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed, letters
from firstline.intake.reading.letters import Letter
from firstline.tickets.models import Message, Ticket
from tests import cast
from tests.intake.mail import mailbox, process

ASKED = "Здравствуйте, сканер не работает, вы не могли бы посмотреть?"


@pytest.fixture
def stage() -> Any:
    s = cast.stage()
    s.desk = mailbox()
    return s


def its(row: Inbound) -> Ticket:
    assert row.ticket is not None
    return row.ticket


def one(words: str, subject: str = "Сканер", sender: str = "Иван <ivan@north.example>", page: str = "") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "desk@firm.example", subject
    made["Date"], made["Message-ID"] = (
        "Mon, 02 Mar 2026 09:00:00 +0300",
        f"<{abs(hash((words, subject)))}@north.example>",
    )
    if words:
        made.set_content(words)
        if page:
            made.add_alternative(page, subtype="html")
    return made


def around(inner: EmailMessage, words: str = "см. вложение", sender: str = "irina@north.example") -> EmailMessage:
    outer = one(words, "Fwd: Сканер", sender)
    outer.add_attachment(inner)
    return outer


def with_file(inner: EmailMessage) -> EmailMessage:
    inner.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="скан.pdf")
    return inner


def read(made: EmailMessage) -> Letter:
    return letters.read(made.as_bytes())


def test_the_words_stand_below_those_around_them_with_who_wrote_them_and_when() -> None:
    told = enclosed.whole(read(around(one(ASKED))))
    assert told.text.splitlines() == [
        "см. вложение", "", "---------- Пересылаемое сообщение ----------", "От: Иван <ivan@north.example>",
        "Дата: 02.03.2026 09:00 +0300", "Тема: Сканер", "", ASKED,
    ]  # fmt: skip
    assert told.reply_text == told.text


def test_a_letter_that_says_nothing_itself_shows_what_it_brings() -> None:
    line = inspect_letter.line("x", around(one("Не сканирует"), words="").as_bytes())
    assert (line["text"], line["reply_text"], line["subject"]) == ("Не сканирует", "Не сканирует", "Fwd: Сканер")


def test_a_letter_that_says_something_is_told_by_its_own_words() -> None:
    line = inspect_letter.line("x", around(with_file(one("Не сканирует"))).as_bytes())
    assert line["text"] == "см. вложение"
    assert [part["content_type"] for part in line["attachments"]] == ["message/rfc822"]


def test_pages_are_shown_as_pages_and_their_scripts_are_gone() -> None:
    page = "<p>Не <b>сканирует</b></p><script>alert(1)</script>"
    told = enclosed.whole(read(around(one("Не сканирует", page=page))))
    assert told.html is not None
    assert "<strong>сканирует</strong>" in told.html
    assert "alert" not in told.html
    assert "см. вложение" in told.html


def test_a_saved_letter_is_a_letter_whatever_its_type_says() -> None:
    outer = one("см. вложение", "Fwd")
    outer.add_attachment(one("Не сканирует").as_bytes(), maintype="application", subtype="octet-stream",
                         filename="письмо.eml")  # fmt: skip
    outer.add_attachment(b"just words", maintype="application", subtype="octet-stream", filename="no letter.eml")
    assert [inner.text for inner in read(outer).enclosed] == ["Не сканирует"]


def test_letters_are_opened_to_a_depth_and_a_number() -> None:
    made = one("level 0")
    for level in range(1, 8):
        made = around(made, f"level {level}")
    depth, inner = 0, read(made)
    while inner.enclosed:
        depth, inner = depth + 1, inner.enclosed[0]
    assert depth == letters.DEEPEST_ENCLOSED
    many = one("twenty")
    for number in range(20):
        many.add_attachment(one(f"number {number}"))
    assert len(read(many).enclosed) == letters.MOST_ENCLOSED
    assert len(read(many).attachments) == 20


def test_what_a_report_brings_back_is_no_letter_to_show() -> None:
    outer = around(one("our own words", sender="desk@firm.example"), "Undeliverable", "MAILER-DAEMON@mx.example")
    outer.replace_header("Subject", "Undelivered Mail Returned to Sender")
    outer.set_type("multipart/report")
    outer.set_param("report-type", "delivery-status")
    assert read(outer).enclosed == ()


@pytest.mark.django_db(transaction=True)
def test_a_client_who_passes_on_a_file_is_read_whole_and_its_files_can_be_opened(stage: Any) -> None:
    ticket = its(process(around(with_file(one("Не сканирует"))).as_bytes()))
    assert ticket.requester == stage.irina
    said = Message.objects.get(ticket=ticket)
    assert "Не сканирует" in said.reply_text
    assert [file.name for file in said.attachments.all()] == ["Сканер.eml", "скан.pdf"]


@pytest.mark.django_db(transaction=True)
def test_an_agent_who_passes_on_a_file_makes_its_writers_ticket_with_words_page_and_files(stage: Any) -> None:
    inner = with_file(one("Не сканирует", page="<p>Не <b>сканирует</b></p>"))
    ticket = its(process(around(inner, "Разберитесь", "olga@desk.example").as_bytes()))
    assert (ticket.requester, ticket.client, ticket.subject) == (stage.ivan, stage.north, "Сканер")
    said = Message.objects.get(ticket=ticket, public=True)
    assert said.text == "Не сканирует"
    assert "<strong>сканирует</strong>" in said.html
    assert [file.name for file in said.attachments.all()] == ["Сканер.eml", "скан.pdf"]
    assert Message.objects.get(ticket=ticket, public=False).text == "Разберитесь"


@pytest.mark.django_db(transaction=True)
def test_an_agent_who_has_much_to_say_himself_asks_himself_and_only_brings_a_letter_along(stage: Any) -> None:
    said = " ".join(["Договорились с поставщиком о замене во вторник, нужно заказать пропуск на машину."] * 3)
    outer = around(one("Подтверждаем вторник"), said, "olga@desk.example")
    outer.replace_header("Subject", "Пропуск на вторник")
    ticket = its(process(outer.as_bytes()))
    assert (ticket.requester, ticket.subject) == (stage.olga, "Пропуск на вторник")
    message = Message.objects.get(ticket=ticket)
    assert "пропуск на машину" in message.text
    assert "Подтверждаем вторник" in message.text
    assert message.attachments.count() == 1

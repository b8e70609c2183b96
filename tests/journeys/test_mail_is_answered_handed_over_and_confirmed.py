"""A letter's whole way: mailbox, queue, answer, reply, second line, solved, confirmed. In Russian and in Bulgarian."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import ADDRESS, OUR_ID, SECONDS, Crew, Desk, text_of

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {
        "subject": "Не печатает принтер", "text": "Горит красная лампочка.", "answer": "Выключите его и включите.",
        "reply": "Выключил и включил, горит по-прежнему.", "symptom": "Принтер не печатает, лампочка горит.",
        "tried": "Перезагрузка, другой кабель.", "how": "Заменили барабан и проверили печать.",
    },
    "bg": {
        "subject": "Принтерът не печата", "text": "Свети червена лампичка.", "answer": "Изключете го и го включете.",
        "reply": "Изключих го и го включих, пак свети.", "symptom": "Принтерът не печата, лампичката свети.",
        "tried": "Рестарт, друг кабел.", "how": "Сменихме барабана и проверихме печата.",
    },
}  # fmt: skip


def test_a_letter_becomes_a_ticket_and_comes_to_its_end(
    desk: Desk, crew: Crew, seat: Seat, record_testsuite_property: Callable[[str, object], None]
) -> None:
    words = WORDS[crew.language]
    subject = f"{words['subject']} {uuid4().hex[:6]}"
    operator = seat(crew.operator)
    moves.expect_language(operator, crew)
    expect(operator.locator("[data-live=ok]")).to_be_attached()
    sent_id = f"<{uuid4().hex}@{crew.language}.example>"

    began = time.monotonic()
    desk.deliver(crew, subject=subject, text=words["text"], message_id=sent_id)
    expect(moves.row(operator, subject)).to_be_visible()
    record_testsuite_property(f"seconds from mailbox to queue ({crew.language})", round(time.monotonic() - began, 1))

    number = take_from_queue(operator, subject)
    received = desk.letter_to(crew.requester, f"[#{number}]", crew.word("We have received your request"))
    assert str(received["In-Reply-To"]) == sent_id
    moves.answer(operator, words["answer"])

    answered = desk.letter_to(crew.requester, f"[#{number}]", words["answer"])
    assert OUR_ID.fullmatch(str(answered["Message-ID"]))
    assert str(answered["Subject"]).count(f"[#{number}]") == 1
    assert ADDRESS in str(answered["From"])
    assert sent_id in str(answered["References"])

    reply(desk, crew, words, answered)
    expect(operator.locator("#thread .msg").filter(has_text=words["reply"])).to_be_visible()
    hand_over(operator, words)

    engineer = seat(crew.engineer)
    solve_on_line_two(engineer, crew, subject, number, words)

    solved = desk.letter_to(crew.requester, f"[#{number}]", words["how"])
    assert crew.word("Your request is solved") in text_of(solved)
    confirm(seat(), desk, crew, text_of(solved), number)
    # Nobody reloads: the engineer's page hears of it.
    moves.expect_status(engineer, "closed")
    # Who confirms has no mail about it; everything else that had to be said was sent.
    told = desk.site.must("outbox", "list", "--ticket", number)
    assert {row["state"] for row in told} == {"sent"}


def take_from_queue(page: Page, subject: str) -> str:
    """J to the row, A takes it, Enter opens it. Returns the number."""
    moves.choose_row(page, subject)
    page.keyboard.press("a")
    expect(moves.row(page, subject).filter(has_not=page.locator(".q-take"))).to_be_visible()
    moves.choose_row(page, subject)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/tickets/*/")
    moves.expect_status(page, "open")
    return moves.number_of(page)


def reply(desk: Desk, crew: Crew, words: dict[str, str], answered: EmailMessage) -> None:
    """The requester answers our letter in his mail program, with another subject: the thread alone counts."""
    message_id = str(answered["Message-ID"])
    desk.deliver(
        crew, subject="Re: …", text=f"{words['reply']}\n\n> {words['answer']}\n",
        message_id=f"<{uuid4().hex}@{crew.language}.example>", In_Reply_To=message_id, References=message_id,
    )  # fmt: skip


def hand_over(page: Page, words: dict[str, str]) -> None:
    """E, the card, Ctrl+Enter. What is known stands in the card already."""
    form = moves.sheet(page, "e", "symptom")
    form.locator("[name=symptom]").fill(words["symptom"])
    form.locator("[name=tried]").fill(words["tried"])
    form.locator("[name=reason]").select_option("too_complex")
    form.locator("[name=tried]").press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#tk-head .tier-2")).to_be_visible()


def solve_on_line_two(page: Page, crew: Crew, subject: str, number: str, words: dict[str, str]) -> None:
    """The engineer finds it in the queue of his line, reads the card, takes it and solves it."""
    moves.expect_language(page, crew)
    assert moves.row(page, subject).get_attribute("id") == f"t{number}"
    take_from_queue(page, subject)
    card = page.locator("#thread .ev-esc")
    expect(card).to_contain_text(words["symptom"])
    expect(card).to_contain_text(words["tried"])
    moves.resolve(page, words["how"])


def confirm(page: Page, desk: Desk, crew: Crew, letter: str, number: str) -> None:
    """The link of the letter leads through the sign-in to the request, where one click says that it helped."""
    found = re.search(re.escape(desk.url) + r"/portal/\S+", letter)
    assert found, letter
    page.goto(found[0])
    page.fill("[name=login]", crew.requester.login)
    page.fill("[name=password]", crew.requester.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**/portal/requests/{number}/*", timeout=SECONDS * 1000)
    moves.expect_language(page, crew)
    expect(page.locator(".p-help")).to_contain_text(crew.word("Did it help?"))
    page.locator("form[action$='/confirmation/'] button").click()
    expect(page.locator("form[action$='/confirmation/']")).to_have_count(0)
    page.goto(f"{desk.url}/portal/requests/?state=open")
    expect(page.locator(f"a[href='/portal/requests/{number}/']")).to_have_count(0)

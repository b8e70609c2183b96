"""An agent asks a vendor by mail; his answer wakes the ticket; the scorecard counts it; the clocks explain it."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import ADDRESS, Crew, Desk
from tests.real.site import Login

pytestmark = pytest.mark.timeout(420)
WORDS = {
    "ru": {"subject": "Этикетки не печатаются", "text": "Принтер этикеток молчит.", "asked": "Пришлите термоголовку.",
           "note": "Клиент очень сердит", "reply": "Отправили сегодня курьером."},
    "bg": {"subject": "Етикетите не се печатат", "text": "Принтерът за етикети мълчи.", "asked": "Пратете термоглава.",
           "note": "Клиентът е много ядосан", "reply": "Изпратихме я днес с куриер."},
}  # fmt: skip


def test_the_answer_of_a_vendor_wakes_the_ticket(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    subject = f"{words['subject']} {uuid4().hex[:6]}"
    operator = seat(crew.operator)
    desk.deliver(
        crew,
        subject=subject,
        text=words["text"],
        sender="caller",
        message_id=f"<{uuid4().hex}@{crew.language}.example>",
    )
    moves.choose_row(operator, subject)
    operator.keyboard.press("Enter")
    operator.wait_for_url("**/desk/tickets/*/")
    number = moves.number_of(operator)

    asked_for(operator, desk, crew, number, words["asked"])
    letter = desk.letter_to(vendor(crew), words["asked"])
    assert words["text"] not in letter.as_string(), "the vendor reads no word of the client"
    answer(desk, crew, letter, words["reply"])

    expect(operator.locator("#tk-head svg.st-open")).to_be_visible()
    expect(operator.locator("#thread")).to_contain_text(words["reply"])
    explained(operator, desk, crew, number)
    scored(seat(crew.account), desk, crew)


def vendor(crew: Crew) -> Login:
    return Login("", "", "", None, f"support@vendor-{crew.language}.example")


def asked_for(page: Page, desk: Desk, crew: Crew, number: str, words: str) -> None:
    page.goto(f"{desk.url}/desk/tickets/{number}/vendors/new/")
    page.select_option("#vendor", f"vendor-{crew.language}")
    page.fill("#subject", "1 × 203 dpi")
    page.fill("#body", words)
    page.locator("form#move button.btn-primary").click()
    expect(page.locator("#tk-head svg.st-vendor")).to_be_visible()


def answer(desk: Desk, crew: Crew, letter: EmailMessage, words: str) -> None:
    reply = EmailMessage()
    reply["From"], reply["To"] = f"{crew.names['vendor']} <{vendor(crew).email}>", ADDRESS
    reply["Subject"], reply["Message-ID"] = f"Re: {letter['Subject']}", f"<{uuid4().hex}@vendor.example>"
    reply["In-Reply-To"] = str(letter["Message-ID"])
    reply["References"] = str(letter["Message-ID"])
    reply.set_content(words)
    desk.mailbox.append(reply.as_bytes())


def explained(page: Page, desk: Desk, crew: Crew, number: str) -> None:
    """The clock says in words that the vendor was waited for, or ran; either way by which contract."""
    page.goto(f"{desk.url}/desk/tickets/{number}/clocks/")
    expect(page.locator("main")).to_contain_text(f"contract-{crew.language}")


def scored(page: Page, desk: Desk, crew: Crew) -> None:
    page.goto(f"{desk.url}/desk/vendors/")
    row = page.locator("tbody tr").filter(has_text=crew.names["vendor"])
    expect(row).to_contain_text("1/1")

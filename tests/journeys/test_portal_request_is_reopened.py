"""A request from the portal with a file, solved, and sent back with a reason. In Russian and in Bulgarian."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {
        "subject": "Не открывается папка", "text": "Пишет, что нет прав.", "how": "Дали права на папку.",
        "why": "Открывается, но писать в неё нельзя.", "file": "снимок экрана.txt",
    },
    "bg": {
        "subject": "Папката не се отваря", "text": "Казва, че нямам права.", "how": "Дадохме права за папката.",
        "why": "Отваря се, но не мога да пиша в нея.", "file": "снимка на екрана.txt",
    },
}  # fmt: skip


def test_what_did_not_help_is_back_in_the_queue(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    subject, content = f"{words['subject']} {uuid4().hex[:6]}", f"{words['text']}\n".encode()
    requester = seat(crew.requester)
    moves.expect_language(requester, crew)
    number = ask(requester, crew, subject, words, content)
    assert f"[#{number}]" in str(
        desk.letter_to(crew.requester, crew.word("Its number is #%(number)s. Nothing more is needed from you now.")
                       % {"number": number})["Subject"]
    )  # fmt: skip

    operator = seat(crew.operator)
    moves.row(operator, subject).locator("a[data-open]").click()
    link = operator.locator("#thread .att").filter(has_text=words["file"])
    kept = operator.request.get(desk.url + str(link.get_attribute("href")))
    assert kept.body() == content
    assert kept.headers["content-disposition"].startswith("attachment")
    operator.keyboard.press("a")
    moves.expect_status(operator, "open")
    moves.resolve(operator, words["how"])
    operator.goto(f"{desk.url}/desk/queue/")
    expect(moves.row(operator, subject)).to_have_count(0)
    expect(operator.locator("[data-live=ok]")).to_be_attached()

    # The page of the requester stood open all the time.
    why = requester.locator("#reopen-why")
    expect(requester.locator(".p-talk")).to_contain_text(words["how"])
    why.fill(words["why"])
    requester.locator("#reopen button").click()
    expect(requester.locator(".p-talk")).to_contain_text(words["why"])
    expect(requester.locator("#reopen")).to_have_count(0)

    expect(moves.row(operator, subject)).to_be_visible()
    moves.row(operator, subject).locator("a[data-open]").click()
    moves.expect_status(operator, "open")
    expect(operator.locator("#thread")).to_contain_text(words["why"])


def ask(page: Page, crew: Crew, subject: str, words: dict[str, str], content: bytes) -> str:
    """The form, a file, and what it promises. Returns the number."""
    page.locator("a.main-act").click()
    expect(page.locator("h1")).to_have_text(crew.word("New request"))
    page.fill("[name=subject]", subject)
    page.fill("[name=text]", words["text"])
    page.locator("[name=files]").set_input_files({"name": words["file"], "mimeType": "text/plain", "buffer": content})
    page.locator("form[action='/portal/new/'] button.btn-primary").click()
    page.wait_for_url("**/portal/requests/*/*")
    number = moves.number_of(page)
    expect(page.locator(".p-sent")).to_contain_text(number)
    expect(page.locator(".p-clocks")).to_contain_text(crew.word("Response", "clock"))
    expect(page.locator(".p-clocks [data-left]")).to_have_count(2)
    return number

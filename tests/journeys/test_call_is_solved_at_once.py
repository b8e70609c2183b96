"""A call of somebody we know, solved while he talks: found by his number, in few key strokes. In both languages."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import PHONES, Crew, Desk

pytestmark = pytest.mark.timeout(300)

MOST_STROKES = 8  # besides the text (issue 2, pages)
WORDS = {
    "ru": {"subject": "Забыла пароль от почты", "how": "Сбросили пароль, она вошла."},
    "bg": {"subject": "Забравила паролата за пощата", "how": "Сменихме паролата, тя влезе."},
}


class Strokes:
    """A keyboard that counts. A key with Ctrl and Shift is one stroke; what one says in sentences is text."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def digits(self, number: str) -> None:
        for digit in number:
            self.press(digit)


def test_a_known_caller_is_helped_in_eight_strokes(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    subject = f"{words['subject']} {uuid4().hex[:6]}"
    page = seat(crew.operator)
    strokes = Strokes(page)

    strokes.press("c")
    expect(page.locator("#who")).to_be_focused()
    strokes.digits(PHONES[crew.language].replace("-", "")[-4:])
    expect(page.locator("#known .who-card")).to_contain_text(crew.names["caller"])
    expect(page.locator("#known .who-card")).to_contain_text(crew.word("recognised"))
    strokes.press("Enter")
    expect(page.locator("#subject")).to_be_focused()
    moves.write(page, subject)
    strokes.press("Control+Shift+Enter")
    expect(page.locator("#solved_how")).to_be_focused()
    moves.write(page, words["how"])
    strokes.press("Control+Shift+Enter")
    page.wait_for_url("**/desk/tickets/*/")

    assert strokes.count <= MOST_STROKES
    moves.expect_status(page, "resolved")
    expect(page.locator("#tk-head")).to_contain_text(crew.word("Resolved", "status:ticket"))
    expect(page.locator("h1")).to_have_text(subject)
    expect(page.locator("#ctx")).to_contain_text(crew.names["caller"])
    expect(page.locator("#thread")).to_contain_text(words["how"])
    solved = desk.letter_to(crew.caller, words["how"])
    assert f"[#{moves.number_of(page)}]" in str(solved["Subject"])

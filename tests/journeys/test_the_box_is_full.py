"""The box of the first line: hint, full, the card; line 2 accepts and solves; the first line is told. Twice.

The minutes are those of a logged call and of logged work: nobody waits for them.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {"subject": "Принтер мнёт бумагу", "text": "Мнёт каждый второй лист.", "tried": "Почистили ролик вместе.",
           "how": "Заменили ролик подачи."},
    "bg": {"subject": "Принтерът мачка хартията", "text": "Мачка всеки втори лист.", "tried": "Почистихме ролката.",
           "how": "Сменихме подаващата ролка."},
}  # fmt: skip


def test_from_the_hint_to_the_solution_of_the_second_line(desk: Desk, crew: Crew, seat: Seat) -> None:
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
    expect(moves.row(operator, subject)).to_be_visible()
    number = (moves.row(operator, subject).get_attribute("id") or "").removeprefix("t")
    moves.open_ticket(operator, desk, number)
    operator.keyboard.press("a")
    expect(operator.locator("#work-timer .run .dot")).to_be_visible()
    sorted_as_boxed(operator, desk, number)

    talk(operator, words["tried"])
    log(
        operator, "3", stands_there=True
    )  # of the call's minutes those count that he did not work elsewhere, in other journeys
    expect(operator.locator("#box .chip.tone-amber")).to_be_visible()
    log(operator, "5")
    expect(operator.locator("#box .chip.tone-red")).to_be_visible()
    hand_over_with_two_keys(operator, words)
    handed = operator.context.new_page()
    handed.goto(f"{desk.url}/desk/queue/?handed=1")
    expect(moves.row(handed, subject)).to_be_visible()

    engineer = seat(crew.engineer)
    moves.open_ticket(engineer, desk, number)
    moves.expect_language(engineer, crew)
    expect(engineer.locator("#thread .ev-esc")).to_contain_text(words["tried"])
    engineer.locator("#box .bx-card form[action$='/take/'] button").click()
    desk.letter_to(crew.caller, f"[#{number}]", crew.word("An engineer has joined the work on your request"))
    desk.letter_to(crew.operator, f"[#{number}]", crew.names["engineer"])
    expect(engineer.locator("#work-timer .run .dot")).to_be_visible()
    moves.resolve(engineer, words["how"])

    desk.letter_to(crew.operator, f"[#{number}]", words["how"])
    moves.expect_status(operator, "resolved")


def sorted_as_boxed(page: Page, desk: Desk, number: str) -> None:
    """The category whose box is four minutes."""
    page.locator("#tk-head a[href$='/properties/']").first.click()
    form = page.locator("#sheet form#move")
    form.locator("[name=category]").select_option("boxed")
    form.locator("button[data-hotkey='mod+enter']").click()
    expect(page.locator("#sheet")).to_be_hidden()
    moves.open_ticket(page, desk, number)


def talk(page: Page, said: str) -> None:
    """A logged call of three minutes."""
    page.locator("label:has(#mode-call)").click()
    page.locator("#call-minutes").select_option("3")
    page.locator("#body").fill(said)
    page.locator("button.c-call").click()
    expect(page.locator("#thread").get_by_text(said)).to_be_visible()


def log(page: Page, minutes: str, *, stands_there: bool = False) -> None:
    """T: minutes that are counted and not logged yet stand there already; more of them may be logged."""
    page.locator("label:has(#mode-time)").click()
    if stands_there:
        expect(page.locator("#minutes")).not_to_have_value("")
    page.locator("#minutes").fill(minutes)
    page.locator("#time button").click()
    expect(page.locator("#thread svg, #thread .ev").last).to_be_visible()


def hand_over_with_two_keys(page: Page, words: dict[str, str]) -> None:
    """E, Ctrl+Enter: the card is filled in."""
    form = moves.sheet(page, "e", "symptom")
    expect(form.locator("[name=symptom]")).to_have_value(words["text"])
    expect(form.locator("[name=tried]")).to_have_value(words["tried"])
    expect(form.locator("[name=reason]")).to_have_value("too_long")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#tk-head .tier-2")).to_be_visible()

"""From the sign-in to the solved ticket without a mouse; single letters count in the Russian and Bulgarian layouts."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk
from tests.real.site import Login

pytestmark = pytest.mark.timeout(300)

# What the keys J, K, A, R and "?" type on ЙЦУКЕН and on БДС.
LAYOUTS = {
    "ru": {"j": ("о", "KeyJ"), "k": ("л", "KeyK"), "a": ("ф", "KeyA"), "r": ("к", "KeyR"), "?": ("?", "Digit7")},
    "bg": {"j": ("т", "KeyJ"), "k": ("н", "KeyK"), "a": ("ь", "KeyA"), "r": ("и", "KeyR"), "?": ("?", "Digit2")},
}


def sign_in_by_keys(page: Page, desk: Desk, person: Login) -> None:
    page.goto(f"{desk.url}/account/login/")
    expect(page.locator("#login")).to_be_focused()
    moves.write(page, person.login)
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "password":
            break
    moves.write(page, person.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")


def test_a_ticket_is_taken_answered_and_solved_by_keys(desk: Desk, crew: Crew, seat: Seat) -> None:
    subject = f"Клавиатура {uuid4().hex[:6]}"
    page = seat()
    sign_in_by_keys(page, desk, crew.operator)
    expect(page.locator("[data-live=ok]")).to_be_attached()
    desk.deliver(
        crew, subject=subject, text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>", sender="caller"
    )
    moves.row(page, subject).wait_for()
    session = page.context.new_cdp_session(page)

    def press(letter: str) -> None:
        moves.press_in_layout(session, *LAYOUTS[crew.language][letter], shift=letter == "?")

    press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    expect(page.locator("#keys-title")).to_have_text(crew.word("Keys"))
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()

    press("j")
    top = page.locator("tr[aria-current=true]").get_attribute("id")
    for _ in range(page.locator("tr[data-row]").count()):
        if moves.row(page, subject).get_attribute("aria-current") == "true":
            break
        press("j")
    else:
        raise AssertionError("J does not come to the row")
    while page.locator("tr[aria-current=true]").get_attribute("id") != top:
        press("k")
    moves.choose_row(page, subject)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/tickets/*/")
    press("a")
    moves.expect_status(page, "open")
    press("r")
    expect(page.locator("#body")).to_be_focused()
    press("r")  # in a field it is a letter
    expect(page.locator("#body")).to_have_value(LAYOUTS[crew.language]["r"][0])
    moves.write(page, "абота завършена")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.out")).to_be_visible()
    moves.resolve(page, "Готово.")

"""What people do on the pages, found by names and addresses: never by words, which are three languages."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.journeys.stage import Crew, Desk


def row(page: Page, subject: str) -> Locator:
    """The row of the queue with that subject."""
    return page.locator("tr[data-row]").filter(has_text=subject)


def number_of(page: Page) -> str:
    """The number of the ticket whose page is open, on the desk or in the portal."""
    found = re.search(r"/(?:tickets|requests)/(\d+)/", page.url)
    assert found, page.url
    return found[1]


def open_ticket(page: Page, desk: Desk, number: str) -> None:
    page.goto(f"{desk.url}/desk/tickets/{number}/")


def choose_row(page: Page, subject: str) -> None:
    """J until the row with that subject is the current one; it may be that already."""
    row(page, subject).wait_for()
    expect(page.locator("[data-live=ok]")).to_be_attached()  # the scripts are there, keys count
    for _ in range(2 * page.locator("tr[data-row]").count() + 2):  # a live update may bring further rows meanwhile
        if row(page, subject).get_attribute("aria-current") == "true":
            return
        page.keyboard.press("j")
    raise AssertionError(f"J does not come to {subject!r}")


def write(page: Page, text: str) -> None:
    """Into the field that has the focus, as a keyboard of that language would."""
    page.keyboard.insert_text(text)


def answer(page: Page, text: str) -> None:
    """R, the words, Ctrl+Enter, and without the time to take them back; then they stand in the conversation."""
    page.keyboard.press("r")
    expect(page.locator("#body")).to_be_focused()
    write(page, text)
    page.keyboard.press("Control+Enter")
    page.locator("[data-send-now]").first.click()
    expect(page.locator("#thread .msg.out").filter(has_text=text)).to_be_visible()
    expect(page.locator("#body")).to_have_value("")


def leave_field(page: Page) -> None:
    """Tab until no text is being typed: there single letters are keys again."""
    for _ in range(4):
        if page.evaluate("!document.activeElement.matches('textarea, input:not([type=file]), select')"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not leave the field")


def sheet(page: Page, key: str, field: str) -> Locator:
    """Open the form of a move by its key, and wait until one can type."""
    leave_field(page)
    page.keyboard.press(key)
    form = page.locator("#sheet form#move")
    expect(form.locator(f"[name={field}]")).to_be_visible()
    return form


def resolve(page: Page, how: str) -> None:
    """Shift+R, how it was solved, Ctrl+Enter."""
    form = sheet(page, "Shift+R", "how")
    expect(form.locator("[name=how]")).to_be_focused()
    write(page, how)
    page.keyboard.press("Control+Enter")
    expect_status(page, "resolved")


def expect_status(page: Page, glyph: str) -> None:
    """The head of the ticket shows the drawing of that status (new, open, wait, resolved, closed …)."""
    expect(page.locator(f"#tk-head svg.st-{glyph}")).to_be_visible()


def expect_language(page: Page, crew: Crew) -> None:
    """The page speaks the person's language, and says so."""
    expect(page.locator("html")).to_have_attribute("lang", crew.language)


def press_in_layout(session: CDPSession, key: str, code: str, *, shift: bool = False, ctrl: bool = False) -> None:
    """Press a key as a keyboard of another layout does: `key` is what it types, `code` where it lies."""
    pressed: dict[str, Any] = {"key": key, "code": code, "modifiers": 8 * shift + 2 * ctrl}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **({} if ctrl else {"text": key}), **pressed})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})

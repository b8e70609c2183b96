"""From one's own layout, without a mouse: the palette opens with Ctrl and the key K, finds a ticket by the wrong
letters, does a deed on it, and gives the focus back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(200)

# The key K of ЙЦУКЕН and of БДС; "эска" (a part of the word for handing over) as the Latin layout types it.
KEY_K = {"ru": "л", "bg": "н"}
ESCA = {"ru": "'crf", "bg": "eskal"}


def test_a_ticket_is_found_and_handed_over(desk: Desk, crew: Crew, seat: Seat) -> None:
    mark = f"Палитра {uuid4().hex[:6]}"
    desk.deliver(crew, subject=mark, text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>", sender="caller")
    page = seat(crew.operator)
    page.goto(f"{desk.url}/desk/queue/?q={mark.split()[1]}")
    moves.row(page, mark).wait_for()
    session = page.context.new_cdp_session(page)
    palette = page.locator("dialog#palette")
    field = palette.get_by_role("combobox")

    def summon() -> None:
        moves.press_in_layout(session, KEY_K[crew.language], "KeyK", ctrl=True)
        expect(field).to_be_focused()

    page.keyboard.press("/")
    summon()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(page.locator("[data-hotkey='/']")).to_be_focused()

    summon()
    number = moves.row(page, mark).get_attribute("id").removeprefix("t")  # type: ignore[union-attr]
    page.keyboard.type(f"#{number}")
    expect(palette.get_by_role("option").first).to_contain_text(mark)
    active = palette.get_by_role("option").first
    expect(active).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", active.get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{number}/")

    summon()
    expect(palette.locator("[data-palette-of]")).to_contain_text(mark)
    page.keyboard.type(ESCA[crew.language])
    first = palette.get_by_role("option").first
    expect(first).to_contain_text(crew.word("Hand over"))
    expect(first.locator("kbd")).to_have_text("E")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Escape")

    # The arrows go round; Backspace in the empty field lets go of the ticket.
    page.locator(".thread-wrap").focus()
    summon()
    page.keyboard.press("ArrowUp")
    expect(palette.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Backspace")
    expect(palette.locator("[data-palette-of]")).to_have_count(0)
    expect(palette.get_by_role("option").filter(has_text=crew.word("Hand over"))).to_have_count(0)

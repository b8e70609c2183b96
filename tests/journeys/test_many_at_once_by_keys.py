"""Two tickets are ticked, told apart and brought back by keys; the filter that finds them is kept in the sidebar."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(200)


def test_two_get_a_tag_at_once_and_lose_it_again(desk: Desk, crew: Crew, seat: Seat) -> None:
    mark = uuid4().hex[:6]
    for name in ("one", "two"):
        desk.deliver(
            crew, subject=f"{name} {mark}", text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>",
            sender="caller",
        )  # fmt: skip
    page = seat(crew.operator)
    page.goto(f"{desk.url}/desk/queue/?q={mark}")
    moves.row(page, f"two {mark}").wait_for()
    bar = page.locator("[data-tick-bar]")
    expect(bar).to_be_hidden()

    # X ticks the first, Shift+J takes the next along; # opens the field, Enter does it.
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Shift+J")
    expect(bar.locator("[data-ticked]")).to_have_text("2")
    page.keyboard.press("#")
    expect(page.locator("#b-tag")).to_be_focused()
    moves.write(page, "тонер")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text(crew.word("Tag added: {n}").replace("{n}", "2"))
    expect(page.locator(".tag", has_text="тонер")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.locator(".said")).to_contain_text(crew.word("Undone: {n}").replace("{n}", "2"))
    expect(page.locator(".tag", has_text="тонер")).to_have_count(0)

    # V keeps what the filters find under a name.
    page.keyboard.press("v")
    page.locator("#v-name").fill(f"view {mark}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"view {mark}")
    expect(page.locator("#sidebar a[aria-current=page]")).to_contain_text(f"view {mark}")
    expect(page.locator("tr[data-row]")).to_have_count(2)

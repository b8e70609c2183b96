"""The keys of the list and of the ticket in the Russian and the Bulgarian layout: each does its deed, and none while
somebody types."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(240)

# What the physical keys type on ЙЦУКЕН and on БДС.
TYPED = {
    "ru": dict(zip("jkesxpyulgimrnt", "олуычзнгдпшькте", strict=True)),
    "bg": dict(zip("jkesxpyulgimrnt", "тнеяйзщгвжсписш", strict=True)),
}


def test_from_the_list_to_the_ticket_and_on(desk: Desk, crew: Crew, seat: Seat) -> None:
    mark = uuid4().hex[:6]
    for name in ("one", "two"):
        desk.deliver(
            crew, subject=f"{name} {mark}", text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>",
            sender="caller",
        )  # fmt: skip
    page = seat(crew.operator)
    page.goto(f"{desk.url}/desk/queue/?q={mark}")
    moves.row(page, f"two {mark}").wait_for()
    session = page.context.new_cdp_session(page)

    def press(letter: str, *, shift: bool = False) -> None:
        typed = TYPED[crew.language].get(letter, letter)
        code = f"Digit{letter}" if letter.isdigit() else f"Key{letter.upper()}"
        moves.press_in_layout(session, typed.upper() if shift else typed, code, shift=shift)

    # A deed with nothing ticked is meant for the current row.
    press("j")
    press("e")
    expect(page.locator("#b-line")).to_be_focused()
    expect(page.locator("input.check:checked")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("input.check:checked")).to_have_count(0)
    page.reload()  # what waited while a row was ticked is being fetched
    moves.row(page, f"two {mark}").wait_for()
    page.keyboard.press("Control+a")
    expect(page.locator("input.check:checked")).to_have_count(2)
    page.reload()
    moves.row(page, f"two {mark}").wait_for()
    press("j")

    # Space looks, and gives the focus back to the row.
    current = page.locator("tr[aria-current=true]")
    subject = current.locator("a[data-open]").inner_text()
    page.keyboard.press("Space")
    expect(page.locator("dialog#peek h1")).to_have_text(subject)
    page.keyboard.press("Escape")
    expect(page.locator("dialog#peek")).to_have_count(0)
    expect(current.locator("a[data-open]")).to_be_focused()

    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/tickets/*/")
    first = page.url
    expect(page.locator("[data-place]")).to_have_text("1 / 2")
    press("j")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("[data-place]")).to_have_text("2 / 2")
    press("k")
    page.wait_for_url(first)

    press("s")
    expect(page.locator("#status-deeds")).to_be_visible()


def test_what_one_is_told_is_counted_opened_and_read_by_keys(desk: Desk, crew: Crew, seat: Seat) -> None:
    mark = f"Известие {uuid4().hex[:6]}"
    first = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, subject=mark, text="…", message_id=first, sender="caller")
    page = seat(crew.operator)
    page.goto(f"{desk.url}/desk/queue/?q={mark.split()[1]}")
    moves.row(page, mark).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("tr[data-row] .x-as .av:not(.av-none)")).to_have_count(1)
    expect(page.locator("[data-live=ok]")).to_be_attached()
    number = moves.row(page, mark).get_attribute("id").removeprefix("t")  # type: ignore[union-attr]

    desk.deliver(
        crew, subject=f"Re: [#{number}] {mark}", text="Отговор от клиента",
        message_id=f"<{uuid4().hex}@{crew.language}.example>", sender="caller",
    )  # fmt: skip
    expect(page.locator("#sidebar a[href='/desk/inbox/'] .count")).not_to_be_empty(timeout=30_000)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/desk/inbox/")
    group = page.locator(f"#in{number}")
    expect(group).to_contain_text("Отговор от клиента")
    while group.get_attribute("aria-current") != "true":
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{number}/")
    expect(page.locator("#sidebar[data-unread-here]")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/desk/inbox/")
    expect(page.locator(".in-wrap")).to_be_visible()
    expect(group).to_have_count(0)

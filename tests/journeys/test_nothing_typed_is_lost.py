"""The session ends while somebody answers, or the network is away: he is told in words, goes on typing, and nothing is
lost; what he began here stands in his other browser. In Russian and in Bulgarian."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk
from tests.real.browser import Watch

pytestmark = pytest.mark.timeout(300)
SIGNED_OUT = "You are signed out. Sign in again in another tab: what you typed is still here."
AWAY = "The server does not answer: the draft is kept in this browser."
# What the browser itself says of an answer that does not come, or is a refusal.
PROVOKED = ("net::ERR_INTERNET_DISCONNECTED", "401", "htmx:sendError", "htmx:afterRequest")


def _ticket(desk: Desk, crew: Crew, page: Page) -> str:
    subject = f"Кабель {uuid4().hex[:6]}"
    address = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, subject=subject, text="Не работает.", message_id=address, sender="caller")
    page.goto(f"{desk.url}/desk/queue/")
    moves.row(page, subject).locator("a[data-open]").click()
    page.wait_for_url("**/desk/tickets/*/")
    return moves.number_of(page)


def test_a_session_that_ends_and_a_network_that_is_away(
    desk: Desk, crew: Crew, seat: Seat, new_context: Callable[..., AbstractContextManager[BrowserContext]]
) -> None:
    watch = Watch()
    with new_context(locale="en-GB", watch=watch) as context:
        context.set_default_timeout(60_000)
        page = context.new_page()
        desk.sit(page, crew.operator)
        number = _ticket(desk, crew, page)
        cookies = context.cookies()

        page.keyboard.press("r")
        moves.write(page, "Проверяю порт")
        expect(page.locator("#c-saved")).to_have_text(crew.word("Draft kept"))
        elsewhere = seat(crew.operator)
        moves.open_ticket(elsewhere, desk, number)
        expect(elsewhere.locator("#body")).to_have_value("Проверяю порт")

        context.clear_cookies(name="firstline_session")
        moves.write(page, " и кабель")
        expect(page.locator("#c-saved")).to_have_text(crew.word(SIGNED_OUT))
        page.locator("#body").press("Control+Enter")
        expect(page.locator("#toasts")).to_contain_text(crew.word(SIGNED_OUT))
        expect(page.locator("#body")).to_have_value("Проверяю порт и кабель")

        context.clear_cookies()  # a new session comes with a new token for forms
        context.add_cookies([cookie for cookie in cookies if "csrf" not in cookie["name"]])
        other_tab = context.new_page()
        other_tab.goto(f"{desk.url}/desk/drafts/")
        other_tab.close()
        page.locator("#body").press("End")
        moves.write(page, ", снова")
        expect(page.locator("#c-saved")).to_have_text(crew.word("Draft kept"))

        context.set_offline(True)
        moves.write(page, ", без сети")
        expect(page.locator("#c-saved")).to_have_text(crew.word(AWAY))
        expect(page.locator("html")).to_have_attribute("data-live", "lost")
        page.locator("#body").press("Control+Enter")
        expect(page.locator("#toasts")).to_contain_text(
            crew.word("No connection to the server. What you typed is still here.")
        )
        context.set_offline(False)
        expect(page.locator("#c-saved")).to_have_text(crew.word("Draft kept"))
        whole = "Проверяю порт и кабель, снова, без сети"
        elsewhere.reload()
        expect(elsewhere.locator("#body")).to_have_value(whole)
        page.locator("#body").press("Control+Enter")
        page.locator("[data-send-now]").first.click()
        expect(page.locator("#thread .msg.out")).to_contain_text(whole)
        expect(page.locator("#thread .msg.out")).to_have_count(1)
        watch.console = [said for said in watch.console if not any(part in said for part in PROVOKED)]


TOO_MUCH = "That is too much for one message. Attach it as a file."
TOO_LONG_HERE = "That is longer than what fits here: nothing of it was put in."
PASTED = """text => {
    const data = new DataTransfer()
    data.setData("text/plain", text)
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    return document.activeElement.dispatchEvent(event)
}"""


def test_a_paste_that_is_too_long_is_refused_before_the_browser_lays_it_out(desk: Desk, crew: Crew, seat: Seat) -> None:
    page = seat(crew.operator)
    _ticket(desk, crew, page)
    page.keyboard.press("r")
    moves.write(page, "Журнал: ")
    assert page.evaluate(PASTED, "строка журнала\n" * 1000), "what fits is the browser's"
    assert not page.evaluate(PASTED, "строка журнала\n" * 70_000)
    expect(page.locator("#c-saved")).to_have_text(crew.word(TOO_MUCH))
    expect(page.locator("#body")).to_have_value("Журнал: ")
    page.locator("#body").fill("")  # a draft of this journey is no other one's

    # A field with a limit of its own: a browser would cut what is above it without a word.
    page.goto(f"{desk.url}/desk/templates/new/")
    page.locator("#body").focus()
    assert not page.evaluate(PASTED, "строка\n" * 4000)
    expect(page.locator("#toasts")).to_contain_text(crew.word(TOO_LONG_HERE))
    expect(page.locator("#body")).to_have_value("")

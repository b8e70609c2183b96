"""The desk by keyboard in a real browser: list, ticket, collision, call; the Russian layout too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from firstline.lib import clock
from firstline.tickets import conversation
from firstline.tickets.models import Message, Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = [pytest.mark.sqlite, pytest.mark.timeout(240)]


@pytest.fixture
def desk(transactional_db: None, settings: Any) -> SimpleNamespace:
    settings.FIRSTLINE_UNDO_SECONDS = 0  # no worker is here to send it later
    stage = cast.stage()
    stage.olga.language = "en"
    stage.olga.save()
    return stage


@pytest.fixture
def address(live_server: Any) -> str:
    """The browser of the tests knows no host but this."""
    return str(live_server.url).replace("localhost", "127.0.0.1")


@pytest.fixture
def olgas(desk: SimpleNamespace, address: str, context: BrowserContext) -> Page:
    """Olga's browser, at the queue of her line."""
    signed_in = Client()
    signed_in.force_login(desk.olga)
    name = "firstline_session"
    context.add_cookies([{"name": name, "value": signed_in.cookies[name].value, "url": address}])
    # There is no event stream here; what asks for it must not end the test.
    context.route("**/events", lambda route: route.fulfill(status=204))
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def test_j_a_enter_r_and_ctrl_enter_answer_a_ticket_without_the_mouse(
    olgas: Page, address: str, desk: SimpleNamespace
) -> None:
    ticket = cast.ticket(desk, at=clock.now())
    olgas.goto(f"{address}/desk/queue/?line=1")

    olgas.keyboard.press("j")
    expect(olgas.locator(f"#t{ticket.pk}")).to_have_class("t cur")
    with olgas.expect_navigation():
        olgas.keyboard.press("a")
    expect(olgas.locator(f"#t{ticket.pk} .x-as")).to_contain_text("Ольга Смирнова")
    olgas.keyboard.press("j")
    with olgas.expect_navigation():
        olgas.keyboard.press("Enter")
    expect(olgas.locator("h1")).to_have_text("Не печатает принтер")
    olgas.keyboard.press("r")
    expect(olgas.locator("#body")).to_be_focused()
    olgas.keyboard.type("Смотрим.")
    olgas.keyboard.press("Control+Enter")

    expect(olgas.locator("#thread")).to_contain_text("Смотрим.")
    expect(olgas.locator("#body")).to_have_value("")
    expect(olgas.locator("#body")).not_to_be_focused()
    olgas.keyboard.press("e")  # the field is left behind: single keys are keys again
    expect(olgas.locator("#sheet h2")).to_have_text("Hand over")
    ticket.refresh_from_db()
    assert ticket.assignee == desk.olga
    assert Message.objects.get(text="Смотрим.").public is True


def test_the_russian_layout_presses_the_same_keys_and_off_means_off(
    olgas: Page, address: str, desk: SimpleNamespace
) -> None:
    ticket = cast.ticket(desk, at=clock.now())
    olgas.goto(f"{address}/desk/tickets/{ticket.pk}/")
    press = "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'у', code: 'KeyE', bubbles: true}))"

    olgas.evaluate(press)
    expect(olgas.locator("#sheet h2")).to_have_text("Hand over")
    olgas.keyboard.press("Escape")
    expect(olgas.locator("#sheet")).not_to_be_visible()

    olgas.evaluate("document.documentElement.dataset.hotkeys = 'off'")
    olgas.evaluate(press)
    olgas.wait_for_timeout(300)
    expect(olgas.locator("#sheet")).not_to_be_visible()


def test_who_was_slower_keeps_the_text_and_sends_it_anyway(olgas: Page, address: str, desk: SimpleNamespace) -> None:
    ticket = cast.ticket(desk, at=clock.now())
    olgas.goto(f"{address}/desk/tickets/{ticket.pk}/")
    olgas.keyboard.press("r")
    olgas.keyboard.type("Мой ответ")
    conversation.note(ticket, Words(text="Надя была быстрее"), by=desk.nadia, at=clock.now())

    olgas.keyboard.press("Control+Enter")

    expect(olgas.locator("#refusal")).to_contain_text("Надя была быстрее")
    expect(olgas.locator("#body")).to_have_value("Мой ответ")
    olgas.get_by_role("button", name="Send anyway").click()
    expect(olgas.locator("#thread")).to_contain_text("Мой ответ")
    expect(olgas.locator("#refusal")).to_be_empty()
    assert Message.objects.get(text="Мой ответ").public is True


def test_what_others_write_appears_and_never_takes_away_what_is_typed(
    olgas: Page, address: str, desk: SimpleNamespace
) -> None:
    ticket = cast.ticket(desk, at=clock.now())
    olgas.goto(f"{address}/desk/tickets/{ticket.pk}/")
    olgas.keyboard.press("n")
    olgas.keyboard.type("полслова")
    conversation.note(ticket, Words(text="живое"), by=desk.nadia, at=clock.now())

    olgas.evaluate(f"document.body.dispatchEvent(new CustomEvent('live:ticket:{ticket.pk}'))")

    expect(olgas.locator("#thread")).to_contain_text("живое")
    expect(olgas.locator("#body")).to_have_value("полслова")


def test_a_known_callers_request_takes_at_most_eight_key_strokes_besides_the_text(
    olgas: Page, address: str, desk: SimpleNamespace
) -> None:
    olgas.goto(f"{address}/desk/queue/?line=1")

    olgas.keyboard.press("c")  # 1
    expect(olgas.locator("#who")).to_be_focused()
    olgas.keyboard.type("ива")  # 2, 3, 4
    expect(olgas.locator("#known")).to_contain_text("recognised")
    olgas.keyboard.press("Enter")  # 5
    expect(olgas.locator("#subject")).to_be_focused()
    olgas.keyboard.type("Нет сети")
    olgas.keyboard.press("Control+Enter")  # 6, 7

    expect(olgas.locator("h1")).to_have_text("Нет сети")
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.assignee) == (desk.ivan, desk.olga)

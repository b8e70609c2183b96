"""The live board: a ticket appears, is assigned, answered, helped with and handed over there, and the wall sees it.

What is asserted is the order: nobody reloads, and what was done stands on every open board. How long it took is noted.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {"subject": "Касса зависла", "text": "Очередь до дверей.", "answer": "Уже разбираемся, перезвоним.",
           "symptom": "Касса не отвечает", "tried": "Перезагрузили"},
    "bg": {"subject": "Касата блокира", "text": "Опашката е до вратата.", "answer": "Вече работим, ще се обадим.",
           "symptom": "Касата не отговаря", "tried": "Рестартирахме я"},
}  # fmt: skip
LISTS = ".board-tile a[href^='/desk/queue/'], .board-table a[href^='/desk/queue/'], .board-h a.count"
A_PAGE = 50


def test_everything_is_done_on_the_spot_and_seen_on_the_wall(
    desk: Desk, crew: Crew, seat: Seat, record_testsuite_property: Callable[[str, object], None]
) -> None:
    words = WORDS[crew.language]
    subject = f"{words['subject']} {uuid4().hex[:6]}"
    board = seat(crew.manager)
    queue, wall = board.context.new_page(), board.context.new_page()
    queue.goto(f"{desk.url}/desk/queue/?line=1")
    wall.goto(f"{desk.url}/desk/board/?tv=1")
    board.goto(f"{desk.url}/desk/board/")
    moves.expect_language(board, crew)
    for page in (queue, wall, board):
        expect(page.locator("[data-live=ok]")).to_be_attached()

    address = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, subject=subject, text=words["text"], sender="caller", message_id=address)
    expect(moves.row(queue, subject)).to_be_visible()
    number = (moves.row(queue, subject).get_attribute("id") or "").removeprefix("t")
    make_urgent(queue, desk, number)
    risk = f"#risk-{number}"
    expect(board.locator(risk)).to_contain_text(subject)
    expect(wall.locator(f"{risk} .av-none")).to_be_visible()

    began = time.monotonic()
    assign(board, risk, crew.second.login)
    expect(wall.locator(f"{risk} .av-none")).to_have_count(0)
    record_testsuite_property(f"seconds from a deed to the wall ({crew.language})", round(time.monotonic() - began, 2))

    write(board, risk, words["answer"])
    desk.letter_to(crew.caller, f"[#{number}]", words["answer"])
    call_in(board, risk, crew.operator.login)
    desk.letter_to(crew.operator, f"[#{number}]")
    hand_over(board, risk, words)
    for page in (board, wall):
        expect(page.locator(".board-handed li").filter(has_text=f"#{number} ")).to_be_visible()
    every_number_opens_its_tickets(board, desk)


def make_urgent(page: Page, desk: Desk, number: str) -> None:
    page.goto(f"{desk.url}/desk/tickets/{number}/properties/")
    page.locator("#priority").select_option("1")
    page.locator("form#move button[data-hotkey='mod+enter']").click()
    page.wait_for_url(f"**/desk/tickets/{number}/")


def assign(page: Page, risk: str, login: str) -> None:
    page.locator(f"{risk} .board-act > details").first.locator("summary").click()
    page.locator(f"{risk} form[action$='/assignment/'] select").select_option(login)
    page.locator(f"{risk} form[action$='/assignment/'] button").click()
    expect(page.locator(f"{risk} form[action$='/assignment/']")).to_have_count(0)


def write(page: Page, risk: str, text: str) -> None:
    page.locator(f"{risk} .board-act > details").first.locator("summary").click()
    page.locator(f"{risk} textarea").fill(text)
    page.locator(f"{risk} form[action$='/messages/'] button").click()
    expect(page.locator(f"{risk} form[action$='/messages/']")).to_have_count(0)


def call_in(page: Page, risk: str, login: str) -> None:
    page.locator(f"{risk} .board-more summary").click()
    page.locator(f"{risk} .board-more a[href*='/invitations/']").click()
    page.locator("#person").select_option(login)
    page.locator("form#move button[data-hotkey='mod+enter']").click()
    page.wait_for_url("**/desk/board/")


def hand_over(page: Page, risk: str, words: dict[str, str]) -> None:
    page.locator(f"{risk} .board-act > a[href*='/hand-over/']").click()
    page.locator("[name=to_line]").select_option("2")
    page.locator("[name=symptom]").fill(words["symptom"])
    page.locator("[name=tried]").fill(words["tried"])
    page.locator("[name=reason]").select_option("access")
    page.locator("form#move button[data-hotkey='mod+enter']").click()
    page.wait_for_url("**/desk/board/")


def every_number_opens_its_tickets(page: Page, desk: Desk) -> None:
    """Each as often as its list has rows. Asked without drawing them."""
    links = page.eval_on_selector_all(LISTS, "all => all.map(one => [one.getAttribute('href'), one.textContent])")
    assert len(links) >= 16
    for href, said in links:
        found = re.search(r"\d+", said)
        assert found, said
        rows = page.request.get(f"{desk.url}{href}").text().count(" data-row>")
        assert rows == min(int(found[0]), A_PAGE), href

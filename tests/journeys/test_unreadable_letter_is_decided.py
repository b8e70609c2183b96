"""A letter that names no sender waits in quarantine until a person looks at its original and makes a ticket of it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Desk

pytestmark = pytest.mark.timeout(300)


def test_it_becomes_a_ticket_with_its_original(desk: Desk, seat: Seat) -> None:
    crew = desk.crews["ru"]
    mark = uuid4().hex[:6]
    raw = (
        f"From: (c):\r\nTo: help@desk.example\r\nSubject: broken {mark}\r\nMessage-ID: <{mark}@x.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"\r\nСервер упал {mark}.\r\n"
    ).encode()
    page = seat(crew.operator)
    before = len(desk.sink.letters)
    entry = page.locator("nav.side a[href='/desk/quarantine/']")
    expect(entry).to_be_visible()
    count = entry.locator(".count")
    waiting = int(count.inner_text()) if count.count() else 0  # what journeys before this one left there
    desk.mailbox.append(raw)
    # The sidebar counts it without a reload, and leads there.
    expect(count).to_have_text(str(waiting + 1))
    entry.click()
    expect(page.locator("h1")).to_have_text(crew.word("Quarantine"))
    page.locator(".tri-row").filter(has_text=mark).locator("a.tri-subject").click()
    page.wait_for_url("**/desk/intake/*/")
    item = page.url
    expect(page.frame_locator("iframe.letter").locator("body")).to_contain_text(f"Сервер упал {mark}.")
    with page.expect_download() as download:
        page.locator("a[href$='/original.eml']").click()
    assert download.value.path().read_bytes() == raw

    page.locator("form[action$='/ticket/'] button").click()
    page.wait_for_url("**/desk/tickets/*/")
    expect(page.locator("h1")).to_have_text(f"broken {mark}")
    expect(page.locator("#thread")).to_contain_text(f"Сервер упал {mark}.")
    expect(page.locator("#thread .att").filter(has_text="letter.eml")).to_be_visible()
    number = moves.number_of(page)
    page.goto(item)
    expect(page.locator(f"a[href='/desk/tickets/{number}/']").first).to_be_visible()
    expect(page.locator("form[action$='/ticket/']")).to_have_count(0)
    page.goto(f"{desk.url}/desk/quarantine/")
    expect(page.locator(".tri-row").filter(has_text=mark)).to_have_count(0)
    assert len(desk.sink.letters) == before  # nobody is written to about what came from nobody

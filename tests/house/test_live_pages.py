"""Pages keep themselves fresh over one connection, and never take away what somebody is typing."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.house.conftest import HEAD
from tests.house.stand import Stand
from tests.real.browser import Watch

# No database here: one run is enough.
pytestmark = pytest.mark.sqlite

LIVE = """<body data-events="/events"><div id="part" hx-get="/part" hx-swap="innerHTML"
hx-trigger="live:ticket:7 from:body, live:resync from:body">old</div></body>"""


def wait_for_streams(stand: Stand, page: Page, count: int) -> None:
    for _ in range(50):
        if stand.say("nothing") == count:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{len(stand.streams)} event streams, {count} wanted")


def test_a_part_fetches_itself_again_when_its_ticket_changed(stand: Stand, open_page: Callable[[str], Page]) -> None:
    stand.fragments["/part"] = (200, "new")
    page = open_page(LIVE)
    wait_for_streams(stand, page, 1)
    stand.say("ticket:8")
    stand.say("ticket:7")
    expect(page.locator("#part")).to_have_text("new")
    assert stand.asked("/part") == 1
    assert page.evaluate("document.documentElement.dataset.live") == "ok"


def test_eight_tabs_share_one_connection_and_survive_its_tab(
    stand: Stand, new_context: Callable[..., AbstractContextManager[BrowserContext]]
) -> None:
    stand.page = HEAD + LIVE + "</html>"
    stand.fragments["/part"] = (200, "new")
    with new_context() as context:
        pages = [context.new_page() for _ in range(8)]
        for page in pages:
            page.goto(stand.url)
        wait_for_streams(stand, pages[1], 1)
        stand.say("ticket:7")
        for page in pages:
            expect(page.locator("#part")).to_have_text("new")
        stand.fragments["/part"] = (200, "newer")
        pages[0].close()
        # The next leader says "resync", because nothing is replayed to a new connection.
        for page in pages[1:]:
            expect(page.locator("#part")).to_have_text("newer")
        wait_for_streams(stand, pages[1], 1)


def test_a_restarted_server_is_found_again(stand: Stand, open_page: Callable[[str], Page]) -> None:
    stand.fragments["/part"] = (200, "new")
    page = open_page(LIVE)
    wait_for_streams(stand, page, 1)
    stand.hang_up()
    page.wait_for_timeout(1000)
    wait_for_streams(stand, page, 1)
    stand.say("ticket:7", 2)
    expect(page.locator("#part")).to_have_text("new")


TYPING = """<body data-events="/events"><div id="part" hx-get="/part" hx-swap="innerHTML"
hx-trigger="live:ticket:7 from:body">
<form data-guard><textarea id="text"></textarea><button type="reset" id="leave">leave</button></form></div></body>"""


def test_an_update_waits_for_who_is_typing(stand: Stand, open_page: Callable[[str], Page]) -> None:
    stand.fragments["/part"] = (200, "new")
    page = open_page(TYPING)
    wait_for_streams(stand, page, 1)
    page.locator("#text").fill("half a sent")
    stand.say("ticket:7")
    page.wait_for_timeout(500)
    assert page.locator("#text").input_value() == "half a sent"
    assert stand.asked("/part") == 0
    page.locator("#leave").click()
    expect(page.locator("#part")).to_have_text("new")


def test_leaving_a_page_with_something_typed_asks_first(stand: Stand, open_page: Callable[[str], Page]) -> None:
    page = open_page(TYPING)
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.locator("#text").press_sequentially("half")
    page.goto(stand.url + "/elsewhere")
    assert questions == ["beforeunload"]


FORM = """<body data-error-text="That did not work." data-offline-text="No connection.">
<template id="toast-template"><div class="toast"><span data-text></span><button data-close>x</button></div></template>
<div class="toasts" id="toasts" role="status"></div>
<div id="part"><form hx-post="/part" hx-target="#part"><button id="send">send</button></form></div></body>"""


@pytest.mark.parametrize("status", [422, 409])
def test_a_refused_form_comes_back_with_the_focus_on_what_is_wrong(
    stand: Stand, open_page: Callable[[str], Page], status: int
) -> None:
    stand.fragments["/part"] = (status, '<input id="name" aria-invalid="true">')
    page = open_page(FORM)
    page.locator("#send").click()
    expect(page.locator("#name")).to_be_focused()
    assert page.locator(".toast").count() == 0


def test_a_broken_answer_leaves_the_page_and_says_so(
    stand: Stand, open_page: Callable[[str], Page], watch: Watch
) -> None:
    stand.fragments["/part"] = (500, "traceback")
    page = open_page(FORM)
    page.locator("#send").click()
    expect(page.locator("#toasts .toast")).to_have_text("That did not work.x")
    expect(page.locator("#send")).to_be_visible()
    assert len(watch.console) == 1
    assert "500 from /part" in watch.console.pop()


def test_every_change_carries_the_csrf_token(stand: Stand, open_page: Callable[[str], Page]) -> None:
    stand.fragments["/part"] = (200, "done")
    page = open_page(FORM)
    page.evaluate("document.cookie = 'firstline_csrf=abc123'")
    page.locator("#send").click()
    expect(page.locator("#part")).to_have_text("done")
    assert [headers.get("X-CSRFToken") for method, _, headers in stand.requests if method == "POST"] == ["abc123"]


def test_a_clock_ticks_from_the_servers_time_and_changes_its_tone(open_page: Callable[[str], Page]) -> None:
    page = open_page(
        """<body data-now="2026-03-02T09:00:00Z" data-unit-hour="{n} ч" data-unit-minute="{n} мин" data-overdue="−{t}">
        <div id="announcer" aria-live="polite"></div>
        <sla-clock id="a" class="sla sla-warn" start="2026-03-02T08:00:00Z" due="2026-03-02T11:10:00Z">
        <b data-left>?</b></sla-clock>
        <sla-clock id="b" class="sla sla-warn" due="2026-03-02T08:46:00Z" say-breach="late">
        <b data-left>?</b></sla-clock>
        <sla-clock id="c" class="sla sla-paused"><b data-left>paused</b></sla-clock></body>"""
    )
    expect(page.locator("#a [data-left]")).to_have_text("2 ч\u00a09 мин", timeout=8000)
    assert page.locator("#b [data-left]").inner_text() == "−14 мин"
    assert page.locator("#c [data-left]").inner_text() == "paused"

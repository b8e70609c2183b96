"""On a tablet nothing of the ticket's bar leaves the page, and the timer fits the rail. In Russian, the longest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from firstline.lib import clock
from tests import cast

pytestmark = [pytest.mark.sqlite, pytest.mark.timeout(240)]


@pytest.fixture
def page(transactional_db: None, live_server: Any, context: BrowserContext) -> Page:
    stage: SimpleNamespace = cast.stage()
    for _ in range(2):
        cast.ticket(stage, at=clock.now())
    address = str(live_server.url).replace("localhost", "127.0.0.1")
    signed_in = Client()
    signed_in.force_login(stage.olga)
    cookie = signed_in.cookies["firstline_session"].value
    context.add_cookies([{"name": "firstline_session", "value": cookie, "url": address}])
    context.route("**/events", lambda route: route.fulfill(status=204))
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto(f"{address}/desk/queue/")
    return page


def right(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("element => element.getBoundingClientRect().right"))


def test_the_bar_of_a_ticket_from_a_list_is_whole_and_the_timer_is_in_the_rail(page: Page) -> None:
    page.locator("a[data-open]").first.click()
    expect(page.locator("[data-neighbours]")).to_be_visible()
    assert right(page, ".tk-more") <= right(page, ".main")
    timer = page.locator("#work-timer .run")
    expect(timer.locator(".end button")).to_be_visible()  # stopped: it can be started
    timer.locator(".end button").click()
    expect(timer.locator(".run-what")).to_be_visible()
    expect(timer).not_to_have_class("run run-off")
    assert right(page, "#work-timer .run-what") <= right(page, "#work-timer .run") <= right(page, ".side") + 1
    assert timer.evaluate("element => element.scrollWidth <= element.clientWidth")

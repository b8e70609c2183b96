"""Names of people, clients and services as long as they may be, without a space: no page of the portal scrolls sideways
for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from firstline.contracts.models import Service
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240), pytest.mark.sqlite]
LONGEST = "Длинноеимя" * 20
OUTSIDE = """() => {
    const held = one => { for (let at = one.parentElement; at; at = at.parentElement)
        if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true; return false };
    return [...document.querySelectorAll("#main *")]
        .filter(one => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1 && !held(one))
        .map(one => one.outerHTML.slice(0, 80))
}"""


@pytest.mark.parametrize("width", [375, 1440])
def test_no_page_of_the_portal_is_wider_than_the_window(
    live_server: LiveServer, new_context: Callable[..., AbstractContextManager[BrowserContext]], width: int
) -> None:
    stage = cast.stage()
    stage.ivan.name, stage.ivan.role = LONGEST, "coordinator"
    stage.ivan.set_password(cast.PASSWORD)
    stage.ivan.save()
    stage.ivan.client.name, stage.ivan.client.names = LONGEST, {}
    stage.ivan.client.save()
    service = Service.objects.create(slug="longest", name=LONGEST)
    ticket = cast.ticket(stage, requester=stage.ivan, service=service)
    url = live_server.url.replace("localhost", "127.0.0.1")  # the browser asks no name server
    with new_context(viewport={"width": width, "height": 812}) as context:
        page = context.new_page()
        page.goto(f"{url}/account/login/")
        page.fill("#login", "ivan")
        page.fill("#password", cast.PASSWORD)
        page.click("form .btn-primary")
        page.wait_for_url("**/portal/")
        for path in (
            "",
            "profile/",
            "new/",
            "new/?service=longest",
            "services/",
            "colleagues/",
            f"requests/{ticket.number}/",
        ):
            page.goto(f"{url}/portal/{path}")
            assert LONGEST in page.content(), path
            page.locator("#main details").evaluate_all("all => all.forEach(one => one.open = true)")
            assert not page.evaluate("document.scrollingElement.scrollWidth > innerWidth"), path
            assert page.evaluate(OUTSIDE) == [], path

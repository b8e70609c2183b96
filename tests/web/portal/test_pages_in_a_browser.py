"""The client's side in a real browser: without JavaScript, with answers while typing, and nothing for axe to say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.knowledge import articles
from firstline.knowledge.solutions import resolve_with
from firstline.lib import clock
from firstline.tickets import lifecycle, status_link
from firstline.tickets.models import Ticket
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
Contexts = Callable[..., AbstractContextManager[BrowserContext]]


@pytest.fixture
def s(live_server: LiveServer) -> SimpleNamespace:
    stage = cast.stage()
    for person in (stage.ivan, stage.lev):
        person.set_password(cast.PASSWORD)
        person.save()
    article = articles.write(
        title="Принтер печатает пустые листы", body="## Раз\n\n`код`\n\n## Два\n\n- да", language="ru", audience="all",
        by=stage.lev, at=clock.now(),
    )  # fmt: skip
    stage.article = articles.publish(article, by=stage.lev, at=clock.now())
    stage.url = live_server.url.replace("localhost", "127.0.0.1")  # the browser asks no name server
    return stage


def sign_in(page: Page, s: SimpleNamespace, login: str) -> None:
    page.goto(f"{s.url}/account/login/")
    page.fill("#login", login)
    page.fill("#password", cast.PASSWORD)
    page.click("form .btn-primary")
    page.wait_for_url("**/portal/" if login == "ivan" else "**/desk/**")


def test_from_signing_in_to_reopening_without_javascript(s: SimpleNamespace, new_context: Contexts) -> None:
    with new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, s, "ivan")
        page.click("a.main-act")
        page.fill("#subject", "Не печатает принтер")
        page.fill("#text", "Горит лампочка")
        page.check("input[name=urgency][value=high]")
        page.click("form .btn-primary")
        expect(page.locator(".p-sent")).to_be_visible()
        page.fill("#body", "И ещё шумит")
        page.click("#answer .btn-primary")
        expect(page.locator(".p-msg").last).to_contain_text("И ещё шумит")
        ticket = Ticket.objects.get()
        resolve_with(ticket, how="Заменили", remote=True, by=s.olga, at=clock.now())
        page.reload()
        page.fill("#reopen-why", "Снова")
        page.click("#reopen button")
        expect(page.locator(".p-talk")).to_contain_text("Снова")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.urgency) == ("in_progress", "high")


def test_articles_appear_while_typing_and_a_wrong_password_says_so(s: SimpleNamespace, page: Page) -> None:
    page.goto(f"{s.url}/account/login/")
    page.fill("#login", "ivan")
    page.fill("#password", "wrong")
    page.click("form .btn-primary")
    expect(page.locator("#password-problem")).to_be_visible()
    sign_in(page, s, "ivan")
    page.goto(f"{s.url}/portal/new/")
    page.locator("#subject").press_sequentially("принтер")
    expect(page.locator("#answers a")).to_contain_text("пустые листы")


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1440, "light")])
def test_every_page_fits_its_width_and_passes_axe(
    s: SimpleNamespace, new_context: Contexts, axe: Callable[..., Any], width: int, scheme: str
) -> None:
    asked, solved = cast.ticket(s), cast.ticket(s, subject="С" * 200)
    lifecycle.wait(asked, on="client", reason="Какой номер?", by=s.olga, at=clock.now())
    resolve_with(solved, how="Заменили", remote=True, by=s.olga, at=clock.now())
    status = status_link.url(asked).partition("/s/")[2]
    wiki = f"/kb/{s.article.slug}/"
    visitor = ["/account/login/", "/account/forgot/", "/account/request/", "/portal/ask/", "/portal/remote-help/",
               f"/s/{status}", "/kb/", wiki, "/nowhere/"]  # fmt: skip
    client = [
        "/portal/",
        "/portal/new/",
        "/portal/requests/",
        f"/portal/requests/{asked.pk}/",
        f"/portal/requests/{solved.pk}/",
        "/portal/profile/",
        "/portal/?q=принтер",
        "/account/password/",
    ]
    desk = ["/kb/", wiki, f"{wiki}edit/", f"{wiki}history/"]
    for login, paths in (("", visitor), ("ivan", client), ("lev", desk)):
        size = {"width": width, "height": 900}
        with new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:
            page = context.new_page()
            if login:
                sign_in(page, s, login)
            for path in paths:
                page.goto(s.url + path)
                axe(page)
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path

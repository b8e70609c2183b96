"""An old tab, after another person signed in in a second tab of the same browser: nothing goes in that person's name,
and what was typed stays."""

from __future__ import annotations

from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import BrowserContext, expect

from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets.draft_models import Draft
from firstline.tickets.models import Message
from firstline.web.frame import ForWhomItWasDrawn
from tests import cast

WORDS = 'Отвечаю "сам" <b>'
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def page(stage: SimpleNamespace) -> str:
    return f"/desk/tickets/{cast.ticket(stage, at=clock.now()).pk}/"


def browser_of(person: Person) -> Client:
    person.language = "en"
    person.save()
    browser = Client()
    browser.force_login(person)
    return browser


def say(stage: SimpleNamespace, page: str, drawn_for: Person, **header: str) -> Any:
    given = {"body": WORDS, "as": "note", "drawn_for": str(drawn_for.pk)}
    return browser_of(stage.olga).post(f"{page}messages/", given, **header)


def test_the_page_says_for_whom_it_is(stage: SimpleNamespace, page: str) -> None:
    assert f'<meta name="drawn-for" content="{stage.olga.pk}">' in browser_of(stage.olga).get(page).content.decode()
    assert "drawn-for" not in Client().get("/account/login/").content.decode()


def test_nothing_is_said_in_the_other_name_and_the_words_stay(stage: SimpleNamespace, page: str) -> None:
    answer = say(stage, page, stage.ivan)
    assert answer.status_code == 409
    shown = unescape(answer.content.decode())
    assert f"You are now signed in as {stage.olga.name}" in shown
    assert stage.ivan.name not in shown
    assert f">{WORDS}</textarea>" in shown
    assert 'name="drawn_for"' not in shown
    assert not Message.objects.filter(text=WORDS).exists()


def test_no_view_meets_the_field_of_the_frame(stage: SimpleNamespace) -> None:
    """htmx says it twice: in the header, and in the form that the browser filled in."""
    olga = str(stage.olga.pk)
    request = RequestFactory().post("/desk/", {"drawn_for": olga, "body": "x"}, headers={"X-Drawn-For": olga})
    request.user = stage.olga
    assert ForWhomItWasDrawn(lambda _request: HttpResponse()).process_view(request) is None
    assert set(request.POST) == {"body"}


def test_htmx_gets_the_strip(stage: SimpleNamespace, page: str) -> None:
    answer = browser_of(stage.olga).post(
        f"{page}messages/", {"body": WORDS, "as": "note"},
        headers={"HX-Request": "true", "X-Drawn-For": str(stage.ivan.pk)},
    )  # fmt: skip
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#refusal"
    assert "You are now signed in as" in answer.content.decode()
    assert not Message.objects.filter(text=WORDS).exists()


def test_no_draft_is_kept_for_the_other(stage: SimpleNamespace, page: str) -> None:
    header = {"X-Requested-With": "fetch", "X-Drawn-For": str(stage.ivan.pk)}
    kept = {"body": WORDS, "window": "one", "revision": "0"}
    answer = browser_of(stage.olga).post(f"{page}drafts/reply/", kept, headers=header)
    assert (answer.status_code, answer.content) == (401, b"")
    assert not Draft.objects.exists()


def test_ones_own_page_is_as_before(stage: SimpleNamespace, page: str) -> None:
    assert say(stage, page, stage.olga).status_code == 302
    assert Message.objects.filter(text=WORDS).exists()


@pytest.mark.sqlite
@pytest.mark.timeout(240)
def test_two_tabs(transactional_db: None, settings: Any, live_server: Any, context: BrowserContext) -> None:
    settings.FIRSTLINE_UNDO_SECONDS = 0  # no worker is here to send it later
    stage = cast.stage()
    ticket = cast.ticket(stage, at=clock.now())
    url = str(live_server.url).replace("localhost", "127.0.0.1")
    context.route("**/events", lambda route: route.fulfill(status=204))
    context.route("**/desk/timer/*/", lambda route: route.fulfill(status=204))  # no clock runs on behind the test

    def sit(person: Person) -> None:
        session = browser_of(person).cookies["firstline_session"].value
        context.add_cookies([{"name": "firstline_session", "value": session, "url": url}])

    sit(stage.olga)
    old = context.new_page()
    old.set_default_timeout(60_000)
    with old.expect_response("**/drafts/"):
        old.goto(f"{url}/desk/tickets/{ticket.pk}/")
    sit(stage.nadia)
    old.locator("#body").fill("Ольга пишет")
    old.locator("#body").press("Control+Enter")
    expect(old.locator("#refusal")).to_contain_text(f"You are now signed in as {stage.nadia.name}")
    expect(old.locator("#body")).to_have_value("Ольга пишет")
    assert not Message.objects.filter(text="Ольга пишет").exists()
    assert not Draft.objects.exists()

    old.goto(f"{url}/desk/profile/")
    sit(stage.olga)
    old.locator("#theme, [name=theme]").first.evaluate("field => field.form.requestSubmit()")
    expect(old.locator("#main")).to_contain_text(f"You are now signed in as {stage.olga.name}")

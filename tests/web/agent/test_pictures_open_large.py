"""The pictures of a conversation open large, by keyboard too; without scripts each is a link to itself."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, expect

from firstline.blobs import store
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import conversation
from firstline.tickets.models import Attachment
from firstline.tickets.opening import File, Words
from firstline.web import letter_words
from tests import cast

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)


def answered(s: SimpleNamespace) -> list[Attachment]:
    """Two pictures within the words, one beside them that is none."""
    files = [
        File(store.keep(PNG), "панель.png", "image/png", inline=True, content_id="a@draft"),
        File(store.keep(PNG + b"x"), "журнал.png", "image/png", inline=True, content_id="b@draft"),
        File(store.keep(b"<svg>"), "подделка.png", "image/png"),
    ]
    markup = '<p>Вот <img src="cid:a@draft" alt="панель"> и <img src="cid:b@draft" alt=""></p>'
    conversation.answer(s.ticket, Words(html=markup, files=files), by=s.olga, at=clock.now())
    return list(Attachment.objects.order_by("pk"))


@pytest.fixture
def s(transactional_db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage, at=clock.now())
    stage.files = answered(stage)
    return stage


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.sqlite
def test_without_scripts_a_picture_is_a_link_to_itself(s: SimpleNamespace) -> None:
    panel, _journal, fake = s.files
    desk, portal = f"/desk/tickets/{s.ticket.pk}/", f"/portal/requests/{s.ticket.pk}/"
    at_desk = signed_in(s.olga).get(desk).content.decode()
    assert f'<a class="shot" href="/desk/files/{panel.pk}/picture" data-shot="панель.png"><img' in at_desk
    own = signed_in(s.ivan)
    assert f'href="{portal}files/{panel.pk}/picture" data-shot' in own.get(portal).content.decode()
    shown = own.get(f"{portal}files/{panel.pk}/picture")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert own.get(f"{portal}files/{fake.pk}/picture").status_code == 404


def test_a_picture_that_is_the_words_of_a_link_gets_no_other_link() -> None:
    file = SimpleNamespace(content_id="a", name="a.png")
    markup = '<a href="https://x.example"><img src="cid:a" alt="x"></a> <img src="cid:a" alt="y">'
    made = letter_words.own_pictures(markup, [file], lambda _file: "/p")  # type: ignore[list-item]
    assert made.startswith('<a href="https://x.example"><img src="/p" alt="x"')
    assert made.count('<a class="shot"') == 1


def open_in(context: BrowserContext, address: str, person: Person, path: str) -> Any:
    cookie = signed_in(person).cookies["firstline_session"].value
    context.add_cookies([{"name": "firstline_session", "value": cookie, "url": address}])
    context.route("**/events", lambda route: route.fulfill(status=204))
    context.route("**/desk/timer/*/", lambda route: route.fulfill(status=204))
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address + path)
    return page


@pytest.mark.sqlite
@pytest.mark.timeout(240)
@pytest.mark.parametrize("site", ["desk", "portal"])
def test_by_keys_alone_one_looks_through_them(
    s: SimpleNamespace, live_server: Any, context: BrowserContext, site: str
) -> None:
    address = str(live_server.url).replace("localhost", "127.0.0.1")
    person, path = (s.olga, f"/desk/tickets/{s.ticket.pk}/") if site == "desk" else (
        s.ivan, f"/portal/requests/{s.ticket.pk}/"
    )  # fmt: skip
    page = open_in(context, address, person, path)
    link = page.locator("a.shot").first
    link.focus()
    page.keyboard.press("Enter")
    shots = page.locator("#shots")
    expect(shots).to_be_visible()
    expect(shots.locator("[data-shots-name]")).to_have_text("панель")
    page.keyboard.press("ArrowRight")
    expect(shots.locator("[data-shots-name]")).to_have_text("журнал.png")
    expect(shots.locator("[data-shots-place]")).to_have_text("2 / 3")
    page.keyboard.press("+")
    expect(shots).to_have_attribute("data-zoom", "1.5")
    page.keyboard.press("0")
    expect(shots).to_have_attribute("data-zoom", "1")
    page.keyboard.press("ArrowRight")  # what only says that it is a picture
    expect(shots.locator("[data-shots-failed]")).to_be_visible()
    ends = s.files[2].pk if site == "desk" else f"{s.files[2].pk}/"
    assert str(shots.locator("[data-shots-file]").get_attribute("href")).endswith(f"/files/{ends}")
    page.keyboard.press("Escape")
    expect(shots).to_be_hidden()
    expect(link).to_be_focused()

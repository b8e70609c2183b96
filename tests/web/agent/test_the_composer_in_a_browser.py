"""The composer in a real browser: drafts, formatted text with a pasted picture, templates by keyboard."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from firstline.knowledge import articles
from firstline.lib import clock
from firstline.people import preferences
from firstline.tickets import conversation, drafts, templates
from firstline.tickets.draft_models import Draft
from firstline.tickets.models import Channel, Message
from firstline.tickets.opening import Words
from tests import cast

pytestmark = [pytest.mark.sqlite, pytest.mark.timeout(240)]
PASTE = """() => {
  const bytes = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"), c => c.charCodeAt(0))
  const clipboardData = new DataTransfer()
  clipboardData.items.add(new File([bytes], "screen.png", { type: "image/png" }))
  document.querySelector("rich-editor .prose").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}"""  # noqa: E501 - a picture of ten by ten


@pytest.fixture
def s(transactional_db: None, settings: Any, live_server: Any, context: BrowserContext) -> SimpleNamespace:
    settings.FIRSTLINE_UNDO_SECONDS = 0  # no worker is here to send it later
    stage = cast.stage()
    stage.ticket = cast.ticket(stage, at=clock.now())
    address = str(live_server.url).replace("localhost", "127.0.0.1")
    stage.address = f"{address}/desk/tickets/{stage.ticket.pk}/"
    signed_in = Client()
    signed_in.force_login(stage.olga)
    cookie = signed_in.cookies["firstline_session"].value
    context.add_cookies([{"name": "firstline_session", "value": cookie, "url": address}])
    context.route("**/events", lambda route: route.fulfill(status=204))
    context.route("**/desk/timer/*/", lambda route: route.fulfill(status=204))  # no clock runs on behind the test
    return stage


def opened(s: SimpleNamespace, context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(60_000)
    with page.expect_response("**/drafts/"):
        page.goto(s.address)
    return page


def test_what_is_typed_is_there_again_in_another_window(s: SimpleNamespace, context: BrowserContext) -> None:
    page = opened(s, context)
    page.keyboard.press("r")
    page.keyboard.type("Проверяю")
    expect(page.locator("#c-saved")).not_to_be_empty(timeout=60_000)
    assert Draft.objects.get().body == "Проверяю"
    other = opened(s, context)
    expect(other.locator("#body")).to_have_value("Проверяю")
    with other.expect_response("**/removal/"):
        other.locator("[data-discard]").click()
    expect(other.locator("#body")).to_have_value("")
    assert not Draft.objects.exists()


def test_formatted_words_and_a_pasted_picture_are_said_as_they_stand(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    page = opened(s, context)
    page.locator("[data-rich]").click()
    field = page.locator("rich-editor .prose")
    field.click()
    page.keyboard.type("Проверьте **кабель** ")
    page.evaluate(PASTE)
    expect(field.locator("img[src]")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.out strong")).to_have_text("кабель")
    expect(page.locator("#thread .msg.out img")).to_have_count(1)
    message = Message.objects.get(by_agent=True)
    assert message.text.startswith("Проверьте кабель")
    assert 'src="cid:' in message.html
    assert message.attachments.get().inline


def test_a_slash_opens_the_templates_and_enter_puts_one_in(s: SimpleNamespace, context: BrowserContext) -> None:
    templates.save(s.olga, name="Роутер", body="{{ requester.first_name }}, перезагрузите роутер.")
    templates.save(s.olga, name="Привет", body="Здравствуйте.")
    page = opened(s, context)
    page.keyboard.press("r")
    page.keyboard.type("/")
    expect(page.locator("#templates [role=option]")).to_have_count(2)
    page.keyboard.type("роут")
    expect(page.locator("#templates [role=option]")).to_have_count(1)
    with page.expect_response("**/uses/"):
        page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("Иван, перезагрузите роутер.")
    expect(page.locator("#body")).to_be_focused()


def test_what_was_taken_back_is_before_the_eyes_of_the_window_that_sent_it(
    s: SimpleNamespace, context: BrowserContext, settings: Any
) -> None:
    settings.FIRSTLINE_UNDO_SECONDS = 10
    page = opened(s, context)
    page.keyboard.press("r")
    page.keyboard.type("Готово")
    expect(page.locator("#c-saved")).not_to_be_empty(timeout=60_000)
    with page.expect_response("**/drafts/"):  # of the new page
        page.keyboard.press("Control+Enter")
    expect(page.locator("#body")).to_have_value("")
    expect(page.locator(".out-one [data-hotkey=z]")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(".out-one [data-hotkey=z]")).to_have_count(0)
    assert Draft.objects.get().send_at is None
    expect(page.locator("#body")).to_be_visible()  # the page that comes after it is there
    page.evaluate("number => document.body.dispatchEvent(new Event(`live:drafts:${number}`))", s.ticket.pk)
    expect(page.locator("#body")).to_have_value("Готово")


def test_what_only_this_browser_has_comes_back_and_the_servers_text_is_kept_beside_it(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    drafts.save(s.olga, s.ticket, "reply", "Смотрю", at=clock.now(), window="phone")
    page = opened(s, context)
    place = f"draft:{s.olga.pk}:/desk/tickets/{s.ticket.pk}/drafts/:reply"
    kept = json.dumps({"body": "Жду детали", "html": False})
    page.evaluate("([place, kept]) => localStorage.setItem(place, kept)", [place, kept])
    page = opened(s, context)
    expect(page.locator("#body")).to_have_value("Жду детали")
    expect(page.locator(".c-other")).to_have_text("Смотрю")
    assert Draft.objects.get().body == "Жду детали"
    assert page.evaluate("place => localStorage.getItem(place)", place) is None


def test_what_was_begun_is_in_the_editor_though_its_kit_comes_late(s: SimpleNamespace, context: BrowserContext) -> None:
    drafts.save(s.olga, s.ticket, "reply", "<p>Смотрю <strong>журнал</strong></p>", at=clock.now(), is_html=True)
    preferences.prefer(s.olga, formats=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    held: list[Any] = []
    page.route("**/editor-kit*.js", lambda route: held.append(route))
    with page.expect_request("**/editor-kit*.js"):
        page.goto(s.address)
    page.wait_for_selector("[data-draft]", state="attached")
    expect(page.locator("#body")).to_have_value("Смотрю журнал")
    held[0].continue_()
    expect(page.locator("rich-editor .prose strong")).to_have_text("журнал")


def test_an_answer_kept_as_a_note_has_its_picture_and_is_no_draft_any_more(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    page = opened(s, context)
    page.locator("[data-rich]").click()
    page.locator("rich-editor .prose").click()
    page.keyboard.type("Проверьте кабель ")
    page.evaluate(PASTE)
    expect(page.locator("rich-editor .prose img[src]")).to_have_count(1)
    conversation.reply(s.ticket, Words(text="Уже работает"), by=s.ivan, at=clock.now(), channel=Channel.PORTAL)
    page.keyboard.press("Control+Enter")
    page.locator("[data-as-note]").click()
    expect(page.locator("#thread .msg img")).to_have_count(1)
    note = Message.objects.get(by_agent=True)
    assert not note.event.public
    assert note.attachments.get().inline
    assert not Draft.objects.exists()


def test_a_draft_that_is_discarded_while_it_is_being_saved_stays_away(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    drafts.save(s.olga, s.ticket, "reply", "Смотрю", at=clock.now(), window="phone")
    page = opened(s, context)
    held: list[Any] = []
    page.route("**/drafts/reply/", lambda route: held.append(route))
    page.locator("#body").focus()
    with page.expect_request("**/drafts/reply/"):
        page.keyboard.type(" журнал")
    page.locator("[data-discard]").click()
    with page.expect_response("**/removal/"):
        held[0].continue_()
    assert not Draft.objects.exists()
    page.locator("#c-saved button").click()
    expect(page.locator("#body")).to_have_value("Смотрю журнал")


def in_layout(page: Page, key: str, code: str, *, shift: bool = False) -> None:
    """A key as another layout types it: `key` is what it types, `code` where it lies."""
    session = page.context.new_cdp_session(page)
    pressed: dict[str, Any] = {"key": key, "code": code, "modifiers": 8 * shift}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": key, **pressed})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


@pytest.mark.parametrize("is_rich", [False, True], ids=["plain", "formatted"])
def test_a_colleague_is_named_in_a_note_by_keys_alone(
    s: SimpleNamespace, context: BrowserContext, is_rich: bool
) -> None:
    page = opened(s, context)
    if is_rich:
        page.locator("[data-rich]").click()
        expect(page.locator("rich-editor .prose")).to_be_focused()
        page.keyboard.press("Tab")
    page.locator(".thread-wrap").focus()
    page.keyboard.press("n")
    field = page.locator("rich-editor .prose" if is_rich else "#body")
    expect(field).to_be_focused()
    page.keyboard.type("Коллеги, @")
    offered = page.locator("#at-list [role=option]")
    expect(offered.first).to_be_visible()
    page.keyboard.type("ем")
    expect(offered).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", "at1")
    page.keyboard.press("Enter")
    expect(page.locator("#at-list")).to_be_hidden()
    expect(field).to_be_focused()
    # The quotation mark of Shift+2, where the layout has no @: nothing is taken before an arrow.
    in_layout(page, '"', "Digit2", shift=True)
    page.keyboard.type("ле")
    expect(offered).to_have_text([re.compile("Лев Соколов")])
    expect(page.locator("#at-list")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("гляньте")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.note .mention")).to_have_text(["@Емил Петров", "@Лев Соколов"])
    message = Message.objects.get(by_agent=True)
    assert message.text == "Коллеги, @Емил Петров @Лев Соколов гляньте"
    assert message.event.data["mentioned"] == {"emil": "Емил Петров", "lev": "Лев Соколов"}


def test_an_answer_with_a_colleagues_name_is_asked_about_and_becomes_a_note(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    page = opened(s, context)
    page.keyboard.press("r")
    page.keyboard.type("@Емил Петров занят")
    expect(page.locator("#at-list")).to_be_hidden()  # nobody is offered where the client reads it
    page.keyboard.press("Control+Enter")
    expect(page.locator("#refusal [data-also=named]")).to_be_visible()
    page.locator("[data-as-note]").click()
    expect(page.locator("#thread .msg.note .mention")).to_have_text("@Емил Петров")
    assert not Message.objects.get(by_agent=True).public


@pytest.mark.parametrize("signs", ["[[", "хх", "?"])
def test_an_article_is_put_in_by_signs_in_any_layout(s: SimpleNamespace, context: BrowserContext, signs: str) -> None:
    made = articles.write(
        title="Принтер мигает", body="Откройте крышку.", language="ru", audience="all", by=s.lev, at=clock.now()
    )
    articles.publish(made, by=s.lev, at=clock.now())
    page = opened(s, context)
    page.keyboard.press("r")
    if signs == "?":
        page.keyboard.type("?")
    else:
        page.keyboard.type("Сделайте так: ")
        for sign in signs:
            in_layout(page, sign, "BracketLeft")
    option = page.locator("#found-articles [role=option]")
    expect(option).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_be_focused()
    expect(page.locator("#body")).to_have_value(re.compile(rf"(так: )?Принтер мигает: http\S+/kb/{made.slug}/ $"))
    assert signs not in page.locator("#body").input_value()


def test_an_article_in_formatted_words_is_a_link_with_its_title(s: SimpleNamespace, context: BrowserContext) -> None:
    made = articles.write(
        title="Принтер мигает", body="Откройте крышку.", language="ru", audience="all", by=s.lev, at=clock.now()
    )
    articles.publish(made, by=s.lev, at=clock.now())
    page = opened(s, context)
    page.locator("[data-rich]").click()
    page.locator("rich-editor .prose").click()
    page.keyboard.type("Так: [[")
    expect(page.locator("#found-articles [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("rich-editor .prose a")).to_have_text("Принтер мигает")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.out a")).to_have_attribute("href", re.compile(f"/kb/{made.slug}/$"))
    assert "[[" not in Message.objects.get(by_agent=True).text


def test_who_chose_to_format_writes_so_on_every_device(s: SimpleNamespace, context: BrowserContext) -> None:
    page = opened(s, context)
    with page.expect_response("**/theme/"):
        page.locator("[data-rich]").click()
    expect(page.locator("rich-editor .prose")).to_be_focused()
    page.evaluate("localStorage.clear()")  # as another browser
    page.close()
    other = opened(s, context)
    expect(other.locator("rich-editor .prose")).to_be_visible()
    expect(other.locator(".c-tools")).to_be_visible()
    with other.expect_response("**/theme/") as kept:
        other.locator("[data-rich]").click()
    assert kept.value.status == 204
    expect(other.locator("#body")).to_be_focused()
    s.olga.refresh_from_db()
    assert s.olga.formats is False


def test_a_picture_pasted_into_the_plain_field_stands_among_the_words(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    page = opened(s, context)
    page.keyboard.press("r")
    page.keyboard.type("Вот так:")
    page.evaluate(PASTE.replace("rich-editor .prose", "#body"))
    expect(page.locator("rich-editor .prose img[src]")).to_have_count(1)
    expect(page.locator("rich-editor .prose")).to_contain_text("Вот так:")
    s.olga.refresh_from_db()
    assert s.olga.formats is False  # a picture is no choice


PASTE_TEXT = """([text, markup]) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  if (markup) clipboardData.setData("text/html", markup)
  document.querySelector("rich-editor .prose").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}"""


def test_ten_megabytes_and_five_thousand_tags_are_answered_and_nothing_typed_is_lost(
    s: SimpleNamespace, context: BrowserContext
) -> None:
    page = opened(s, context)
    page.locator("[data-rich]").click()
    field = page.locator("rich-editor .prose")
    field.click()
    page.keyboard.type("Смотрю ")
    page.evaluate(PASTE_TEXT, ["x" * 10_000_000, ""])
    expect(page.locator("#c-saved.up-bad")).to_be_visible()
    expect(field).to_have_text("Смотрю ")
    deep = "<blockquote>" * 5_000 + "глубоко" + "</blockquote>" * 5_000
    page.evaluate(PASTE_TEXT, ["глубоко", deep])
    expect(field).to_contain_text("глубоко")
    expect(field.locator("blockquote")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.out")).to_contain_text("глубоко")
    assert "Смотрю" in Message.objects.get(by_agent=True).text

"""A rule of routing: what can never hold is said while it is written, it is tried over the last tickets, and a letter
comes to the person to whom it sends, with the reason. Then it is taken away."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {"rule": "Директора: инженерам", "subject": "Не открывается отчёт", "text": "Нужен к совету директоров."},
    "bg": {"rule": "Директорите: на инженерите", "subject": "Справката не се отваря", "text": "Трябва ми за съвета."},
}


def test_from_the_editor_to_the_person(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    name, subject = f"{words['rule']} {uuid4().hex[:4]}", f"{words['subject']} {uuid4().hex[:6]}"
    editor = seat(crew.admin)
    editor.goto(f"{desk.url}/desk/routing/new/")
    moves.expect_language(editor, crew)
    editor.locator("#name").fill(name)
    editor.locator("[name=c0]").select_option(f"client={crew.language}")
    editor.locator("#team").select_option("engineers")
    editor.locator("[name=c1]").select_option(f"client={crew.language}")
    editor.locator("[name=c1-not]").check()
    never = crew.word("It can hold for no ticket: its conditions on “{what}” contradict each other.")
    expect(editor.locator("#preview")).to_contain_text(never.partition("{what}")[0])
    editor.locator("[name=c1-not]").uncheck()
    editor.locator("[name=c1]").select_option("vip=yes")
    expect(editor.locator("#preview .rule-hits")).to_be_visible()
    editor.locator("#strategy").select_option("least_loaded")
    editor.locator("[name=is_on]").check()
    editor.locator("button[name=do][value=keep]").click()
    kept = editor.locator(".rule").filter(has_text=name)
    expect(kept).to_be_visible()
    editor.goto(f"{desk.url}/desk/routing/?dry=1")
    expect(kept.locator(".tone-blue")).to_be_visible()

    address = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, subject=subject, text=words["text"], sender="director", message_id=address)
    desk.letter_to(crew.engineer, subject)
    engineer = seat(crew.engineer)
    engineer.goto(f"{desk.url}/desk/queue/?mine=1")
    moves.row(engineer, subject).locator("a[data-open]").click()
    engineer.wait_for_url("**/desk/tickets/*/")
    expect(engineer.locator("#tk-head .tier-2")).to_be_visible()
    expect(engineer.locator("#thread")).to_contain_text(name)
    expect(engineer.locator("#thread")).to_contain_text(crew.word("has the least open work"))

    kept.locator("a.rule-name").click()
    editor.locator("form[action$='/removal/'] button").click()
    expect(editor.locator(".rule").filter(has_text=name)).to_have_count(0)

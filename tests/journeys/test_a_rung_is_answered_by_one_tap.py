"""A rung of a ladder falls due: who is on call gets a letter, says by one tap on his phone that he sees to it, without
signing in, and the next layer is not called."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk, text_of

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {"subject": "Почта не уходит", "text": "Письма стоят в исходящих.", "tried": "Перезапустили почту"},
    "bg": {"subject": "Пощата не тръгва", "text": "Писмата стоят в изходящи.", "tried": "Рестартирахме пощата"},
}


def test_the_next_layer_is_not_called(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    subject = f"{words['subject']} {uuid4().hex[:6]}"
    operator = seat(crew.operator)
    address = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, subject=subject, text=words["text"], sender="director", message_id=address)
    expect(moves.row(operator, subject)).to_be_visible()
    number = (moves.row(operator, subject).get_attribute("id") or "").removeprefix("t")
    moves.open_ticket(operator, desk, number)
    form = moves.sheet(operator, "e", "symptom")
    form.locator("[name=symptom]").fill(words["text"])
    form.locator("[name=tried]").fill(words["tried"])
    form.locator("[name=reason]").select_option("access")
    form.locator("[name=tried]").press("Control+Enter")
    expect(operator.locator("#sheet")).to_be_hidden()

    letter = text_of(desk.letter_to(crew.engineer, f"[#{number}]", "/told/"))
    found = re.search(r"http\S+/told/\S+/", letter)
    assert found, letter
    said = operator.context.new_page()
    said.goto(f"{desk.url}/desk/tickets/{number}/escalations/")
    expect(said.locator(".esc").first).to_contain_text(crew.word("The next one is told"))

    phone = seat(viewport={"width": 375, "height": 812}, has_touch=True)
    phone.goto(found[0])
    moves.expect_language(phone, crew)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    phone.get_by_role("button", name=crew.word("I see to it"), exact=True).tap()
    expect(phone.locator(".come-said")).to_contain_text(crew.word("You see to it. Thank you."))

    said.reload()
    expect(said.locator(".esc").first).to_contain_text(crew.names["engineer"])
    expect(said.locator(".esc").first).not_to_contain_text(crew.word("The next one is told"))
    expect(operator.locator("#thread .ev").filter(has_text=crew.names["engineer"]).last).to_be_visible()

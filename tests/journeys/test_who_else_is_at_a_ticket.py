"""Two at one ticket see each other, the queue says who writes, and a new ticket waits above the list in which one
works. In Russian and in Bulgarian."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(300)


def test_who_looks_who_writes_and_what_is_new(desk: Desk, crew: Crew, seat: Seat) -> None:
    subject, later = f"Печать {uuid4().hex[:6]}", f"Сеть {uuid4().hex[:6]}"
    first, second = seat(crew.operator), seat(crew.second)
    for page in (first, second):
        expect(page.locator("[data-live=ok]")).to_be_attached()
    _deliver(desk, crew, subject)
    moves.row(first, subject).locator("a[data-open]").click()
    first.wait_for_url("**/desk/tickets/*/")
    number = moves.number_of(first)
    moves.open_ticket(second, desk, number)
    for page, other in ((first, "second"), (second, "operator")):
        expect(page.locator("[data-presence]")).to_contain_text(crew.names[other])

    first.keyboard.press("r")
    moves.write(first, "Смотрю")
    writes = crew.word("%(name)s is writing…") % {"name": crew.names["operator"]}
    expect(second.locator("[data-presence]")).to_contain_text(writes)
    second.goto(f"{desk.url}/desk/queue/")
    expect(moves.row(second, subject)).to_contain_text(writes)

    moves.row(second, subject).locator("a[data-open]").focus()
    _deliver(desk, crew, later)
    expect(second.locator("#q-new")).to_be_visible()
    expect(moves.row(second, later)).to_have_count(0)
    second.locator("#q-new").click()
    expect(moves.row(second, later)).to_be_visible()
    expect(second.locator("#q-new")).to_be_hidden()


def _deliver(desk: Desk, crew: Crew, subject: str) -> None:
    address = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, subject=subject, text="Не работает.", message_id=address, sender="caller")

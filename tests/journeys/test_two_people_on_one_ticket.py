"""Two agents answer at once: the second sees what the first did, keeps his words, and may send them anyway."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Desk

pytestmark = pytest.mark.timeout(300)


def test_the_second_sees_what_changed_and_loses_nothing(desk: Desk, seat: Seat) -> None:
    crew = desk.crews["ru"]
    subject = f"Нет интернета {uuid4().hex[:6]}"
    first, second = seat(crew.operator), seat(crew.second)
    for page in (first, second):
        expect(page.locator("[data-live=ok]")).to_be_attached()
    desk.deliver(
        crew, subject=subject, text="С утра нет интернета.", message_id=f"<{uuid4().hex}@ru.example>", sender="caller"
    )
    for page in (first, second):
        moves.row(page, subject).locator("a[data-open]").click()
        page.wait_for_url("**/desk/tickets/*/")
        expect(page.locator("[data-live=ok]")).to_be_attached()
    second.keyboard.press("r")
    moves.write(second, "Проверяю линию, позвоню через час.")
    second.locator("#files").set_input_files(
        {"name": "линия.txt", "mimeType": "text/plain", "buffer": "обрыв на втором этаже".encode()}
    )
    moves.answer(first, "Провайдер сообщил об аварии.")

    statuses: list[int] = []
    second.on(  # the timer and the draft post by themselves
        "response",
        lambda answer: (
            statuses.append(answer.status)
            if answer.request.method == "POST" and answer.url.endswith("/messages/")
            else None
        ),
    )
    second.locator("#body").press("Control+Enter")
    strip = second.locator("#refusal [role=alert]")
    expect(strip).to_contain_text(crew.names["operator"])
    expect(strip).to_contain_text("Провайдер сообщил об аварии.")
    assert statuses == [409]
    expect(second.locator("#body")).to_have_value("Проверяю линию, позвоню через час.")
    assert second.locator("#files").evaluate("field => field.files[0].name") == "линия.txt"

    strip.locator("[data-anyway]").click()
    sent = second.locator("#thread .msg.out").filter(has_text="Проверяю линию, позвоню через час.")
    expect(sent).to_be_visible()
    expect(sent.locator(".att")).to_contain_text("линия.txt")
    expect(strip).to_have_count(0)
    expect(second.locator("#body")).to_have_value("")
    expect(second.locator("#thread .msg.out")).to_have_count(2)
    desk.letter_to(crew.caller, "Проверяю линию, позвоню через час.")


def test_only_one_of_two_takes_it_and_the_other_is_told_who(desk: Desk, seat: Seat) -> None:
    crew = desk.crews["bg"]
    subject = f"Няма интернет {uuid4().hex[:6]}"
    first, second = seat(crew.operator), seat(crew.second, java_script_enabled=False)
    expect(first.locator("[data-live=ok]")).to_be_attached()
    desk.deliver(
        crew,
        subject=subject,
        text="Няма интернет от сутринта.",
        message_id=f"<{uuid4().hex}@bg.example>",
        sender="caller",
    )
    moves.row(first, subject).locator("a[data-open]").click()
    first.wait_for_url("**/desk/tickets/*/")
    moves.open_ticket(second, desk, moves.number_of(first))
    first.keyboard.press("a")
    moves.expect_status(first, "open")
    second.locator("form[action$='/take/'] button").click()
    expect(second.get_by_role("alert")).to_contain_text(crew.names["operator"])
    moves.open_ticket(second, desk, moves.number_of(first))
    expect(second.locator("#tk-head")).to_contain_text(crew.names["operator"])

"""The same main road where no script runs: each link a page, each form a plain post."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Desk

pytestmark = pytest.mark.timeout(300)


def test_a_request_is_asked_answered_handed_over_solved_and_confirmed(desk: Desk, seat: Seat) -> None:
    crew = desk.crews["bg"]
    subject = f"Мониторът мига {uuid4().hex[:6]}"
    requester = seat(crew.requester, java_script_enabled=False)
    requester.locator("a.main-act").click()
    requester.fill("[name=subject]", subject)
    requester.fill("[name=text]", "Мига от вчера.")
    requester.locator("form[action='/portal/new/'] button.btn-primary").click()
    number = moves.number_of(requester)

    operator = seat(crew.operator, java_script_enabled=False)
    moves.row(operator, subject).locator(".q-take").click()
    moves.open_ticket(operator, desk, number)
    moves.expect_status(operator, "open")
    operator.fill("#body", "Сменете кабела, моля.")
    operator.locator("#say [name=as][value=public]").click()
    expect(operator.locator("#thread .msg.out")).to_contain_text("Сменете кабела, моля.")

    requester.goto(f"{desk.url}/portal/requests/{number}/")
    expect(requester.locator(".p-ours")).to_contain_text("Сменете кабела, моля.")
    requester.fill("#body", "Смених го, пак мига.")
    requester.locator("#answer button.btn-primary").click()
    expect(requester.locator(".p-talk")).to_contain_text("Смених го, пак мига.")

    moves.open_ticket(operator, desk, number)
    expect(operator.locator("#thread")).to_contain_text("Смених го, пак мига.")
    operator.locator("a[href$='/hand-over/']").first.click()
    operator.fill("#symptom", "Мига и с друг кабел.")
    operator.fill("#tried", "Сменен кабел.")
    operator.locator("#move button.btn-primary").click()
    expect(operator.locator("#tk-head .tier-2")).to_be_visible()

    engineer = seat(crew.engineer, java_script_enabled=False)
    moves.open_ticket(engineer, desk, number)
    expect(engineer.locator("#thread .ev-esc")).to_contain_text("Сменен кабел.")
    engineer.locator("form[action$='/take/'] button").click()
    engineer.locator("a[href$='/resolution/']").first.click()
    engineer.fill("#how", "Сменихме монитора.")
    engineer.locator("#move button.btn-primary").click()
    moves.expect_status(engineer, "resolved")

    requester.reload()
    expect(requester.locator(".p-talk")).to_contain_text("Сменихме монитора.")
    requester.locator("form[action$='/confirmation/'] button").click()
    expect(requester.locator("form[action$='/confirmation/']")).to_have_count(0)
    engineer.reload()
    moves.expect_status(engineer, "closed")

"""An outage is recorded, told on the portal, over; the running month's statement counts it, and is settled by nobody;
both sides settle the month before, in which there was one, too."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from firstline.lib import clock
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(420)
SOFIA = ZoneInfo("Europe/Sofia")
WORDS = {
    "ru": {"down": "Не работает склад", "wrong": "Сбой был короче", "invoice": "Счёт 44"},
    "bg": {"down": "Складът не работи", "wrong": "Аварията беше по-кратка", "invoice": "Фактура 44"},
}


def test_from_the_outage_to_the_invoice(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    told = f"{words['down']} {uuid4().hex[:6]}"
    manager, requester = seat(crew.manager), seat(crew.requester)

    outage(manager, desk, crew, told)
    requester.goto(f"{desk.url}/portal/")
    expect(requester.locator(".p-outages")).to_contain_text(told)
    over(manager, desk, told)
    requester.reload()
    expect(requester.get_by_text(told)).to_have_count(0)

    account, coordinator = seat(crew.account), seat(crew.coordinator)
    indicators(account, desk, crew)
    month = clock.now().astimezone(SOFIA).replace(day=1)
    worked_out(account, desk, crew, month)
    expect(account.locator(".st-note")).to_be_visible()
    expect(account.locator("form[action$='/reviewed/']")).to_have_count(0)
    before = (month - timedelta(days=10)).replace(hour=11, minute=0)
    written_down(manager, desk, crew, before, told)
    number = worked_out(account, desk, crew, before)
    settled(account, coordinator, desk, crew, number, words)


def outage(page: Page, desk: Desk, crew: Crew, told: str) -> None:
    page.goto(f"{desk.url}/desk/outages/new/")
    page.check(f"[name=clients][value={crew.language}]")
    page.fill("#starts_at", (clock.now() - timedelta(minutes=30)).astimezone(SOFIA).strftime("%Y-%m-%dT%H:%M"))
    page.fill(f"#words_{crew.language}", told)
    page.check("[name=announced]")
    page.locator("form.out-form button.btn-primary").click()
    expect(page.locator(".out").filter(has_text=told)).to_be_visible()


def written_down(page: Page, desk: Desk, crew: Crew, at: datetime, told: str) -> None:
    """Afterwards: one that was over before anybody recorded it."""
    page.goto(f"{desk.url}/desk/outages/new/")
    page.check(f"[name=clients][value={crew.language}]")
    page.fill("#starts_at", at.strftime("%Y-%m-%dT%H:%M"))
    page.fill("#ends_at", (at + timedelta(minutes=40)).strftime("%Y-%m-%dT%H:%M"))
    page.fill(f"#words_{crew.language}", told)
    page.locator("form.out-form button.btn-primary").click()
    page.wait_for_url("**/desk/outages/")


def over(page: Page, desk: Desk, told: str) -> None:
    page.locator(".out").filter(has_text=told).locator("form[action$='/end/'] button").click()
    expect(page.locator("table.sheet")).to_contain_text(told)


def indicators(page: Page, desk: Desk, crew: Crew) -> None:
    """On the contract's own page, and one click further with all that they were counted from."""
    page.goto(f"{desk.url}/desk/contracts/contract-{crew.language}/1/")
    now = page.locator(".kpi-now")
    expect(now).to_contain_text(crew.word("Availability"))
    expect(now.locator(".kpi-value")).not_to_contain_text("100")
    page.locator("a[href$='/numbers/']").first.click()
    expect(page.locator("table.sheet").first).to_contain_text(crew.word("Availability"))


def worked_out(page: Page, desk: Desk, crew: Crew, month: datetime) -> str:
    page.goto(f"{desk.url}/desk/statements/")
    # The first version: another journey may have renewed the contract from a later day.
    first = re.compile(rf"contract-{crew.language} · .* 1\s*$")
    option = page.locator("select[name=version] option").filter(has_text=first).first
    page.select_option("select[name=version]", str(option.get_attribute("value")))
    page.fill("[name=month]", month.strftime("%Y-%m"))
    page.locator("form[action$='/statements/new/'] button").click()
    expect(page.locator(".st-total b")).to_contain_text("300,00")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def settled(account: Page, coordinator: Page, desk: Desk, crew: Crew, number: str, words: dict[str, str]) -> None:
    reviewed = account.locator("form[action$='/reviewed/']")
    reviewed.locator("button").click()
    expect(reviewed).to_have_count(0)
    coordinator.goto(f"{desk.url}/portal/statements/{number}/")
    expect(coordinator.locator(".st-total b")).to_contain_text("300,00")
    coordinator.locator("details.st-say summary").click()
    coordinator.fill("#objection", words["wrong"])
    coordinator.locator("form[action$='/objection/'] button").click()
    expect(coordinator.locator(".st-steps")).to_contain_text(words["wrong"])

    account.goto(f"{desk.url}/desk/statements/{number}/")
    expect(account.locator(".st-steps")).to_contain_text(words["wrong"])
    reviewed.locator("button").click()
    expect(reviewed).to_have_count(0)
    coordinator.reload()
    coordinator.locator("form[action$='/agreement/'] button").click()
    expect(coordinator.locator(".chip").first).to_contain_text(crew.word("Agreed"))

    account.reload()
    account.fill("#post-words", words["invoice"])
    account.locator("form[action$='/posted/'] button").click()
    expect(account.locator(".st-steps")).to_contain_text(words["invoice"])

"""A manager writes what a service asks; a requester answers on his phone; the first line reads it. In Russian and in
Bulgarian."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(420)

WORDS = {
    "ru": {"where": "Где будет работать", "choices": "В офисе\nУдалённо", "home": "Удалённо",
           "address": "Куда привезти", "said": "Садовая, 7"},
    "bg": {"where": "Къде ще работи", "choices": "В офиса\nДистанционно", "home": "Дистанционно",
           "address": "Къде да доставим", "said": "ул. Шипка 7"},
}  # fmt: skip


def test_what_hangs_on_an_answer_is_asked_and_kept(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    manager = seat(crew.manager)
    manager.goto(f"{desk.url}/desk/services/")
    service = manager.locator("#main a[href^='/desk/services/']:not([href$='/new/'])").first
    slug = (service.get_attribute("href") or "").rstrip("/").rsplit("/", 1)[1]
    write(manager, desk, slug, crew, words)

    requester = seat(crew.requester, viewport={"width": 375, "height": 800})
    requester.goto(f"{desk.url}/portal/new/?service={slug}")
    subject = f"{words['where']} {uuid4().hex[:6]}"
    requester.fill("[name=subject]", subject)
    expect(requester.locator("#f-address")).to_be_hidden()
    requester.get_by_label(words["home"]).check()
    requester.fill("#f-address", words["said"])
    requester.locator("form[action='/portal/new/'] button.btn-primary").click()
    number = moves.number_of(requester)
    expect(requester.locator(".ff-said")).to_contain_text(words["said"])
    requester.fill("#call-phone", "+7 921 555-01-42")
    requester.locator("#call-me button").click()
    expect(requester.locator("#call-me .callout")).to_contain_text("555-01-42")

    operator = seat(crew.operator)
    moves.open_ticket(operator, desk, number)
    expect(operator.locator(".ff-said")).to_contain_text(words["home"])
    expect(operator.locator(".ff-said")).to_contain_text(words["said"])
    operator.locator("#known-outages [name=reached][value='1']").click()
    expect(operator.locator("#known-outages [name=reached]")).to_have_count(0)


def write(page: Page, desk: Desk, slug: str, crew: Crew, words: dict[str, str]) -> None:
    """Two fields, the second shown where the first is answered so."""
    page.goto(f"{desk.url}/desk/services/{slug}/form/")
    for _other in range(page.locator("[name=deed][value^='remove-']").count()):
        page.locator("[name=deed][value='remove-0']").click()
    page.locator("[name=deed][value=add]").click()
    page.select_option("#kind", "choice")
    page.fill("#key", "place")
    page.fill(f"#names-{crew.language}", words["where"])
    page.locator("[name=deed][value='open-0'], .ff-edit [name=deed][value^='open-']").first.click()
    page.fill(f"#options-{crew.language}", words["choices"])
    page.locator("[name=deed][value=add]").click()
    page.select_option("#kind", "text")
    page.fill("#key", "address")
    page.fill(f"#names-{crew.language}", words["address"])
    page.check("[name=required]")
    page.select_option("#when_field", "place")
    page.locator(".ff-edit [name=deed][value^='open-']").click()
    page.get_by_label(words["home"]).last.check()
    page.locator("[name=deed][value=save]").click()
    expect(page.locator("#toasts")).to_contain_text(
        crew.word("The form is saved. It is asked from now on; requests keep what they answered.")
    )

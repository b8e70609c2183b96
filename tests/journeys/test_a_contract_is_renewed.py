"""An account manager renews a contract: a draft from a day on, tried on an example, in force, told in words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(300)

# In a year without tickets: the other journeys begin under the version that holds today.
SINCE = "2031-01-01"
TYPED = {"ru": "30 мин", "bg": "30 мин"}
SAID = {
    "ru": "Реакция: 1 ч → 30 мин; обещанная доля: ничего → 95 %",
    "bg": "Реакция: 1 ч → 30 мин; обещан дял: нищо → 95 %",
}


def test_a_draft_is_tried_put_in_force_and_compared(desk: Desk, crew: Crew, seat: Seat) -> None:
    page = seat(crew.account)
    page.goto(f"{desk.url}/desk/contracts/")
    page.get_by_role("link", name=f"contract-{crew.language}").click()
    expect(page.locator("h1")).to_contain_text(f"contract-{crew.language}")
    expect(page.locator(".ct-main .chip").first).to_contain_text(crew.word("in force"))

    page.locator(".ct-side").get_by_role("link", name=crew.word("New version")).click()
    page.fill("#since", SINCE)
    page.click(f"button:has-text('{crew.word('Make the draft')}')")
    expect(page.locator("#line-0-metric")).to_have_value("first_response")
    page.fill("#line-0-p0", TYPED[crew.language])
    page.fill("[name=line-0-p0-goal]", "95")
    page.click(f"button:has-text('{crew.word('Save the draft')}')")

    expect(page.locator(".ct-table")).to_contain_text("30 мин")
    page.fill("#try-at", "2031-01-03T23:50")
    page.locator("#try-at").blur()
    expect(page.locator("#tried")).to_contain_text("04.01.2031 00:20")
    expect(page.locator("#tried")).to_contain_text(crew.word("by the row for every ticket"))

    page.click(".ct-main button.btn-primary")
    expect(page.locator("#toasts")).to_contain_text("01.01.2031")
    expect(page.locator(".ct-main .chip").first).to_contain_text(crew.word("comes", "version of a contract"))
    page.locator(".ct-side").get_by_role(
        "link", name=crew.word("Compare with version %(number)s") % {"number": 1}
    ).click()
    expect(page.locator(".ct-changes li")).to_have_count(1)
    said = page.locator(".ct-changes li").inner_text().replace("\u00a0", " ")
    assert said == SAID[crew.language]

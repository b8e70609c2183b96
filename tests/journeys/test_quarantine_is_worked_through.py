"""What a rule has put into quarantine is worked through by keys and ticks: spam and back, added to a ticket, made one,
run again when the rule is off; each result is said, and nothing is left.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(400)
RULE = """
[[mail_rule]]
slug = "held-{mark}"
name = "held {mark}"
conditions = [{{ field = "subject", test = "contains", value = "held {mark}" }}]
outcome = "quarantine"
active = {active}
"""


def rule(desk: Desk, mark: str, *, active: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rule.toml"
        file.write_text(RULE.format(mark=mark, active=str(active).lower()), encoding="utf-8")
        desk.site.must("apply", str(file))


def send(desk: Desk, crew: Crew, subject: str, text: str) -> None:
    message_id = f"<{uuid4().hex}@{crew.language}.example>"
    desk.deliver(crew, sender="caller", subject=subject, text=text, message_id=message_id)


def letter(page: Page, subject: str) -> Locator:
    return page.locator(".tri-row").filter(has_text=subject)


def choose(page: Page, subject: str) -> None:
    """K to the top, then J until that letter is the current one."""
    expect(page.locator("[data-live=ok]")).to_be_attached()
    for _ in range(page.locator(".tri-row").count()):
        page.keyboard.press("k")
    for _ in range(2 * page.locator(".tri-row").count() + 2):
        if letter(page, subject).get_attribute("aria-current") == "true":
            return
        page.keyboard.press("j")
    raise AssertionError(f"J does not come to {subject!r}")


NAMES = ("one", "two", "three", "four", "five")


def two_are_spam_and_taken_back(page: Page, crew: Crew, mark: str) -> None:
    # Two at once are spam; it was a mistake: Z takes both back.
    for name in ("four", "five"):
        choose(page, f"held {mark} {name}")
        page.keyboard.press("x")
    expect(page.locator(".tri-bar [data-ticked]")).to_have_text("2")
    page.keyboard.press("s")
    expect(page.locator(".said")).to_contain_text(crew.word("Called spam: {n}").replace("{n}", "2"))
    expect(letter(page, f"held {mark} four")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".said")).to_contain_text(crew.word("Back in quarantine: {n}").replace("{n}", "2"))
    expect(letter(page, f"held {mark} four")).to_be_visible()


def one_is_added_and_one_is_a_ticket(page: Page, crew: Crew, mark: str, number: str) -> None:
    # One belongs to the ticket that is there: A, its number, Enter.
    choose(page, f"held {mark} two")
    page.keyboard.press("x")
    page.keyboard.press("a")
    page.keyboard.insert_text(number)
    page.keyboard.press("Enter")
    said = page.locator(".said")
    expect(said).to_contain_text(crew.word("Added to the ticket: {n}").replace("{n}", "1"))
    expect(said.locator(f"a[href='/desk/tickets/{number}/']")).to_be_visible()

    # The current one becomes a ticket of its own: T.
    choose(page, f"held {mark} three")
    page.keyboard.press("t")
    expect(page.locator(".said")).to_contain_text(crew.word("Tickets made: {n}").replace("{n}", "1"))


def two_are_run_again_without_the_rule(page: Page, desk: Desk, crew: Crew, mark: str) -> None:
    # The rule is off: what it held is run again and becomes what it should have been, two at once.
    rule(desk, mark, active=False)
    for name in ("one", "four"):
        letter(page, f"held {mark} {name}").locator("input[type=checkbox]").check()
    page.keyboard.press("r")
    expect(page.locator(".said")).to_contain_text(crew.word("Run again: {n}").replace("{n}", "2"))
    expect(page.locator(".said li").filter(has_text=crew.word("became a ticket", "intake"))).to_have_count(2)


def the_last_is_ignored_with_a_reason(page: Page, crew: Crew, mark: str) -> None:
    # The last one is no request: its page, and why.
    letter(page, f"held {mark} five").locator("a.tri-subject").click()
    page.locator("#why").fill("учения / учение")
    page.locator("form[action$='/ignoring/'] button").click()
    expect(page.locator("h1")).to_have_text(crew.word("Quarantine"))
    expect(page.locator(".tri-row").filter(has_text=mark)).to_have_count(0)
    page.locator("nav.seg a[href$='list=ignored']").click()
    expect(letter(page, f"held {mark} five")).to_contain_text("учения / учение")


def test_letters_are_decided_one_and_many_at_once(desk: Desk, crew: Crew, seat: Seat) -> None:
    mark = uuid4().hex[:6]
    rule(desk, mark, active=True)
    page = seat(crew.operator)

    send(desk, crew, f"open {mark}", "Принтер молчит / Принтерът мълчи")
    page.goto(f"{desk.url}/desk/queue/")
    moves.row(page, f"open {mark}").wait_for()
    moves.row(page, f"open {mark}").locator("a[data-open]").click()
    number = moves.number_of(page)

    for name in NAMES:
        send(desk, crew, f"held {mark} {name}", f"words {name} {mark}")
    page.goto(f"{desk.url}/desk/quarantine/")
    for name in NAMES:  # by themselves, with the rule and the words
        expect(letter(page, f"held {mark} {name}")).to_contain_text(f"held {mark}»" if crew.language == "ru" else mark)
        expect(letter(page, f"held {mark} {name}")).to_contain_text(f"words {name} {mark}")

    two_are_spam_and_taken_back(page, crew, mark)
    one_is_added_and_one_is_a_ticket(page, crew, mark, number)
    two_are_run_again_without_the_rule(page, desk, crew, mark)
    the_last_is_ignored_with_a_reason(page, crew, mark)

    moves.open_ticket(page, desk, number)
    expect(page.locator("#thread")).to_contain_text(f"words two {mark}")
    page.goto(f"{desk.url}/desk/unaccounted/")
    expect(page.locator(".empty")).to_contain_text(crew.word("Nothing is missing"))

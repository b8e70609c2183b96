"""By keys alone: an answer with an article, a note that names a colleague, and the colleague finds it in his inbox."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk

pytestmark = pytest.mark.timeout(300)

ARTICLE = {"ru": "Как включить скрытый принтер", "bg": "Как се включва скритият принтер"}
BEGINNING = {"ru": "скрытый", "bg": "скрит"}
# The key of "[" and what it types on ЙЦУКЕН and on БДС.
BRACKET = {"ru": "х", "bg": "ц"}


def test_a_colleague_is_named_and_an_article_put_in(desk: Desk, crew: Crew, seat: Seat) -> None:
    mark = f"Принтер {uuid4().hex[:6]}"
    publish(desk, crew, seat)
    desk.deliver(crew, subject=mark, text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>", sender="caller")
    page = seat(crew.operator)
    page.goto(f"{desk.url}/desk/queue/?q={mark.split()[1]}")
    moves.choose_row(page, mark)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/tickets/*/")
    number = moves.number_of(page)
    session = page.context.new_cdp_session(page)

    page.keyboard.press("r")
    expect(page.locator("#body")).to_be_focused()
    for _ in range(2):
        moves.press_in_layout(session, BRACKET[crew.language], "BracketLeft")
    found = page.locator("#found-articles")
    expect(found.get_by_role("combobox")).to_be_focused()
    moves.write(page, BEGINNING[crew.language])
    expect(found.get_by_role("option").first).to_contain_text(ARTICLE[crew.language])
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_be_focused()
    assert ARTICLE[crew.language] in page.locator("#body").input_value()
    page.keyboard.press("Control+Enter")
    page.locator("[data-send-now]").first.click()
    expect(page.locator("#thread .msg.out a[href*='/kb/']")).to_be_visible()

    moves.leave_field(page)
    page.keyboard.press("n")
    expect(page.locator("#body")).to_be_focused()
    second = crew.names["second"]
    page.keyboard.type("@")
    moves.write(page, second[:3])
    expect(page.locator("#at-list [role=option]").filter(has_text=second)).to_be_visible()
    expect(page.locator("#body")).to_have_attribute("aria-activedescendant", "at1")
    page.keyboard.press("Enter")
    moves.write(page, mark)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.note .mention")).to_have_text(f"@{second}")

    assert desk.letter_to(crew.second, mark, crew.names["operator"])
    other = seat(crew.second)
    other.goto(f"{desk.url}/desk/inbox/")
    moves.expect_language(other, crew)
    expect(other.locator("main").get_by_text(mark).first).to_be_visible()

    moves.leave_field(page)
    page.keyboard.press("Shift+R")
    form = page.locator("#sheet form#move")
    expect(form.locator("[name=article]:checked")).not_to_have_value("")
    assert number in page.url


def publish(desk: Desk, crew: Crew, seat: Seat) -> None:
    """The manager writes the article and publishes it for everybody."""
    page = seat(crew.manager)
    page.goto(f"{desk.url}/kb/new/")
    page.locator("[name=title]").fill(ARTICLE[crew.language])
    page.locator("[name=audience]").select_option("all")
    page.locator("[name=language]").select_option(crew.language)
    page.locator("[name=body]").fill(ARTICLE[crew.language])
    page.locator("main form.p-form button.btn-primary").click()
    page.locator("form[action$='/publication/'] button").click()
    expect(page.locator("form[action$='/archiving/'] button")).to_be_visible()

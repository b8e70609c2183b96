"""Who looks at the queue sees the next ticket without asking: also where it came while the page was still loading."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Crew, Desk
from tests.real.browser import Watch

pytestmark = pytest.mark.timeout(240)


def came(desk: Desk, crew: Crew, subject: str) -> None:
    desk.deliver(
        crew, subject=subject, text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>", sender="caller"
    )


def opened(page: Page, desk: Desk, mark: str) -> None:
    """An empty list of what has this word."""
    page.goto(f"{desk.url}/desk/queue/?q={mark}")
    expect(page.locator("[data-live=ok]")).to_be_attached()
    expect(page.locator("#queue .empty")).to_be_visible()


def test_what_came_while_the_scripts_were_loading_is_shown(desk: Desk, seat: Seat) -> None:
    crew, mark = desk.crews["bg"], uuid4().hex[:6]
    page = seat(crew.operator)
    held: list[Route] = []
    page.route("**/ui/js/list-keys*.js", lambda route: held.append(route))
    page.goto(f"{desk.url}/desk/queue/?q={mark}", wait_until="commit")
    page.locator("#queue .empty").wait_for(state="attached")  # a function asked for again would need `unsafe-eval`
    came(desk, crew, f"one {mark}")
    other = seat(crew.second)
    other.goto(f"{desk.url}/desk/queue/?q={mark}")
    moves.row(other, f"one {mark}").wait_for()
    page.wait_for_timeout(3_000)  # whoever listens too early has heard it by now
    assert held
    for route in held:
        route.continue_()
    expect(moves.row(page, f"one {mark}")).to_be_visible(timeout=15_000)


def test_into_an_empty_list_and_beside_a_search_that_is_being_typed(desk: Desk, seat: Seat) -> None:
    crew, mark = desk.crews["ru"], uuid4().hex[:6]
    page = seat(crew.operator)
    opened(page, desk, mark)
    page.keyboard.press("/")
    page.keyboard.type("abc")
    came(desk, crew, f"one {mark}")
    expect(moves.row(page, f"one {mark}")).to_be_visible(timeout=30_000)
    expect(page.locator(".side-search input")).to_have_value("abc")


def test_a_box_that_was_ticked_and_is_ticked_no_more_holds_nothing_back(desk: Desk, seat: Seat) -> None:
    crew, mark = desk.crews["ru"], uuid4().hex[:6]
    page = seat(crew.operator)
    opened(page, desk, mark)
    came(desk, crew, f"one {mark}")
    moves.row(page, f"one {mark}").wait_for()
    box = moves.row(page, f"one {mark}").locator("input.check")
    box.check()
    came(desk, crew, f"two {mark}")
    other = seat(crew.second)
    other.goto(f"{desk.url}/desk/queue/?q={mark}")
    moves.row(other, f"two {mark}").wait_for()
    expect(moves.row(page, f"two {mark}")).to_have_count(0)
    box.uncheck()  # the focus stays in the box: nobody types there
    expect(page.locator("#q-new")).to_be_visible(timeout=15_000)
    page.locator("#q-new").click()
    expect(moves.row(page, f"two {mark}")).to_be_visible()


@pytest.mark.parametrize("trouble", ["refused", "cut off"])
def test_an_update_that_fails_once_is_asked_for_again(desk: Desk, seat: Seat, trouble: str) -> None:
    crew, mark, watch = desk.crews["ru"], uuid4().hex[:6], Watch()
    page = seat(crew.operator, watch=watch)
    opened(page, desk, mark)
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if failed or not route.request.headers.get("hx-request"):
            return route.continue_()
        failed.append(route.request.url)
        return route.fulfill(status=503, body="") if trouble == "refused" else route.abort()

    page.route("**/desk/queue/?q=**", fail_once)
    came(desk, crew, f"one {mark}")
    expect(moves.row(page, f"one {mark}")).to_be_visible(timeout=30_000)
    assert failed
    assert page.locator(".toast").count() == 0
    expected = ("/desk/queue/", "htmx:afterRequest", "htmx:sendError")
    assert all(any(words in said for words in expected) for said in watch.console), watch.console
    watch.console.clear()  # that it failed once is said there

"""One served desk for all journeys, and seats at it: a browser of his own for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.stage import LANGUAGES, SECONDS, Crew, Desk, opened
from tests.real.dovecot import Dovecot
from tests.real.site import Login, new_site

Seat = Callable[..., Page]


@pytest.fixture(scope="package")
def served(dovecot: Dovecot) -> Iterator[Desk]:
    """The desk of the journeys; it costs a start of the server, so that all of them share it."""
    site = new_site("journeys")
    try:
        desk = opened(site, dovecot.mailbox(f"journeys-{uuid4().hex[:8]}"))
    except BaseException:
        site.close()
        raise
    yield desk
    desk.close()


@pytest.fixture
def desk(served: Desk) -> Iterator[Desk]:
    """The desk, whose server must not complain during this test."""
    expect.set_options(timeout=SECONDS * 1000)
    yield served
    expect.set_options(timeout=5000)
    served.verdict()


@pytest.fixture(params=LANGUAGES)
def crew(request: pytest.FixtureRequest, desk: Desk) -> Crew:
    """The people of one language after the other."""
    return desk.crews[str(request.param)]


@pytest.fixture
def seat(desk: Desk, new_context: Callable[..., AbstractContextManager[BrowserContext]]) -> Iterator[Seat]:
    """`seat(person)` is a page in a watched browser context of his own, signed in."""
    with ExitStack() as seats:

        def sit(person: Login | None = None, **options: Any) -> Page:
            context = seats.enter_context(new_context(**{"locale": "en-GB", **options}))
            context.set_default_timeout(SECONDS * 1000)
            page = context.new_page()
            if person is not None:
                desk.sit(page, person)
            return page

        yield sit

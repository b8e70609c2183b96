"""Every page that a person reaches by links: accessible, quiet, from this house alone, light and dark, wide and narrow.

With FIRSTLINE_SCREENS=folder each page is also photographed, to be looked at.
"""

import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.real.site import Site

LIMIT = 40  # kinds of pages for one person: a number in an address does not make another kind
WIDTHS = ((1440, 900), (375, 812))
SCREENS = os.environ.get("FIRSTLINE_SCREENS")
NOT_PAGES = re.compile(r"^/(?:static|api|events|metrics)/|/files/|/original(?:\.eml)?/?$|/download/?$|/logout")

TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"

# What a page looks like does not depend on the database: one run is enough.
pytestmark = [pytest.mark.timeout(900), pytest.mark.sqlite]


def kind(address: str) -> str:
    """The address without what makes it one of many."""
    path = re.sub(r"/kb/[^/]+/", "/kb/ARTICLE/", urlsplit(address).path)
    return re.sub(r"[^/]*\d[^/]*", "N", path)


def links(page: Page, site: Site) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    whole = [urljoin(page.url, target).partition("#")[0] for target in found]
    return [
        address for address in whole if address.startswith(site.url) and not NOT_PAGES.search(urlsplit(address).path)
    ]


def look(page: Page, axe: Callable[..., Any], label: str) -> list[str]:
    """Check the open page in both colours and widths; in the dark what depends on colours. Returns what is wrong."""
    wrong = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            page.evaluate(TWO_FRAMES)
            where = f"{label} {width} {colours}"
            try:
                axe(page, colours_only=colours == "dark")
            except AssertionError as violations:
                wrong.append(f"{where}: {violations}")
            if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
                wrong.append(f"{where}: the page scrolls sideways")
            if SCREENS:
                name = re.sub(r"\W+", "-", where).strip("-")
                page.screenshot(path=Path(SCREENS) / f"{name}.png")
    if page.locator("h1").count() != 1:
        wrong.append(f"{label}: {page.locator('h1').count()} first headings")
    if not page.title().strip():
        wrong.append(f"{label}: no title")
    return wrong


@pytest.fixture(scope="module")
def walked() -> set[str]:
    """The kinds of pages that somebody already looked at in all colours and widths."""
    return set()


@pytest.mark.parametrize(
    ("role", "client", "doors"),
    [
        (None, None, ("/account/login/", "/portal/", "/portal/ask/", "/kb/")),
        ("requester", None, ("/portal/", "/kb/")),
        ("coordinator", None, ("/portal/", "/kb/")),
        ("operator", None, ("/desk/", "/desk/search/?q=printer", "/kb/")),
        ("manager", None, ("/desk/", "/kb/")),
        ("administrator", None, ("/desk/", "/kb/")),
    ],
    ids=lambda value: str(value or "-") if not isinstance(value, tuple) else "",
)
def test_every_page_is_fit_for_everybody(
    demo_site: Site,
    new_context: Callable[..., AbstractContextManager[BrowserContext]],
    axe: Callable[..., Any],
    walked: set[str],
    role: str | None,
    client: str | None,
    doors: tuple[str, ...],
) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    with new_context(locale="ru-RU") as context:
        page = context.new_page()
        if role:
            demo_site.sign_in(page, demo_site.person(role, client))
        waiting = [demo_site.url + door for door in doors]
        while waiting and len(seen) < LIMIT:
            address = waiting.pop(0)
            if kind(address) in seen:
                continue
            seen.add(kind(address))
            answer = page.goto(address)
            if answer is None or answer.status != 200:
                wrong.append(f"{address}: {answer.status if answer else 'no answer'}")
                continue
            if kind(address) not in walked or urlsplit(address).path in doors:
                wrong += look(page, axe, f"{role or 'nobody'} {kind(address)}")
                walked.add(kind(address))
            waiting += links(page, demo_site)
    assert not wrong, "\n".join(wrong)
    assert len(seen) >= len(doors)

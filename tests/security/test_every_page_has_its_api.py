"""Everything a page can do the API can do (always-true 7): each address that a form may be sent to, as Django finds
them, is done by an address of the API, or stands with its reason among what only a page does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.page_deeds import BY_ANOTHER_NAME, ONLY_A_PAGE

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
API = "api/v1/"


def test_each_form_has_an_address_of_the_api_or_a_reason() -> None:
    known = written_by_api()
    missing = [
        page for page in posted_pages() if BY_ANOTHER_NAME.get(page, page) not in known and page not in ONLY_A_PAGE
    ]
    assert missing == [], f"{missing}: give it an address of the API, or say in page_deeds.py why only a page does it"


def test_the_table_names_nothing_that_is_gone() -> None:
    pages, known = set(posted_pages()), written_by_api()
    assert (BY_ANOTHER_NAME.keys() | ONLY_A_PAGE.keys()) - pages == set()
    assert set(BY_ANOTHER_NAME.values()) - known == set()
    assert not BY_ANOTHER_NAME.keys() & ONLY_A_PAGE.keys()


def patterns(given: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if given is None else given:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def written_by_api() -> set[str]:
    """The addresses of the API that change something, without its prefix."""
    routes = {(route, pattern) for route, pattern in patterns() if route.startswith(API)}
    return {plain(route.removeprefix(API)) for route, pattern in routes if methods(pattern) & WRITES}


def posted_pages() -> list[str]:
    """The addresses that a form may be sent to, without `desk/`."""
    pages = ((route, pattern) for route, pattern in patterns() if not route.startswith((API, "static")))
    return [plain(route.removeprefix("desk/")) for route, pattern in pages if "POST" in methods(pattern)]


def methods(pattern: URLPattern) -> set[str]:
    """What the view says that it takes, asked before anybody is looked at."""
    asked = RequestFactory().generic("OPTIONS", "/")
    answer = pattern.callback(asked, **dict.fromkeys(pattern.pattern.converters, "1"))
    return set(answer.headers.get("Allow", "").replace(" ", "").split(","))


def plain(route: str) -> str:
    """Without the last slash, and without the kinds that only pages name."""
    return re.sub(r"<(?:slug|str):", "<", route.rstrip("/")).replace("<calendar>", "<slug>")

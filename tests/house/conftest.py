"""The stand on which our page scripts are tried."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.house.stand import Stand

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>stand</title>
<meta name="htmx-config" content='{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,
"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},
{"code":"[45]..","swap":false,"error":true}]}'>
<script src="/static/ui/js/boot.js"></script>
<script src="/htmx.js" defer></script><script src="/static/vendor/idiomorph-ext.min.js" defer></script>
<script type="module" src="/static/ui/js/app.js"></script><script type="module" src="/static/ui/js/queue.js"></script>
</head>"""


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A running stand."""
    server = Stand()
    yield server
    server.stop()


@pytest.fixture
def open_page(stand: Stand, page: Page) -> Callable[[str], Page]:
    """`open_page("<body>…</body>")` shows that body under our scripts and the strict policy."""

    def show(body: str) -> Page:
        stand.page = HEAD + body + "</html>"
        page.goto(stand.url)
        return page

    return show

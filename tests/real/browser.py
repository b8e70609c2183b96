"""Debian's Chromium under Playwright, watched: another host, a console error or a policy violation fails the test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.real.programs import RealPartMissing, find_program

AXE = Path(__file__).resolve().parents[2] / "frontend" / "build" / "axe.min.js"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Rules whose answer depends on the colours; light and dark differ in nothing else.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# Said by Chromium about answers that a page is meant to get (a form with errors, somebody was faster, not allowed).
EXPECTED_WORDS = "Failed to load resource: the server responded with a status of"


def launch(playwright: Playwright) -> Browser:
    """Start Chromium. Raises RealPartMissing with the line that installs it.

    Ubuntu's own package is a snap, which sees no folder of ours: there Google Chrome serves as well.
    """
    others = [name for name in ("google-chrome-stable", "google-chrome") if shutil.which(name)]
    program = find_program("chromium" if shutil.which("chromium") or not others else others[0], package="chromium")
    return playwright.chromium.launch(executable_path=str(program), args=FLAGS)


@dataclass
class Watch:
    """What went wrong in a context while a test looked at its pages."""

    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("request", self._request)
        context.on("weberror", lambda error: self.console.append(f"exception: {error.error}"))
        context.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_WORDS):
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def verdict(self) -> None:
        """Raise AssertionError when a page spoke to another host or complained."""
        assert not self.foreign, f"requests to other hosts: {self.foreign}"
        assert not self.console, f"errors in the console: {self.console}"


@contextmanager
def watched(browser: Browser, *, watch: Watch | None = None, **options: Any) -> Iterator[BrowserContext]:
    """A context of its own (cookies, size, colours) whose pages are watched until the end.

    A test that provokes a complaint gives its own `watch`, and takes out of it what it expected.
    """
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options})
    context.set_default_timeout(15_000)
    watch = watch or Watch()
    watch.attach(context)
    try:
        yield context
        watch.verdict()
    finally:
        context.close()


def check_accessibility(
    page: Page, *, impacts: tuple[str, ...] = ("serious", "critical"), colours_only: bool = False
) -> list[dict[str, Any]]:
    """Run axe (WCAG 2.0 to 2.2 A and AA, best practice; or the rules about colours alone) and return all violations.

    Raises AssertionError on one of the given impacts, with the elements, and RealPartMissing without a built axe.
    """
    if not AXE.exists():
        raise RealPartMissing(f"{AXE.name} is not built. Build it with: script/assets")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = {"type": "rule", "values": OF_COLOURS} if colours_only else {"type": "tag", "values": RULES}
    found = page.evaluate("asked => axe.run(document, {runOnly: asked})", asked)["violations"]
    grave = [violation for violation in found if violation["impact"] in impacts]
    words = [
        f"{rule['impact']} {rule['id']}: {json.dumps([node['target'] for node in rule['nodes'][:5]])} {rule['help']}"
        for rule in grave
    ]
    assert not grave, f"{page.url}:\n" + "\n".join(words)
    return list(found)

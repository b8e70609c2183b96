"""The manager calls a partner in; he accepts on his phone without signing in, and both see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.real.programs import wait_until
from tests.real.site import Site

pytestmark = pytest.mark.timeout(300)
PARTNERS = {"ru": ("sorokin", "Выхожу", "Ваша памятка"), "bg": ("nikolov", "Идвам", "Вашата паметка")}


@pytest.mark.parametrize("language", ["ru", "bg"])
def test_one_tap_on_a_phone(
    language: str, demo_site: Site, new_context: Callable[..., AbstractContextManager[BrowserContext]]
) -> None:
    login, button, brief = PARTNERS[language]
    with new_context(viewport={"width": 1440, "height": 900}) as desk:
        page = desk.new_page()
        demo_site.sign_in(page, demo_site.person("manager"))
        page.goto(f"{demo_site.url}/desk/reinforcement/")
        page.fill("#reason", f"Ночь {language}")
        page.check(f"form[action='/desk/reinforcement/'] input[name=people][value={login}]")
        page.click("form.ro-form button")
        called_in = page.locator(".ri").filter(has_text=f"Ночь {language}")
        expect(called_in).to_be_visible()
        address = _address(demo_site, login)
        with new_context(viewport={"width": 375, "height": 812}, has_touch=True) as pocket:
            phone = pocket.new_page()
            phone.goto(address)
            assert phone.evaluate("document.documentElement.scrollWidth") <= 375
            phone.get_by_role("button", name=button, exact=True).tap()
            expect(phone.locator("h1")).to_have_text(brief)
            assert phone.evaluate("document.documentElement.scrollWidth") <= 375
        page.reload()
        expect(called_in.locator(".tone-green").last).to_be_visible()


def _address(site: Site, login: str) -> str:
    """The link of the newest letter to him, as his phone's mail program shows it."""
    found: list[str] = []

    def there() -> bool:
        for file in sorted((site.home / "outgoing").glob("**/*.eml"), key=lambda one: one.stat().st_mtime):
            letter = message_from_bytes(file.read_bytes(), policy=default)
            body = letter.get_body(("plain",))
            if login in str(letter["To"]) and body is not None:
                found.extend(re.findall(r"http\S+/come/\S+/", body.get_content()))
        return bool(found)

    assert site.process is not None
    wait_until(there, seconds=60, what="the letter that asks", process=site.process, log=site.log)
    return found[-1]

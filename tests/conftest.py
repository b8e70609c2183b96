"""What every test may ask for: the engine, the corpora, real servers, a browser, a served desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from firstline.brand import identity
from firstline.brand.identity import Identity
from firstline.contracts.edition import forget_all
from firstline.lib.database import from_url
from tests.real import emptied, engine
from tests.real.browser import Watch, check_accessibility, launch, watched
from tests.real.dovecot import Dovecot, Mailbox, start_dovecot
from tests.real.site import Site, new_site
from tests.real.smtp import SmtpSink

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("FIRSTLINE_CORPORA") or ROOT.parent / "shared" / "data")
OTHER_ENGINES = [name for name in engine.ENGINES if name != engine.ENGINE]
NO_CORPORA = f"corpora not here: {CORPORA} (FIRSTLINE_CORPORA names the folder)"

# A busy machine is no failure: how fast examples come says nothing about what they prove.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")

# What needs one of these works with a real part: a database, a server, a browser.
REAL_PARTS = {"db", "transactional_db", "django_db_setup", "browser", "dovecot", "smtp_sink", "one_sink", "demo_site",
              "make_site", "served", "stand", "one_server", "postfix", "place", "begun", "desk", "site",
              "rig", "broken_rig", "desks", "fed"}  # fmt: skip


def is_fast(item: pytest.Item) -> bool:
    """Whether it touches no database, server or browser, and says the same whatever the engine."""
    if any(item.get_closest_marker(name) for name in ("django_db", *engine.ENGINES)):
        return False
    return REAL_PARTS.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run cannot or should not do. What is about the other engine has its own run."""
    others = [item for item in items if any(item.get_closest_marker(name) for name in OTHER_ENGINES)]
    if wanted := os.environ.get("FIRSTLINE_FAST"):  # 1: what is fast and nothing else; 0: whatever is not
        of_the_other = set(others)
        others = [item for item in items if item in of_the_other or is_fast(item) != (wanted == "1")]
    if others:
        config.hook.pytest_deselected(items=others)
        left_out = set(others)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if item.get_closest_marker("corpora") and not CORPORA.is_dir():
            item.add_marker(pytest.mark.skip(reason=NO_CORPORA))
        if item.get_closest_marker("soak") and os.environ.get("FIRSTLINE_SOAK") != "1":
            item.add_marker(pytest.mark.skip(reason="a long run: script/test --soak"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Count in one line what was not run for want of the corpora."""
    left_out = sum("corpora not here" in str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if left_out and (tally := os.environ.get("FIRSTLINE_TEST_TALLY")):
        with Path(tally).open("a") as file:
            file.write(f"{left_out}\n")  # script/test adds up its parts
    if left_out:
        terminalreporter.write_line(f"not run for want of the corpora: {left_out} tests ({CORPORA})")


@pytest.fixture(scope="session", autouse=True)
def plain_static_names() -> None:
    """Templates that are rendered in this process name static files as they are: nothing was collected here.

    The hashed names are tested where they are made (tests/house/test_static_files.py) and on the served desk.
    """
    storages = dict(django_settings.STORAGES)
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = storages


@pytest.fixture(autouse=True)
def no_terms_of_another_test() -> None:
    """A test that was undone gives its numbers back, and the next one's contracts have the same."""
    forget_all()


@pytest.fixture(autouse=True)
def no_brand_of_another_test() -> None:
    """What a process keeps of the house's looks is nobody's choice at the beginning of a test."""
    identity.keep(Identity(), seconds=86_400)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> None:
    """The tests of a process share a copy of the migrated database.

    On SQLite it is a real file, as the desk has, in the private home of this process: WAL, locks and all. It need not
    survive a power cut, so that one does not wait for the disk.
    """
    name = f"test_{engine.WORKER or 'main'}"
    database = from_url(engine.new_database(name, home=django_settings.FIRSTLINE_HOME))
    if engine.ENGINE == "sqlite":
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= {key: database[key] for key in ("NAME", "OPTIONS")}


@pytest.fixture(scope="session", autouse=True)
def only_what_was_written_is_emptied() -> Iterator[None]:
    """Tests that commit leave empty tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptied.empty_what_was_written())
        yield


@pytest.fixture
def corpora() -> Path:
    """The folder of mail and ticket corpora; a test that asks for it is skipped, and counted, without the folder."""
    if not CORPORA.is_dir():
        pytest.skip(NO_CORPORA)
    return CORPORA


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP server: `dovecot.host`, `.port`, `.mailbox("name")`."""
    server = start_dovecot()
    yield server
    server.stop()


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Mailbox:
    """An empty mailbox of this test alone."""
    return dovecot.mailbox(f"desk-{uuid4().hex[:12]}")


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A scripted SMTP server: `.url`, `.answers`, `.letters`, `.wait_for(n)`."""
    sink = SmtpSink()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for the run.

    Playwright's synchronous interface keeps an event loop in this thread, where Django would refuse its ORM.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Watch:
    """What the pages of `context` did wrong so far; a test takes out of it what it provoked."""
    return Watch()


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A watched context of this test: no other host, no console error."""
    with watched(browser, watch=watch, locale="ru-RU") as fresh:
        yield fresh


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the watched context."""
    return context.new_page()


@pytest.fixture(scope="session")
def new_context(browser: Browser) -> Callable[..., AbstractContextManager[BrowserContext]]:
    """Make further watched contexts: `with new_context(locale="bg-BG", color_scheme="dark") as context:`."""
    return lambda **options: watched(browser, **options)


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[dict[str, Any]]]:
    """`axe(page)` fails on serious and critical violations."""
    return check_accessibility


@pytest.fixture(scope="session")
def demo_site() -> Iterator[Site]:
    """`firstline serve` with the demo company, one for the run: `.url`, `.person(role)`, `.run(…)`."""
    site = new_site("demo")
    try:
        site.demo()
        site.start()
        yield site
    finally:
        site.close()


@pytest.fixture
def make_site() -> Iterator[Callable[..., Site]]:
    """Make empty desks of this test alone: `site = make_site(EMAIL_URL=smtp_sink.url); site.start()`."""
    made: list[Site] = []

    def make(name: str = "site", **settings: str) -> Site:
        made.append(new_site(name, **settings))
        return made[-1]

    yield make
    for site in made:
        site.close()

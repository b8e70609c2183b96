"""An administrator adds a mailbox in the page, sees its probe go round, and is told when a password is wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Seat
from tests.journeys.stage import PASSWORD, PERSON, Crew, Desk
from tests.real.dovecot import Dovecot, Mailbox
from tests.real.loop import deliver_into
from tests.real.site import Login
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def administrator(desk: Desk, crew: Crew) -> Login:
    login = f"admin-{crew.language}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "administrator.toml"
        file.write_text(
            PERSON.format(
                login=login, name="Ада", email=f"{login}@desk.example", password=PASSWORD, language=crew.language,
                role="administrator", more="",
            ),
            encoding="utf-8",
        )  # fmt: skip
        desk.site.must("apply", str(file))
    return Login(login, PASSWORD, "administrator", None, f"{login}@desk.example")


@pytest.fixture
def sales(dovecot: Dovecot) -> Mailbox:
    return dovecot.mailbox(f"sales-{uuid4().hex[:8]}")


@pytest.fixture
def office(sales: Mailbox) -> Iterator[SmtpSink]:
    """A post office that delivers into the new mailbox."""
    sink = SmtpSink()
    deliver_into(sink, sales)
    yield sink
    sink.stop()


def fill_in(page: Page, address: str, sales: Mailbox, office: SmtpSink) -> None:
    page.fill("[name=address]", address)
    for kind, host, port in (("imap", sales.host, sales.port), ("smtp", office.host, office.port)):
        page.fill(f"[name={kind}_host]", host)
        page.fill(f"[name={kind}_port]", str(port))
        page.select_option(f"[name={kind}_security]", kind)
    page.fill("[name=imap_user]", sales.login)
    page.fill("[name=imap_password]", sales.password)
    page.fill("[name=name_ru]", "Отдел продаж")


def test_it_goes_round_and_a_wrong_password_is_said(
    desk: Desk,
    crew: Crew,
    administrator: Login,
    seat: Seat,
    sales: Mailbox,
    office: SmtpSink,
    axe: Callable[..., Any],
) -> None:
    address = f"{sales.login}@desk.example"
    page = seat(administrator)
    page.goto(f"{desk.url}/desk/channels/")
    page.locator(".bar a[href='/desk/channels/new/']").click()
    fill_in(page, address, sales, office)
    page.locator(".ch-foot button").click()
    page.wait_for_url("**/desk/channels/*/")
    expect(page.locator("h1")).to_have_text(address)
    axe(page)

    # The probe is sent by the worker and brought back by the fetcher; the page follows by itself.
    page.locator("#probe form button").click()
    expect(page.locator("#probe")).to_contain_text(crew.word("The probe came back"))
    expect(page.locator("#probe .ch-legs li")).to_have_count(2)
    expect(page.locator("#state")).to_contain_text(crew.word("All is well"))
    assert [str(one["To"]) for one in office.letters] == [address]
    here = page.url
    page.goto(f"{desk.url}/desk/intake/")
    expect(page.locator("main")).to_contain_text(crew.word("A probe: the mailbox wrote to itself"))
    page.goto(f"{desk.url}/desk/queue/?status=any&q=flprobe")
    expect(page.locator("main a[href^='/desk/tickets/']")).to_have_count(0)

    page.goto(here)
    page.fill("[name=imap_password]", "wr0ng")
    page.locator(".ch-foot button").click()
    expect(page.locator("#state")).to_contain_text(crew.word("Letters cannot be fetched"))
    expect(page.locator("#state")).to_contain_text(
        crew.word("The server does not take this user or this password: enter them again below.")
    )
    assert "wr0ng" not in page.content()
    page.goto(f"{desk.url}/desk/channels/")
    card = page.locator(".ch-card").filter(has_text=address)
    expect(card).to_contain_text(crew.word("Letters cannot be fetched"))
    expect(page.locator("nav.side a[href='/desk/channels/'] .count")).to_be_visible()

    # Out of use: nothing is wrong any more, and nothing is left for the other journeys.
    card.locator("h2 a").click()
    page.locator("[name=is_active]").uncheck()
    page.locator(".ch-foot button").click()
    expect(page.locator("#state")).to_contain_text(crew.word("switched off", "mailbox"))
    page.goto(f"{desk.url}/desk/channels/")
    expect(card).to_contain_text(crew.word("switched off", "mailbox"))
    expect(card).not_to_contain_text(crew.word("Letters cannot be fetched"))

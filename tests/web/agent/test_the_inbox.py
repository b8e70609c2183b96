"""The inbox: ticket by ticket what one was told; reading the ticket reads it, on every screen."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.live.models import Signal
from firstline.notices import inbox
from firstline.notices.models import Notice
from firstline.people import tokens
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def told(s: SimpleNamespace, words: str = "Это <b>HP</b>", times: int = 1) -> Ticket:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(1))
    for n in range(times):
        ticket = conversation.reply(ticket, Words(text=words), by=s.ivan, at=later(2 + n), channel=Channel.PORTAL)
    return ticket


def browser(person: Any) -> Client:
    made = Client()
    made.force_login(person)
    return made


def page(person: Any, address: str = "/desk/inbox/") -> str:
    return browser(person).get(address).content.decode()


def test_what_happened_stands_under_its_ticket(s: SimpleNamespace) -> None:
    ticket = told(s, times=7)
    html = page(s.olga)
    assert html.count(f'href="/desk/tickets/{ticket.pk}/"') == 1
    assert html.count("Отвечает Иван Петров") == 5
    assert "и ещё 2" in html
    assert "Это &lt;b&gt;HP&lt;/b&gt;" in html
    assert "Всё прочитано" in page(s.nadia)


def test_the_sidebar_counts_tickets_within_its_statement(s: SimpleNamespace) -> None:
    client = browser(s.olga)
    client.get("/desk/queue/")
    with CaptureQueriesContext(connection) as before:
        client.get("/desk/queue/")
    told(s, times=3)
    told(s)
    with CaptureQueriesContext(connection) as after:
        html = client.get("/desk/queue/").content.decode()
    assert re.search(r'href="/desk/inbox/"[^>]*data-hotkey="g i".*?<span class="count">2</span>', html)
    assert len(after) <= len(before) + 1  # the clocks of the rows that now are there


def test_the_ticket_before_him_is_read(s: SimpleNamespace) -> None:
    ticket = told(s)
    client = browser(s.olga)
    html = client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "data-unread-here" in html
    assert "data-unread-here" not in client.get("/desk/queue/").content.decode()
    answer = client.post(f"/desk/inbox/{ticket.pk}/reading/", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 204
    assert "data-unread-here" not in client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "Всё прочитано" in page(s.olga)
    assert "Отвечает Иван Петров" in page(s.olga, "/desk/inbox/?all=1")


def test_his_other_screens_hear_that_it_is_read(s: SimpleNamespace) -> None:
    ticket = told(s)
    inbox.read(s.olga, ticket.pk, at=later(9))
    signal = Signal.objects.get(topic="inbox")
    assert signal.audience == f" person:{s.olga.pk} "
    inbox.read(s.olga, ticket.pk, at=later(9))
    assert Signal.objects.filter(topic="inbox").count() == 1


def test_reading_reads_nobody_elses(s: SimpleNamespace) -> None:
    ticket = told(s)
    browser(s.nadia).post(f"/desk/inbox/{ticket.pk}/reading/")
    browser(s.nadia).post("/desk/inbox/reading/")
    assert Notice.objects.filter(person=s.olga, read_at__isnull=True).exists()
    browser(s.olga).post("/desk/inbox/reading/")
    assert not Notice.objects.filter(person=s.olga, read_at__isnull=True).exists()


def test_what_he_may_no_longer_see_is_neither_shown_nor_counted(s: SimpleNamespace) -> None:
    ticket = told(s)
    s.olga.scope.clear()
    assert ticket.subject not in page(s.olga)
    assert browser(s.olga).post(f"/desk/inbox/{ticket.pk}/reading/").status_code == 404
    assert not inbox.unread_tickets(s.olga).exists()


def test_it_costs_the_same_whatever_is_in_it(s: SimpleNamespace) -> None:
    counts = []
    for more in (2, 12):
        for _ in range(more):
            told(s, times=2)
        with CaptureQueriesContext(connection) as asked:
            page(s.olga)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_it_goes_on_page_by_page(s: SimpleNamespace) -> None:
    numbers = [told(s).pk for _ in range(inbox.PAGE + 2)]
    first = inbox.page(s.olga)
    second = inbox.page(s.olga, first.following)
    assert [group.ticket.pk for group in (*first.groups, *second.groups)] == numbers[::-1]
    assert second.following == ""
    assert inbox.page(s.olga, "abc").groups


def test_the_table_is_kept_shown_and_taken_back(s: SimpleNamespace) -> None:
    client = browser(s.olga)
    html = client.get("/desk/profile/notices/").content.decode()
    assert 'name="whose.answer"' in html
    assert 'name="whose.assigned"' not in html
    sent = {"mail.answer": "digest", "whose.answer": "team", "mail.breach": "now", "inbox.breach": "1", "quiet": "1"}
    client.post("/desk/profile/notices/", sent)
    s.olga.refresh_from_db()
    assert s.olga.notices["rows"]["answer"] == {"inbox": False, "mail": "digest", "whose": "team", "push": True}
    assert s.olga.notices["quiet"] is True
    assert s.olga.hears == " answer:team "
    assert client.post("/desk/profile/notices/", {"mail.answer": "hourly"}).status_code == 422
    client.post("/desk/profile/notices/", {"usual": "1"})
    s.olga.refresh_from_db()
    assert (s.olga.notices, s.olga.hears) == ({}, "")


def test_the_api_reads_marks_and_chooses(s: SimpleNamespace) -> None:
    ticket = told(s)
    _token, secret = tokens.create(s.olga, at=later(0), by=s.olga, scopes=list(tokens.SCOPES), note="")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    items = client.get("/api/v1/inbox").json()["items"]
    assert [(one["ticket"], one["unread"]) for one in items] == [(str(ticket.pk), 1)]
    assert items[0]["notices"][0]["said"] == "Отвечает Иван Петров"
    read = client.post("/api/v1/inbox/reading", {"ticket": ticket.pk}, content_type="application/json")
    assert read.json() == {"read": 1}
    assert client.get("/api/v1/inbox").json()["items"] == []
    asked = {"rows": {"answer": {"mail": "digest"}}, "quiet": True}
    kept = client.put("/api/v1/inbox/wishes", asked, content_type="application/json").json()
    assert kept["rows"]["answer"] == {"inbox": True, "mail": "digest", "whose": "mine", "push": True}
    wrong = {"rows": {"assigned": {"whose": "all"}}}
    assert client.put("/api/v1/inbox/wishes", wrong, content_type="application/json").status_code == 422

"""The triage page: why, from whom, how it begins; one deed for one letter or for many, and its result said for each."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.intake.models import Desk, Inbound
from firstline.people.models import Person
from firstline.post.models import Account
from firstline.tickets.models import Ticket

LETTER = (
    b"From: Ivan <ivan@north.example>\r\nTo: desk@desk.example\r\nSubject: Toner\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nToner is out\r\n"
)


@pytest.fixture
def mailbox(stage: SimpleNamespace) -> Account:
    account = Account.objects.create(address="desk@desk.example")
    Desk.objects.create(account=account, team=stage.line1)
    return account


def letter(account: Account, number: int, **fields: Any) -> Inbound:
    given = {"state": "quarantine", "outcome": "quarantine", "reason": "no sender"} | fields
    raw = LETTER + str(number).encode()
    return Inbound.objects.create(
        source="imap:desk@desk.example", source_key=f"1:{number}", account=account, sha256=f"{number:064d}",
        size=len(raw), raw=raw, sender="ivan@north.example", subject=f"Toner {number}", preview=f"Words {number}",
        **given,
    )  # fmt: skip


def done(browser: Client, **sent: Any) -> str:
    return browser.post("/desk/quarantine/decisions/", sent, follow=True).content.decode()


def test_each_letter_says_why_from_whom_and_how_it_begins(olga: Client, mailbox: Account) -> None:
    letter(mailbox, 1)
    html = olga.get("/desk/quarantine/").content.decode()
    for words in ("It names no sender", "ivan@north.example", "Toner 1", "Words 1", "original.eml", "Make a ticket"):
        assert words in html


def test_many_are_done_at_once_and_each_result_is_said(olga: Client, mailbox: Account) -> None:
    rows = [letter(mailbox, number) for number in range(3)]
    Inbound.objects.filter(pk=rows[1].pk).update(state="done", outcome="ignored", decided_at=rows[1].received_at)

    html = done(olga, deed="spam", item=[row.pk for row in rows])

    assert "Called spam: 2" in html
    assert "Could not be: 1" in html
    assert "Somebody has decided this already" in html
    assert Inbound.objects.filter(outcome="ignored", reason="spam").count() == 2
    assert "Called spam: 2" not in olga.get("/desk/quarantine/").content.decode()  # said once


def test_what_was_put_aside_is_taken_back_from_the_same_page(olga: Client, mailbox: Account) -> None:
    row = letter(mailbox, 1)
    html = done(olga, deed="ignore", item=row.pk, why="Реклама")
    assert f'<input type="hidden" name="item" value="{row.pk}">' in html
    assert 'value="back"' in html
    assert "Реклама" in olga.get("/desk/quarantine/?list=ignored").content.decode()

    assert "Back in quarantine: 1" in done(olga, deed="back", item=row.pk)
    row.refresh_from_db()
    assert (row.outcome, row.reason) == ("quarantine", "no sender")


def test_run_again_and_ticket_and_add_lead_where_they_should(
    olga: Client, stage: SimpleNamespace, mailbox: Account
) -> None:
    first, second, third = (letter(mailbox, number) for number in range(3))
    assert "became a ticket" in done(olga, deed="again", item=first.pk)
    made = Ticket.objects.get()
    assert made.requester == stage.ivan
    assert f"#{made.pk}" in done(olga, deed="join", item=second.pk, ticket=f"#{made.pk}")
    assert made.messages.count() == 2
    assert "Tickets made: 1" in done(olga, alone=f"ticket:{third.pk}", item=[first.pk])
    assert Ticket.objects.count() == 2


def test_enter_in_a_field_means_the_deed_of_that_field(olga: Client, mailbox: Account) -> None:
    row = letter(mailbox, 1)
    assert "Ignored: 1" in done(olga, deed="", item=row.pk, why="Реклама")


def test_nothing_ticked_or_no_reason_changes_nothing_and_says_so(olga: Client, mailbox: Account) -> None:
    row = letter(mailbox, 1)
    assert "Nothing is ticked" in done(olga, deed="spam")
    answer = olga.post("/desk/quarantine/decisions/", {"deed": "ignore", "item": row.pk, "why": " "})
    assert answer.status_code == 422
    assert f'value="{row.pk}"' in answer.content.decode()  # what was ticked is still ticked
    row.refresh_from_db()
    assert row.outcome == "quarantine"


def test_all_that_is_shown_can_be_ticked_without_javascript(olga: Client, mailbox: Account) -> None:
    for number in range(3):
        letter(mailbox, number)
    assert 'href="/desk/quarantine/?all=1"' in olga.get("/desk/quarantine/").content.decode()
    assert olga.get("/desk/quarantine/?all=1").content.decode().count(" checked") == 3


def test_a_thousand_are_paged_by_number_and_counted_to_99(
    olga: Client, mailbox: Account, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(120):
        letter(mailbox, number)
    with django_assert_max_num_queries(14):
        html = olga.get("/desk/quarantine/").content.decode()
    assert html.count('class="tri-row"') == 50
    assert "99+" in html
    oldest = Inbound.objects.order_by("-id")[49].pk
    assert f"before={oldest}" in html
    second = olga.get(f"/desk/quarantine/?before={oldest}").content.decode()
    assert second.count('class="tri-row"') == 50
    assert "Toner 119<" not in second


def test_the_part_that_is_fetched_again_is_the_part_of_the_page(olga: Client, mailbox: Account) -> None:
    letter(mailbox, 1)
    part = olga.get("/desk/quarantine/", headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<div class="tri" id="triage"')
    assert part in olga.get("/desk/quarantine/").content.decode()


def test_another_teams_letters_are_neither_seen_nor_touched(
    stage: SimpleNamespace, mailbox: Account, signed_in: Callable[[Person], Client]
) -> None:
    row = letter(mailbox, 1)
    emil = signed_in(stage.emil)
    assert "Toner 1" not in emil.get("/desk/quarantine/").content.decode()
    answer = emil.post("/desk/quarantine/decisions/", {"deed": "spam", "item": row.pk}, follow=True)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.outcome == "quarantine"

"""Unaccounted for is a number on the triage page; not 0, it opens a list from which letters are taken in."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.intake import reckon_journal, reckoning
from firstline.intake.models import Desk, Missing
from firstline.intake.reckoning import Found
from firstline.lib import clock
from firstline.people.models import Person
from firstline.post.models import Account


@pytest.fixture
def account(stage: SimpleNamespace) -> Account:
    account = Account.objects.create(address="desk@desk.example", imap="imap://a:b@127.0.0.1:1/")
    Desk.objects.create(account=account, team=stage.line1)
    return account


def lost(account: Account) -> Missing:
    found = Found("Processed:1:7", reckoning.ON_SERVER, None, "ivan@north.example", "Пропажа")
    reckoning.settle(
        reckoning.mailbox(account.pk), [found], at=clock.now(), account_id=account.pk, numbers={"processed": 12}
    )
    return Missing.objects.get()


def test_nothing_is_said_before_the_first_comparison_and_then_zero_with_its_moment(
    stage: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    lev = signed_in(stage.lev)
    before = lev.get("/desk/quarantine/").content.decode()
    assert "Unaccounted for:" in before or "Потеряно из виду:" in before
    assert "tri-when" not in before
    reckon_journal.reckon(clock.now())
    after = lev.get("/desk/quarantine/").content.decode()
    assert "tri-when" in after
    assert "is-missing" not in after


def test_what_is_missing_is_listed_and_taken_in(olga: Client, account: Account) -> None:
    found = lost(account)
    page = olga.get("/desk/quarantine/").content.decode()
    assert "is-missing" in page
    html = olga.get("/desk/unaccounted/").content.decode()
    for words in ("Пропажа", "ivan@north.example", "the journal does not know it", "Take it in"):
        assert words in html
    answer = olga.post(f"/desk/unaccounted/{found.pk}/taking-in/", follow=True).content.decode()
    assert "is being taken in" in answer
    found.refresh_from_db()
    assert found.wanted_by is not None
    assert found.wanted_by.login == "olga"


def test_another_team_neither_sees_nor_takes_it(
    stage: SimpleNamespace, account: Account, signed_in: Callable[[Person], Client]
) -> None:
    found = lost(account)
    emil, anna = signed_in(stage.emil), signed_in(stage.anna)
    assert "Пропажа" not in emil.get("/desk/unaccounted/").content.decode()
    assert emil.post(f"/desk/unaccounted/{found.pk}/taking-in/").status_code == 404
    assert anna.get("/desk/unaccounted/").status_code == 403
    assert signed_in(stage.maria).get("/desk/unaccounted/").content.decode().count("Пропажа") == 1

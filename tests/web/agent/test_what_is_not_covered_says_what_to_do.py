"""A ticket whose service the contract does not cover, or covers for money, says so and what is to be done."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


def page(s: SimpleNamespace, **fields: object) -> str:
    ticket = cast.ticket(s, **fields)
    s.olga.language = "en"
    s.olga.save()
    browser = Client()
    browser.force_login(s.olga)
    return str(browser.get(f"/desk/tickets/{ticket.pk}/").content.decode())


def test_an_excluded_service_names_the_contract_and_the_advice_of_the_service() -> None:
    s = cast.stage()
    s.version.excluded.add(s.printing)
    s.printing.advice = {"en": "Send them to the leasing firm."}
    s.printing.save()
    html = page(s, service=s.printing)
    assert "“Printing” is not covered by contract 118-24." in html
    assert "Send them to the leasing firm." in html


def test_a_service_for_money_says_so_and_the_contracts_words_go_first() -> None:
    s = cast.stage()
    s.version.billable.add(s.printing)
    s.version.advice = {"en": "An order of the coordinator, 45 € an hour."}
    s.version.save()
    s.printing.advice = {"en": "Send them to the leasing firm."}
    s.printing.save()
    html = page(s, service=s.printing)
    assert "“Printing” is done for money under contract 118-24." in html
    assert "An order of the coordinator, 45 € an hour." in html
    assert "leasing" not in html


def test_without_words_it_still_says_whom_to_ask() -> None:
    s = cast.stage()
    s.version.billable.add(s.printing)
    assert "Ask the coordinator to approve an order before work that costs." in page(s, service=s.printing)


def test_what_is_included_says_nothing() -> None:
    s = cast.stage()
    html = page(s, service=s.printing)
    assert "is not covered by" not in html
    assert "for money" not in html


def test_a_ticket_of_a_service_without_a_team_begins_on_its_line() -> None:
    s = cast.stage()
    s.network.team, s.network.line = None, 2
    s.network.save()
    assert cast.ticket(s, service=s.network).line == 2
    assert cast.ticket(s, service=s.printing).line == 1

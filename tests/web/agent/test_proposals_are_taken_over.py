"""Proposals on the ticket: fetched after the page, taken over by one press, and only by who may change the ticket."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.lines import solved_before

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: Settings, tmp_path: Path) -> None:
    settings.FIRSTLINE_HOME = str(tmp_path)


def test_a_category_is_taken_over_with_its_service() -> None:
    s = solved_before.desk()
    solved_before.learn()
    ticket = cast.ticket(s, subject="Принтер", words=Words(text="Принтер зажевал бумагу"))
    browser = Client()
    browser.force_login(s.olga)
    address = f"/desk/tickets/{ticket.pk}/proposals/"
    page = browser.get(address).content.decode()
    assert "Замятие бумаги" in page
    assert 'data-hotkey="shift+c"' in page
    browser.post(address, {"field": "category", "value": "paper-jam"})
    held = Ticket.objects.get(pk=ticket.pk)
    assert (held.category, held.service) == (s.jam, s.printing)
    assert Event.objects.get(ticket=ticket, kind=Kind.CHANGED).by == s.olga
    assert "Замятие бумаги" not in browser.get(address).content.decode()


def test_what_cannot_be_proposed_is_refused() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    browser = Client()
    browser.force_login(s.olga)
    for field, value in (("client", "east"), ("category", "no-such"), ("priority", "9"), ("type", "x")):
        answer = browser.post(f"/desk/tickets/{ticket.pk}/proposals/", {"field": field, "value": value})
        assert answer.status_code == 422, field
    assert not Event.objects.filter(ticket=ticket, kind=Kind.CHANGED).exists()


def test_a_new_desk_says_why_nothing_is_proposed() -> None:
    s = cast.stage()
    browser = Client()
    browser.force_login(s.adam)
    page = browser.get(f"/desk/tickets/{cast.ticket(s).pk}/proposals/").content.decode()
    assert "Not enough solved tickets yet" in page

"""The list: own requests, a company's for its coordinator, filters in the address, pages by a key."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.tickets import lifecycle
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def numbers(client: Client, **query: str) -> list[int]:
    return [ticket.pk for ticket, _ in client.get("/portal/requests/", query).context["rows"]]


def test_a_requester_has_his_own_even_when_he_asks_for_the_companys(client: Client, s: SimpleNamespace) -> None:
    mine = cast.ticket(s)
    cast.ticket(s, requester=s.irina)
    client.force_login(s.ivan)
    assert numbers(client, whose="company") == [mine.pk]


def test_the_coordinator_has_the_companys_and_nothing_of_another(client: Client, s: SimpleNamespace) -> None:
    ivans, irinas = cast.ticket(s), cast.ticket(s, requester=s.irina)
    cast.ticket(s, requester=s.stoyan)
    client.force_login(s.kira)
    assert numbers(client) == []
    assert numbers(client, whose="company") == [irinas.pk, ivans.pk]


def test_filters_by_state_number_and_words(client: Client, s: SimpleNamespace) -> None:
    done, asked = cast.ticket(s, subject="Сеть пропала"), cast.ticket(s, subject="Принтер")
    lifecycle.cancel(done, why="сама", by=s.ivan, at=clock.now())
    lifecycle.wait(asked, on="client", reason="?", by=s.olga, at=clock.now())
    client.force_login(s.ivan)
    assert numbers(client) == [asked.pk]
    assert numbers(client, state="done") == [done.pk]
    assert numbers(client, state="yours") == [asked.pk]
    assert numbers(client, state="all") == [asked.pk, done.pk]
    assert numbers(client, state="all", q="сеть") == [done.pk]
    assert numbers(client, state="all", q=str(asked.pk)) == [asked.pk]
    assert numbers(client, state="nonsense", before="x") == [asked.pk]


def test_pages_follow_one_another_without_gap_and_the_count_stops_at_99(client: Client, s: SimpleNamespace) -> None:
    made = [cast.ticket(s, subject=f"Заявка {n}").pk for n in range(45)]
    client.force_login(s.ivan)
    seen: list[int] = []
    address = "/portal/requests/"
    for _ in range(3):
        response = client.get(address)
        seen += [ticket.pk for ticket, _ in response.context["rows"]]
        address = "/portal/requests/" + response.context["next"]
    assert seen == made[::-1]
    assert response.context["next"] == ""

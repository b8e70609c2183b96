"""The first page: how one's requests stand, what waits, and an answer to one question."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.knowledge import articles
from firstline.knowledge.solutions import resolve_with
from firstline.lib import clock
from firstline.ops import search_upkeep
from firstline.tickets import conversation, lifecycle
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def text(client: Client, path: str = "/portal/", **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_visitor_is_led_to_the_sign_in_and_back(client: Client) -> None:
    assert client.get("/portal/")["Location"] == "/account/login/?next=/portal/"


def test_somebody_of_the_desk_has_his_own_pages(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.olga)
    assert client.get("/portal/")["Location"] == "/desk/"
    ticket = cast.ticket(s)
    assert client.post(f"/portal/requests/{ticket.pk}/confirmation/").status_code == 403


def test_each_request_shows_its_step_and_the_last_sentence_of_a_person(client: Client, s: SimpleNamespace) -> None:
    worked, asked = cast.ticket(s), cast.ticket(s, subject="Сканер не сохраняет")
    conversation.answer(worked, Words(text="Инженер  занимается\nдиском"), by=s.olga, at=clock.now())
    conversation.note(worked, Words(text="СЕКРЕТ"), by=s.olga, at=clock.now())
    lifecycle.wait(asked, on="client", reason="В какую папку?", by=s.olga, at=clock.now())
    client.force_login(s.ivan)
    page = text(client)
    assert "Ольга Смирнова: Инженер занимается диском" in page
    assert "В какую папку?" in page
    assert page.index("Сканер не сохраняет") < page.index("Не печатает принтер")
    assert 'class="ask" aria-current="step"' in page
    assert "СЕКРЕТ" not in page


def test_what_is_solved_is_confirmed_in_one_click(client: Client, s: SimpleNamespace) -> None:
    ticket = resolve_with(cast.ticket(s), how="Заменили картридж", remote=True, by=s.olga, at=clock.now())
    client.force_login(s.ivan)
    page = text(client)
    assert "Заменили картридж" in page
    assert f'action="/portal/requests/{ticket.pk}/confirmation/"' in page
    assert client.post(f"/portal/requests/{ticket.pk}/confirmation/", {"seen": ticket.version}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_a_question_finds_articles_and_own_requests_only(client: Client, s: SimpleNamespace) -> None:
    article = articles.write(
        title="Принтер печатает пустые листы", body="Картридж.", language="ru", audience="all", by=s.lev, at=clock.now()
    )
    articles.publish(article, by=s.lev, at=clock.now())
    cast.ticket(s, subject="Принтер у Ивана")
    cast.ticket(s, subject="Принтер у Ирины", requester=s.irina)
    while search_upkeep.index_due(clock.now()):
        pass
    client.force_login(s.ivan)
    page = text(client, q="принтер").replace("<mark>", "").replace("</mark>", "")
    assert "пустые листы" in page
    assert "Принтер у Ивана" in page
    assert "Принтер у Ирины" not in page


def test_the_page_costs_the_same_for_one_request_and_for_many(
    client: Client, s: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    client.force_login(s.ivan)

    def add(n: int) -> None:
        for _ in range(n):
            conversation.answer(cast.ticket(s), Words(text="Смотрим"), by=s.olga, at=clock.now())

    add(1)
    with django_assert_max_num_queries(20) as few:
        text(client)
    add(9)
    with django_assert_max_num_queries(len(few.captured_queries)):
        text(client)

"""An article put into an answer or a note: who may be shown which, and that the ticket is solved by it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from firstline.knowledge import articles, citing, solutions
from firstline.knowledge.models import Article, Audience, Solution
from firstline.lib import clock
from firstline.ops import search_upkeep
from firstline.tickets import conversation
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage, subject="Принтер замялся")
    return stage


def article(s: SimpleNamespace, title: str, **given: Any) -> Article:
    fields = {"body": "Откройте крышку принтера.", "language": "ru", "audience": Audience.ALL, **given}
    made = articles.write(title=title, by=s.lev, at=later(0), **fields)
    return articles.publish(made, by=s.lev, at=later(0))


def address(one: Article) -> str:
    return f"{settings.FIRSTLINE_BASE_URL}/kb/{one.slug}/"


def offered(s: SimpleNamespace, typed: str = "", mode: str = "reply") -> str:
    while search_upkeep.index_due(clock.now()):
        pass
    client = Client()
    client.force_login(s.olga)
    where = f"/desk/tickets/{s.ticket.pk}/articles/found/"
    return client.get(where, {"q": typed, "mode": mode}).content.decode()


@pytest.mark.parametrize("typed", ["", "замятие"])
def test_an_answer_is_offered_only_what_the_client_may_read(s: SimpleNamespace, typed: str) -> None:
    public = article(s, "Замятие в принтере")
    inside = article(s, "Замятие: что не говорить клиенту о принтере", audience=Audience.DESK)
    others = article(s, "Замятие принтера на Юге", audience=Audience.CLIENT, client=s.south)
    in_answer, in_note = offered(s, typed), offered(s, typed, "note")
    assert address(public) in in_answer
    assert address(inside) not in in_answer
    assert address(others) not in in_answer
    assert address(public) in in_note
    assert address(inside) in in_note
    assert address(others) in in_note
    assert in_note.count("i-sm") == 2  # a lock on each of those that the client cannot read


def test_what_is_outside_the_scope_is_offered_to_nobody(s: SimpleNamespace) -> None:
    theirs = articles.write(
        title="Замятие на Востоке", body="принтер", language="ru", audience=Audience.CLIENT, client=s.east, by=s.maria,
        at=later(0),
    )  # fmt: skip
    theirs = articles.publish(theirs, by=s.maria, at=later(0))
    assert address(theirs) not in offered(s, "замятие", "note")


def test_the_client_is_offered_the_text_in_his_language(s: SimpleNamespace) -> None:
    one = article(s, "Замятие в принтере")
    more = {"title": "Засядане в принтера", "body": "Отворете капака на принтера.", "summary": "превод"}
    articles.revise(one, **more, language="bg", by=s.lev, at=later(1))
    assert "Замятие в принтере" in offered(s)
    s.ivan.language = "bg"
    s.ivan.save()
    assert "Засядане в принтера" in offered(s)
    assert "Замятие в принтере" in offered(s, mode="note")  # Olga reads Russian


def test_a_ticket_is_solved_by_the_article_that_its_answer_cites(s: SimpleNamespace) -> None:
    one = article(s, "Замятие в принтере")
    words = Words(text=f"Сделайте так: {address(one)}")
    solutions.answer_and_resolve(s.ticket, words, by=s.olga, at=later(5))
    assert Solution.objects.get().article == one


def test_an_earlier_answer_counts_a_note_does_not(s: SimpleNamespace) -> None:
    cited, noted = article(s, "Замятие в принтере"), article(s, "Принтер мигает")
    conversation.answer(s.ticket, Words(html=f'<p><a href="{address(cited)}">Замятие</a></p>'), by=s.olga, at=later(5))
    conversation.note(s.ticket, Words(text=f"не то: {address(noted)}"), by=s.olga, at=later(6))
    solutions.answer_and_resolve(s.ticket, Words(text="Помогло?"), by=s.olga, at=later(7))
    assert Solution.objects.get().article == cited


def test_the_form_of_resolving_proposes_what_was_cited_last(s: SimpleNamespace) -> None:
    article(s, "Замятие в принтере")
    noted = article(s, "Совсем другое", body="Другое.")
    conversation.note(s.ticket, Words(text=f"по статье {address(noted)}"), by=s.olga, at=later(5))
    client = Client()
    client.force_login(s.olga)
    form = client.get(f"/desk/tickets/{s.ticket.pk}/resolution/").content.decode()
    assert f'value="{noted.slug}" checked' in form


def test_only_our_own_addresses_are_citations() -> None:
    base = settings.FIRSTLINE_BASE_URL
    words = f"{base}/kb/one/ {base}/kb/one/?lang=bg https://evil.example/kb/two/ {base}/kb/three"
    assert citing.cited_in(words) == ["one"]

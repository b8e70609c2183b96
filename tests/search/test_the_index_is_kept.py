"""What changes is found by its new words within one step of the worker, and nothing makes the desk wait for that."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from firstline.intake import senders
from firstline.knowledge import articles
from firstline.lib import claims, clock
from firstline.ops import health, integrity, search_upkeep
from firstline.people import profiles
from firstline.search import index, indexing
from firstline.search.models import Stale, Turn
from firstline.search.question import Document
from firstline.tickets import findable, properties
from firstline.tickets.models import Ticket
from tests import cast
from tests.search import desk

pytestmark = pytest.mark.django_db


def test_a_verb_marks_and_one_step_of_the_worker_finds() -> None:
    s = cast.stage()
    desk.index()
    ticket = cast.ticket(s)
    assert Stale.objects.filter(kind="ticket", number=ticket.pk).exists()
    assert search_upkeep.index_due(clock.now()) > 0
    assert desk.numbers(s.olga, "лампочка") == [ticket.pk]
    properties.change(ticket, subject="Сканер", by=s.olga, at=clock.now())
    search_upkeep.index_due(clock.now())
    assert desk.numbers(s.olga, "сканеры") == [ticket.pk]
    assert desk.numbers(s.olga, "принтер печатать лампа") == []
    assert list(search_upkeep.differences()) == []


def test_an_undone_verb_leaves_no_mark() -> None:
    s = cast.stage()
    desk.index()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        cast.ticket(s)
        raise ZeroDivisionError
    assert not Stale.objects.filter(kind="ticket").exists()


def test_a_new_telephone_number_finds_the_persons_tickets() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    desk.index()
    profiles.change(s.ivan, phone="+7 901 700 80 90", language="ru", theme="", at=clock.now())
    desk.index()
    assert desk.numbers(s.olga, "8 901 700-80-90") == [ticket.pk]
    assert desk.numbers(s.olga, "8 921 555-01-42") == []


def test_a_letter_of_somebody_new_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    desk.index()
    writer = senders.make(email="new@north.example", name="Новый", client=s.north)
    ticket = desk.ticket(s, "Принтер", requester=writer)
    read: list[int] = []

    def counted(numbers: Sequence[int]) -> list[Document]:
        read.extend(numbers)
        return findable.read(numbers)

    monkeypatch.setattr(search_upkeep, "READERS", {**search_upkeep.READERS, findable.KIND: counted})
    while search_upkeep.index_due(clock.now()):
        pass
    assert read == [ticket.pk]
    assert desk.numbers(s.olga, "Новый") == [ticket.pk]


def test_an_article_is_found_by_its_new_text_and_not_when_archived() -> None:
    s = cast.stage()
    made = desk.article(s, "Замена барабана", audience="all")
    articles.revise(
        made, title="Замена фотобарабана", body="…", summary="точнее", language="ru", by=s.maria, at=clock.now()
    )
    desk.index()
    assert desk.everywhere.look(s.ivan, "фотобарабан").articles
    assert not desk.everywhere.look(s.ivan, "замена барабана").articles or desk.how(s.ivan, "замена барабана")[0]
    articles.archive(made, by=s.maria, at=clock.now())
    assert not desk.everywhere.look(s.ivan, "фотобарабан").articles


def test_one_broken_text_keeps_nothing_else_out_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    desk.index()
    bad, good = cast.ticket(s, subject="Плохая"), cast.ticket(s, subject="Хорошая")
    read = findable.read

    def failing(numbers: list[int]) -> list[index.Document]:
        if bad.pk in numbers:
            raise ValueError("broken")
        return read(numbers)

    monkeypatch.setattr(search_upkeep, "READERS", {**search_upkeep.READERS, "ticket": failing})
    search_upkeep.index_due(clock.now())
    assert desk.numbers(s.olga, "хорошая") == [good.pk]
    assert any(problem.name == "search incomplete" for problem in health.problems(clock.now()))
    assert search_upkeep.index_due(clock.now()) == 0  # it is not tried at once again


def test_who_indexes_is_alone() -> None:
    s = cast.stage()
    cast.ticket(s)
    turn = indexing.take_turn()
    assert turn is not None
    assert search_upkeep.index_due(clock.now()) == 0
    Turn.objects.update(lease_owner="another:1:x")
    with pytest.raises(claims.LeaseLost), transaction.atomic():
        claims.finish(turn)
    Turn.objects.update(lease_until=None)
    assert search_upkeep.index_due(clock.now()) > 0


def test_a_rebuild_makes_it_right_and_a_check_says_what_is_wrong() -> None:
    s = cast.stage()
    ticket, other = cast.ticket(s), cast.ticket(s, subject="Другая")
    desk.index()
    assert list(integrity.everything_is_found_by_its_words()) == []
    Ticket.objects.filter(pk=ticket.pk).update(subject="Подменённая")
    index.remove("ticket", [other.pk])
    index.put("person", [index.Document(999_999, frozenset({"x"}), frozenset(), frozenset(), frozenset())])
    found = list(integrity.everything_is_found_by_its_words())
    assert [line.split(":")[0] for line in found] == [f"ticket {ticket.pk}", f"ticket {other.pk}", "person 999999"]
    done = dict(search_upkeep.rebuild())
    assert done["ticket"] == 2
    assert list(integrity.everything_is_found_by_its_words()) == []
    assert desk.numbers(s.olga, "подменённая") == [ticket.pk]


def test_what_an_older_version_made_is_found_after_the_periodic_job() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    Stale.objects.all().delete()
    assert desk.numbers(s.olga, "лампочка") == []
    assert search_upkeep.mark_missing(clock.now()) >= 1
    while search_upkeep.index_due(clock.now()):
        pass
    assert desk.numbers(s.olga, "лампочка") == [ticket.pk]


def test_an_event_costs_one_statement() -> None:
    s = cast.stage()
    event = cast.ticket(s).events.latest("pk")
    with CaptureQueriesContext(connection) as seen:
        findable.follow(event)
    assert len([one for one in seen if "INSERT" in one["sql"]]) == 1

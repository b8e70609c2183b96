"""Resolving keeps what helped: the ticket's history, and the article's count, agree."""

from __future__ import annotations

import pytest

from firstline.knowledge import articles, queries
from firstline.knowledge.models import Solution
from firstline.knowledge.solutions import resolve_with
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongStatus
from tests import cast
from tests.cast import MONDAY_NINE

pytestmark = pytest.mark.django_db


def test_a_ticket_solved_by_an_article_counts_for_it_among_those_who_see_the_ticket() -> None:
    s = cast.stage()
    article = articles.write(title="Замятие", body="Достаньте лист.", language="ru", by=s.olga, at=MONDAY_NINE)
    ticket = resolve_with(
        cast.ticket(s), how="Достали лист", remote=True, article_slug=article.slug, by=s.olga, at=MONDAY_NINE
    )
    assert ticket.status == "resolved"
    assert ticket.events.get(kind="resolved").data["article"] == article.slug
    assert queries.times_helped([article]) == {article.pk: 1}
    assert [one.pk for one in queries.solved_by(article, s.olga)] == [ticket.pk]
    assert not queries.solved_by(article, s.petra).exists()
    assert not queries.solved_by(article, s.ivan).exists()


def test_an_article_that_is_not_there_resolves_nothing() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    with pytest.raises(NotThere):
        resolve_with(ticket, how="Так", remote=False, article_slug="nowhere", by=s.olga, at=MONDAY_NINE)
    ticket.refresh_from_db()
    assert ticket.status == "new"


def test_without_an_article_the_words_are_kept_and_twice_is_refused() -> None:
    s = cast.stage()
    ticket = resolve_with(cast.ticket(s), how="Перезагрузили", remote=False, by=s.emil, at=MONDAY_NINE)
    solution = Solution.objects.get(ticket=ticket)
    assert (solution.article, solution.how, solution.remote) == (None, "Перезагрузили", False)
    with pytest.raises(WrongStatus):
        resolve_with(ticket, how="Ещё раз", remote=False, by=s.emil, at=MONDAY_NINE)
    assert Solution.objects.count() == 1

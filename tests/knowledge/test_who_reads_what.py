"""Visitors and clients read what is validated and for them; the desk reads every state within its scope."""

from __future__ import annotations

import pytest

from firstline.knowledge import articles, queries
from firstline.knowledge.models import Article
from firstline.people.models import Person
from firstline.tickets.queries import NotThere
from tests import cast
from tests.cast import MONDAY_NINE

pytestmark = pytest.mark.django_db


def write(by: Person, title: str = "Не печатает принтер", **fields: object) -> Article:
    given = {"body": "Проверьте кабель.", "language": "ru", "at": MONDAY_NINE, **fields}
    return articles.write(title=title, by=by, **given)  # type: ignore[arg-type]


def slugs(person: Person | None) -> set[str]:
    return {article.slug for article in queries.visible_to(person)}


def test_a_visitor_reads_only_what_is_validated_and_for_everyone() -> None:
    s = cast.stage()
    draft = write(s.lev, "Черновик", audience="all")
    staff = articles.publish(write(s.lev, "Для своих"), by=s.lev, at=MONDAY_NINE)
    everyone = articles.publish(write(s.lev, "Для всех", audience="all"), by=s.lev, at=MONDAY_NINE)
    of_north = articles.publish(write(s.lev, "Для Севера", audience="client", client=s.north), by=s.lev, at=MONDAY_NINE)
    assert slugs(None) == {everyone.slug}
    assert slugs(s.stoyan) == {everyone.slug}
    assert slugs(s.ivan) == {everyone.slug, of_north.slug}
    assert slugs(s.olga) == {draft.slug, staff.slug, everyone.slug, of_north.slug}
    assert slugs(s.petra) == {draft.slug, staff.slug, everyone.slug}
    assert slugs(s.maria) == slugs(s.olga)


def test_what_one_may_not_read_is_not_there() -> None:
    s = cast.stage()
    of_north = articles.publish(write(s.lev, audience="client", client=s.north), by=s.lev, at=MONDAY_NINE)
    assert queries.get_for(s.ivan, of_north.slug).pk == of_north.pk
    for stranger in (None, s.stoyan, s.eve, s.petra):
        with pytest.raises(NotThere):
            queries.get_for(stranger, of_north.slug)


def test_somebody_who_left_reads_what_a_visitor_reads() -> None:
    s = cast.stage()
    write(s.lev)
    s.olga.is_active = False
    assert slugs(s.olga) == set()


def test_the_list_costs_the_same_for_one_article_and_for_many(django_assert_num_queries: object) -> None:
    s = cast.stage()
    write(s.lev)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert [queries.text_in(article, "bg").title for article in queries.visible_to(s.olga)] == [
            "Не печатает принтер"
        ]
    for number in range(20):
        write(s.lev, f"Статья {number}")
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len([queries.text_in(article, "bg").title for article in queries.visible_to(s.olga)]) == 21

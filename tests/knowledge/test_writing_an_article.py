"""Articles have every revision kept; who may draft, edit and publish is product.md's table."""

from __future__ import annotations

import pytest

from firstline.audit.models import Row
from firstline.knowledge import articles, queries
from firstline.knowledge.models import Article, Revision
from firstline.knowledge.refusals import ArticleChanged
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets.refusals import WrongValue
from tests import cast
from tests.cast import MONDAY_NINE

pytestmark = pytest.mark.django_db


def write(by: Person, title: str = "Не печатает принтер", **fields: object) -> Article:
    given = {"body": "Проверьте кабель.", "language": "ru", "at": MONDAY_NINE, **fields}
    return articles.write(title=title, by=by, **given)  # type: ignore[arg-type]


def revise(article: Article, by: Person, **fields: object) -> Article:
    given = {
        "title": "Не печатает",
        "body": "Включите.",
        "summary": "короче",
        "language": "ru",
        "at": MONDAY_NINE,
        **fields,
    }
    return articles.revise(article, by=by, **given)  # type: ignore[arg-type]


def test_the_address_is_the_title_in_latin_letters_and_taken_once() -> None:
    s = cast.stage()
    assert write(s.olga).slug == "ne-pechataet-printer"
    assert write(s.olga).slug == "ne-pechataet-printer-2"
    assert write(s.olga, "!!!").slug == "article"


def test_a_revision_is_added_and_the_one_before_stays_as_it_was() -> None:
    s = cast.stage()
    article = write(s.olga)
    revise(article, s.emil)
    assert list(article.revisions.order_by("number").values_list("number", "title", "is_current")) == [
        (1, "Не печатает принтер", False),
        (2, "Не печатает", True),
    ]
    assert Row.objects.filter(target=f"article:{article.pk}").count() == 2


@pytest.mark.parametrize("login", ["ivan", "kira", "anna"])
def test_who_is_not_of_the_writing_roles_writes_nothing(login: str) -> None:
    s = cast.stage()
    with pytest.raises(NotAllowed):
        write(getattr(s, login))
    article = write(s.olga)
    with pytest.raises(NotAllowed):
        revise(article, getattr(s, login))


def test_an_operator_revises_drafts_only_and_publishes_nothing() -> None:
    s = cast.stage()
    article = write(s.olga)
    revise(article, s.petra)
    for deed in (articles.publish, articles.archive):
        with pytest.raises(NotAllowed):
            deed(article, by=s.olga, at=MONDAY_NINE)
    published = articles.publish(article, by=s.lev, at=MONDAY_NINE)
    with pytest.raises(NotAllowed):
        revise(published, s.olga)


def test_an_engineers_words_on_a_validated_article_wait_for_a_lead() -> None:
    s = cast.stage()
    article = articles.publish(write(s.olga, audience="all"), by=s.lev, at=MONDAY_NINE)
    assert revise(article, s.lev).state == "validated"
    assert revise(article, s.emil).state == "not_validated"
    assert not queries.visible_to(s.ivan).exists()
    with pytest.raises(NotAllowed):
        articles.publish(article, by=s.emil, at=MONDAY_NINE)
    articles.publish(article, by=s.maria, at=MONDAY_NINE)
    assert queries.visible_to(s.ivan).exists()


def test_a_draft_is_handed_in_once_and_an_archived_one_comes_back() -> None:
    s = cast.stage()
    article = write(s.olga)
    assert articles.hand_in(article, by=s.olga, at=MONDAY_NINE).state == "not_validated"
    with pytest.raises(WrongValue):
        articles.hand_in(article, by=s.lev, at=MONDAY_NINE)
    assert articles.archive(article, by=s.lev, at=MONDAY_NINE).state == "archived"
    assert not queries.shelf(s.olga).exists()
    assert articles.publish(article, by=s.lev, at=MONDAY_NINE).state == "validated"


def test_two_people_at_once_the_second_sees_the_first_and_nothing_is_overwritten() -> None:
    s = cast.stage()
    article = write(s.olga)
    revise(article, s.emil, seen=1, body="Слова Емила.")
    with pytest.raises(ArticleChanged) as refused:
        revise(article, s.lev, seen=1, body="Слова Льва.")
    assert refused.value.newest.body == "Слова Емила."
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "x" * 201), ("body", "\x00"), ("summary", "  "), ("language", "de")],
)
def test_a_wrong_field_is_named_and_nothing_is_written(field: str, value: str) -> None:
    s = cast.stage()
    article = write(s.olga)
    with pytest.raises(WrongValue) as refused:
        revise(article, s.emil, **{field: value})
    assert refused.value.field == field
    assert Revision.objects.count() == 1


def test_an_article_for_one_client_names_one_within_the_writers_scope() -> None:
    s = cast.stage()
    for fields in (
        {"audience": "client"},
        {"audience": "all", "client": s.north},
        {"audience": "client", "client": s.east},
    ):
        with pytest.raises(WrongValue):
            write(s.olga, **fields)
    assert not Article.objects.exists()


def test_a_translation_says_by_how_many_revisions_it_is_behind() -> None:
    s = cast.stage()
    article = write(s.olga)
    revise(article, s.emil, language="bg", title="Не печата", seen=0)
    assert [(t.language, t.behind) for t in queries.translations_of(article)] == [("ru", 0), ("bg", 0), ("en", None)]
    revise(article, s.emil)
    revise(article, s.lev)
    assert [(t.language, t.behind) for t in queries.translations_of(article)] == [("ru", 0), ("bg", 2), ("en", None)]
    assert queries.text_in(queries.get_for(s.olga, article.slug), "bg").title == "Не печата"
    assert queries.text_in(queries.get_for(s.olga, article.slug), "en").language == "ru"

"""Writing in the wiki: who may, what is required, and two people at once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.knowledge import articles
from firstline.knowledge.models import Article, Revision
from firstline.lib import clock
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Замятие бумаги",
    "body": "Откройте крышку.",
    "language": "ru",
    "audience": "desk",
    "summary": "первая",
}


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    client.force_login(stage.olga)
    return stage


@pytest.fixture
def article(s: SimpleNamespace) -> Article:
    return articles.write(title="Замятие", body="Один\nДва\nТри", language="ru", by=s.olga, at=clock.now())


def test_an_operator_writes_a_draft_and_hands_it_in(client: Client, s: SimpleNamespace) -> None:
    response = client.post("/kb/new/", {**TYPED, "services": ["printing"]})
    article = Article.objects.get()
    assert response["Location"] == f"/kb/{article.slug}/?lang=ru"
    assert [service.slug for service in article.services.all()] == ["printing"]
    assert client.post(f"/kb/{article.slug}/handing-in/").status_code == 302
    article.refresh_from_db()
    assert article.state == "not_validated"
    assert client.post(f"/kb/{article.slug}/publication/").status_code == 403


def test_a_lead_publishes_archives_and_brings_back(client: Client, s: SimpleNamespace, article: Article) -> None:
    client.force_login(s.lev)
    for verb, state in (("publication", "validated"), ("archiving", "archived"), ("publication", "validated")):
        assert client.post(f"/kb/{article.slug}/{verb}/").status_code == 302
        article.refresh_from_db()
        assert article.state == state
    assert client.get(f"/kb/{article.slug}/publication/").status_code == 405
    assert "toast row tone-red" in client.post(f"/kb/{article.slug}/publication/", follow=True).content.decode()


@pytest.mark.parametrize("login", ["ivan", "kira", "anna"])
def test_others_write_nothing(client: Client, s: SimpleNamespace, article: Article, login: str) -> None:
    client.force_login(getattr(s, login))
    assert client.get("/kb/new/").status_code == 403
    assert client.post("/kb/new/", TYPED).status_code == 403
    assert client.post(f"/kb/{article.slug}/edit/", TYPED).status_code in (403, 404)
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("title", " "), ("body", ""), ("summary", ""), ("language", "de"), ("client", "east")]
)
def test_a_wrong_field_says_what_is_wrong_and_the_rest_stays(
    client: Client, s: SimpleNamespace, article: Article, field: str, value: str
) -> None:
    typed = {**TYPED, "seen": "1", field: value} | ({"audience": "client"} if field == "client" else {})
    response = client.post(f"/kb/{article.slug}/edit/", typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert f'id="{field}-problem"' in page
    assert all(words in page for name, words in TYPED.items() if name != field)
    assert Revision.objects.count() == 1


def test_two_people_at_once_the_second_sees_both_texts_and_then_saves(
    client: Client, s: SimpleNamespace, article: Article
) -> None:
    client.get(f"/kb/{article.slug}/edit/")
    articles.revise(
        article, title="Замятие", body="Один\nЕмил\nТри", summary="вторая", language="ru", by=s.emil, at=clock.now()
    )
    typed = {**TYPED, "body": "Один\r\nОльга\r\nТри", "seen": "1"}
    refused = client.post(f"/kb/{article.slug}/edit/", typed)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Емил Петров" in page
    assert '<p class="w-removed">' in page
    assert "Ольга" in page
    assert Revision.objects.count() == 2
    seen = refused.context["typed"].seen
    assert client.post(f"/kb/{article.slug}/edit/", {**typed, "seen": seen}).status_code == 302
    assert [r.body for r in Revision.objects.order_by("number")] == [
        "Один\nДва\nТри",
        "Один\nЕмил\nТри",
        "Один\nОльга\nТри",
    ]


def test_a_translation_begins_from_the_text_there_is(client: Client, s: SimpleNamespace, article: Article) -> None:
    typed = client.get(f"/kb/{article.slug}/edit/?lang=bg").context["typed"]
    assert (typed.language, typed.seen, typed.body) == ("bg", "0", "Один\nДва\nТри")
    client.post(f"/kb/{article.slug}/edit/", {**TYPED, "language": "bg", "seen": "0"})
    assert set(article.revisions.filter(is_current=True).values_list("language", flat=True)) == {"ru", "bg"}


def test_the_history_shows_what_each_revision_changed(client: Client, s: SimpleNamespace, article: Article) -> None:
    articles.revise(
        article, title="Замятие", body="Один\nДва", summary="короче", language="ru", by=s.emil, at=clock.now()
    )
    page = client.get(f"/kb/{article.slug}/history/").content.decode()
    assert "короче" in page
    assert page.count('<p class="w-removed">') == 1
    assert client.get(f"/kb/{article.slug}/history/?revision=1").content.decode().count('<p class="w-added">') == 3
    assert client.get(f"/kb/{article.slug}/history/?revision=99").status_code == 200
    client.force_login(s.ivan)
    assert client.get(f"/kb/{article.slug}/history/").status_code == 404

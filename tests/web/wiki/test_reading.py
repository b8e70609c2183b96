"""Reading the wiki: visitors and clients see what is for them, the desk sees state, translations and what it solved."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.knowledge import articles
from firstline.knowledge.models import Article
from firstline.knowledge.solutions import resolve_with
from firstline.lib import clock
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def publish(s: SimpleNamespace, title: str = "Принтер печатает пустые листы", **fields: Any) -> Article:
    given = {
        "body": "## Проверьте картридж\n\nДа.\n\n## Позвоните\n\nНам.",
        "language": "ru",
        "audience": "all",
        **fields,
    }
    return articles.publish(articles.write(title=title, by=s.lev, at=clock.now(), **given), by=s.lev, at=clock.now())


def test_a_visitor_reads_what_is_for_everyone_in_the_portals_frame(client: Client, s: SimpleNamespace) -> None:
    article = publish(s)
    publish(s, "Для своих", audience="desk")
    page = client.get("/kb/").content.decode()
    assert "пустые листы" in page
    assert "Для своих" not in page
    page = client.get(f"/kb/{article.slug}/").content.decode()
    assert '<h2 id="part-1">Проверьте картридж</h2>' in page
    assert 'href="#part-2"' in page
    for internal in ("tone-green", "Лев Соколов", "/history/", "/desk/"):
        assert internal not in page


@pytest.mark.parametrize("login", [None, "stoyan", "petra"])
def test_an_article_of_another_client_is_not_there(client: Client, s: SimpleNamespace, login: str | None) -> None:
    article = publish(s, audience="client", client=s.north)
    if login:
        client.force_login(getattr(s, login))
    for path in ("", "edit/", "history/"):
        wanted = 302 if login is None and path else 404
        assert client.get(f"/kb/{article.slug}/{path}").status_code == wanted
    client.force_login(s.ivan)
    assert client.get(f"/kb/{article.slug}/").status_code == 200


def test_the_desk_sees_state_languages_and_the_tickets_of_its_scope(client: Client, s: SimpleNamespace) -> None:
    article = publish(s)
    articles.revise(
        article, title="Печата празни листове", body="Да.", summary="превод", language="bg", by=s.lev, at=clock.now()
    )
    articles.revise(
        article, title="Пустые листы", body="Да.", summary="короче", language="ru", by=s.lev, at=clock.now()
    )
    ticket = resolve_with(
        cast.ticket(s), how="Картридж", remote=True, article_slug=article.slug, by=s.olga, at=clock.now()
    )
    client.force_login(s.olga)
    page = client.get(f"/kb/{article.slug}/").content.decode()
    assert "tone-amber end" in page
    assert f"/desk/tickets/{ticket.pk}/" in page
    assert "Печата празни листове" in client.get(f"/kb/{article.slug}/?lang=bg").content.decode()
    client.force_login(s.petra)
    assert f"/desk/tickets/{ticket.pk}/" not in client.get(f"/kb/{article.slug}/").content.decode()


def test_words_and_services_narrow_the_list(client: Client, s: SimpleNamespace) -> None:
    publish(s, services=[s.printing])
    publish(s, "Настроить почту", body="Откройте программу.")
    page = client.get("/kb/", {"q": "принтер"}).content.decode()
    assert "пустые листы" in page
    assert "Настроить почту" not in page
    page = client.get("/kb/", {"service": "printing"}).content.decode()
    assert "пустые листы" in page
    assert "Настроить почту" not in page
    assert client.get("/kb/", {"q": "холодильник"}).status_code == 200


def test_the_lists_pages_follow_one_another(client: Client, s: SimpleNamespace) -> None:
    made = [publish(s, f"Статья {number}").pk for number in range(35)]
    first = client.get("/kb/")
    second = client.get("/kb/" + first.context["next"])
    shown = [article.pk for response in (first, second) for article, _, _ in response.context["rows"]]
    assert shown == made[::-1]
    assert second.context["next"] == ""


def test_the_list_costs_the_same_for_one_article_and_for_many(
    client: Client, s: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    client.force_login(s.ivan)
    publish(s, services=[s.printing])
    with django_assert_max_num_queries(9) as few:
        client.get("/kb/")
    for number in range(12):
        publish(s, f"Статья {number}", services=[s.printing])
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/kb/")

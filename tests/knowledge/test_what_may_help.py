"""While somebody types, articles that share his words are proposed; never one he may not read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from firstline.knowledge import articles, suggest
from tests import cast
from tests.cast import MONDAY_NINE

pytestmark = pytest.mark.django_db


def publish(s: SimpleNamespace, title: str, body: str = "Текст.", **fields: Any) -> str:
    given = {"language": "ru", "audience": "all", **fields}
    article = articles.write(title=title, body=body, by=s.lev, at=MONDAY_NINE, **given)
    return articles.publish(article, by=s.lev, at=MONDAY_NINE).slug


def test_the_article_whose_title_shares_most_words_comes_first() -> None:
    s = cast.stage()
    blank = publish(s, "Принтер печатает пустые листы: что проверить")
    toner = publish(s, "Как заменить картридж", "Откройте крышку принтера, достаньте картридж; печатает снова.")
    publish(s, "Настроить почту на телефоне")
    found = suggest.for_text(s.ivan, "принтера на складе печатают пустой лист")
    assert [one.slug for one in found] == [blank, toner]
    assert found[0].score > found[1].score > 0


def test_inflected_words_and_yo_count_as_the_same() -> None:
    s = cast.stage()
    slug = publish(s, "Удалённый доступ через VPN")
    assert [one.slug for one in suggest.for_text(None, "нет удаленного доступа")] == [slug]


def test_nothing_is_proposed_that_the_person_may_not_read() -> None:
    s = cast.stage()
    publish(s, "Принтер для своих", audience="desk")
    publish(s, "Принтер Севера", audience="client", client=s.north)
    assert [one.title for one in suggest.for_text(s.ivan, "принтер")] == ["Принтер Севера"]
    assert suggest.for_text(s.stoyan, "принтер") == []
    assert suggest.for_text(None, "принтер") == []


@pytest.mark.parametrize("nothing", ["", "   ", "и на до", "\x00", "что как это", "!!!"])
def test_a_question_without_words_proposes_nothing(nothing: str) -> None:
    s = cast.stage()
    publish(s, "Принтер")
    assert suggest.for_text(s.ivan, nothing) == []

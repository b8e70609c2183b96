"""Articles found by words: only among those that the person may read, in one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from firstline.knowledge import findable, queries
from firstline.knowledge.models import Article, ArticleState, Revision
from firstline.people.models import Person
from firstline.search import index, ranked, snippets
from firstline.search.asking import Asked
from firstline.search.question import PUBLIC
from firstline.search.ranked import Place
from firstline.search.snippets import Part

_MARKS = re.compile(r"^\s*(?:#{1,6}|>|[-*+])\s+|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Shown:
    """An article in the language in which it was found, with its marks."""

    article: Article
    text: Revision
    title: list[Part]
    words: list[Part]


def find(person: Person | None, asked: Asked, *, some: bool = False) -> list[Place]:
    """In order; what is archived is not looked for."""
    if not asked.words:
        return []
    rows = _readable(person)
    matching = index.matching(findable.KIND, rows, asked.question(PUBLIC, some=some))
    numbers = list(matching.values_list("pk", flat=True)[: ranked.MOST])
    return ranked.order(findable.KIND, rows, asked, numbers, fields=PUBLIC)


def is_there(person: Person | None, asked: Asked) -> bool:
    """Whether the person may read all of these words in any one article."""
    found = index.matching(findable.KIND, _readable(person), asked.question(PUBLIC))
    return bool(found.values_list("pk", flat=True)[:1])


def shown(person: Person | None, places: Sequence[Place], asked: Asked, language: str | None) -> list[Shown]:
    """The articles of a page, in `language` where that text has the words, else in the first that has them."""
    numbers = [place.number for place in places]
    articles = {article.pk: article for article in queries.visible_to(person).filter(pk__in=numbers)}
    return [_shown(articles[number], asked, language) for number in numbers if number in articles]


def _shown(article: Article, asked: Asked, language: str | None) -> Shown:
    preferred = queries.text_in(article, language)
    texts = [preferred, *(text for text in queries.texts_of(article) if text.pk != preferred.pk)]
    best: Shown | None = None
    for text in texts:
        one = Shown(
            article,
            text,
            snippets.marked(text.title, asked.terms, asked.beginning),
            snippets.around([_without_marks(text.body)], asked.terms, asked.beginning),
        )
        if any(part.marked for part in (*one.title, *one.words)):
            return one
        best = best or one
    return best or Shown(article, preferred, [], [])


def _without_marks(markdown: str) -> str:
    """As it is read: without the signs of headings, stress and links."""
    return _MARKS.sub(" ", _LINK.sub(r"\1", markdown))


def _readable(person: Person | None) -> QuerySet[Article]:
    return queries.visible_to(person).exclude(state=ArticleState.ARCHIVED).prefetch_related(None)

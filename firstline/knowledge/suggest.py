"""Articles that may help with a text, by the words they share: titles count more than bodies.

Words are compared by their first letters, which is as much of an inflected Russian or Bulgarian word as can be known
without a dictionary. The newest 1,000 texts are looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from firstline.knowledge import queries
from firstline.knowledge.models import Article, ArticleState, Revision
from firstline.people.models import Person

_WORD = re.compile(r"[^\W_]{3,}")
_BEGINNING = 5  # letters: "принтер", "принтера", "принтерът" begin alike
_MOST_TEXTS = 1000
_MOST_ASKED = 4000  # characters of the question that are read
_COMMON_WORDS = """
    что как это для при или она они его нет меня мне нас вам вас все уже был было есть когда где если чтобы очень можно
    какво това тя те го няма мен беше има кога къде ако много може което който
    the and for with not you are was has have what how when where this that from can does
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True)
class Suggestion:
    """An article with the text to show and how well it fits (0 < score ≤ 1)."""

    article: Article
    text: Revision
    score: float

    @property
    def slug(self) -> str:
        return self.article.slug

    @property
    def title(self) -> str:
        return self.text.title


def of(article: Article, person: Person) -> Suggestion:
    """One that is known to be the right one."""
    return Suggestion(article, queries.text_in(article, person.language), 1.0)


def for_text(person: Person | None, text: str, limit: int = 5, language: str | None = None) -> list[Suggestion]:
    """The best `limit` articles that the person may read, best first; none where no word is shared.

    `language` (default: the person's) decides which text of an article is shown; words count in every language.
    """
    asked = stems(text[:_MOST_ASKED])
    if not asked or limit < 1:
        return []
    wanted = language or (person.language if person else None)
    best: dict[int, float] = {}
    readable = queries.visible_to(person).exclude(state=ArticleState.ARCHIVED).prefetch_related(None)
    rows = Revision.objects.filter(is_current=True, article__in=readable.values("pk")).order_by("-id")
    for article_id, title, body in rows.values_list("article_id", "title", "body")[:_MOST_TEXTS]:
        in_title, in_body = stems(title), _stems_of_body(body)
        shared = sum(1.0 if stem in in_title else 0.35 if stem in in_body else 0.0 for stem in asked)
        if shared >= 0.7 or any(stem in in_title for stem in asked):
            best[article_id] = max(best.get(article_id, 0.0), shared / len(asked))
    chosen = sorted(best, key=lambda pk: (-best[pk], -pk))[:limit]
    articles = {article.pk: article for article in queries.visible_to(person).filter(pk__in=chosen)}
    return [
        Suggestion(articles[pk], queries.text_in(articles[pk], wanted), round(best[pk], 3))
        for pk in chosen
        if pk in articles
    ]


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that say something."""
    words = (word.replace("ё", "е") for word in _WORD.findall(text.lower()))
    return frozenset(word[:_BEGINNING] for word in words if word not in _COMMON)


@lru_cache(maxsize=_MOST_TEXTS)
def _stems_of_body(body: str) -> frozenset[str]:
    """A text is read once a process, not at each letter that somebody types."""
    return stems(body)

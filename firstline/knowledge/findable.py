"""An article as it is looked for: its titles and texts in every language. All who may read it read all of them."""

from __future__ import annotations

from collections.abc import Sequence

from firstline.knowledge.models import Article, Revision
from firstline.search import indexing
from firstline.search.question import Document
from firstline.search.words import all_terms, plain_words

KIND = "article"


def changed(article: Article) -> None:
    """Within the transaction of a verb of the wiki."""
    indexing.mark(KIND, article.pk)


def read(numbers: Sequence[int]) -> list[Document]:
    """The articles with these numbers as documents: two statements."""
    texts: dict[int, list[tuple[str, str]]] = {}
    current = Revision.objects.filter(article__in=numbers, is_current=True).order_by("pk")
    for article, title, body in current.values_list("article_id", "title", "body"):
        texts.setdefault(article, []).append((title, body))
    there = Article.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", "slug")
    return [_document(pk, slug, texts.get(pk, [])) for pk, slug in there]


def _document(number: int, slug: str, texts: list[tuple[str, str]]) -> Document:
    titles = "\n".join(title for title, _body in texts)
    bodies = "\n".join([slug, *(body for _title, body in texts)])
    return Document(
        number=number,
        subject=frozenset(all_terms(titles)),
        public=frozenset(all_terms(bodies)),
        internal=frozenset(),
        facts=frozenset(),
        words=frozenset(plain_words(f"{titles}\n{bodies}")),
    )

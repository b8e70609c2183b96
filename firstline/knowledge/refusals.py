"""The expected refusals of the wiki's verbs; those of tickets (WrongValue, NotThere) are used where they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstline.knowledge.models import Article, Revision


class ArticleChanged(Exception):
    """Somebody saved this text after the person began to edit it (409): both are shown, nothing is overwritten."""

    def __init__(self, article: Article, newest: Revision) -> None:
        super().__init__(f"{article.slug} is at revision {newest.number}")
        self.article, self.newest = article, newest

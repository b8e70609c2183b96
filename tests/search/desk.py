"""A desk whose words are indexed, as the worker does it."""

from __future__ import annotations

from typing import Any

from firstline.knowledge import articles, everywhere, finding
from firstline.knowledge.models import Article
from firstline.lib import clock
from firstline.ops import search_upkeep
from firstline.people.models import Person
from firstline.search import indexing as findable_marks
from firstline.tickets.models import Ticket
from tests import cast


def index() -> None:
    """Everything that was marked; what the cast made without a verb first."""
    search_upkeep.mark_missing(clock.now())
    while search_upkeep.index_due(clock.now()):
        pass


def numbers(person: Person, typed: str, **how: Any) -> list[int]:
    """What has the words as they were typed."""
    found = everywhere.look(person, typed, **how)
    return [] if found.how else [place.number for place in found.tickets.places]


def how(person: Person, typed: str) -> tuple[str, str]:
    found = everywhere.look(person, typed)
    return found.how, found.instead


def ticket(s: Any, subject: str, text: str = "", **fields: Any) -> Ticket:
    words = cast.Words(text=text or "…")
    return cast.ticket(s, subject=subject, words=words, **fields)


def article(s: Any, title: str, body: str = "…", **fields: Any) -> Article:
    made = articles.write(title=title, body=body, language="ru", by=s.maria, at=clock.now(), **fields)
    return articles.publish(made, by=s.maria, at=clock.now())


def findable_again(made: Ticket) -> None:
    """Something about the ticket changed without a verb."""
    findable_marks.mark("ticket", made.pk)
    index()


def found_articles(person: Person, found: everywhere.Everything) -> list[finding.Shown]:
    return finding.shown(person, found.articles, found.asked, "ru")

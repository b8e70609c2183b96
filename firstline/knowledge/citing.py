"""An article put into an answer or a note by its address: which are offered, and which stand on a ticket already.

What is cited is read out of the words themselves: they are the record, wherever they came from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from firstline.knowledge import everywhere, finding, queries, suggest
from firstline.knowledge.models import Article
from firstline.people.models import Person
from firstline.search.snippets import Part
from firstline.tickets.models import Ticket

SHOWN = 8
LOOKED_AT = 30  # messages of ours, the newest
_SLUG = r"/kb/([-a-zA-Z0-9_]{1,120})/"


@dataclass(frozen=True)
class Offered:
    """An article with the words to show and the address to put in. `is_inside`: the client cannot read it."""

    slug: str
    title: str
    language: str
    title_parts: Sequence[Part]
    snippet: Sequence[Part]
    is_inside: bool

    @property
    def address(self) -> str:
        return f"{settings.FIRSTLINE_BASE_URL}/kb/{self.slug}/"


def offered(person: Person, ticket: Ticket, typed: str, about: str, *, to_client: bool) -> list[Offered]:
    """What fits the typed words; nothing typed is what may help with `about`, the ticket's own words. In what goes
    `to_client` only what the requester reads himself, in his language; each is searched among what its reader may
    read."""
    reader = ticket.requester if to_client else person
    language = ticket.requester.language if to_client else person.language
    if typed.strip():
        found = everywhere.look(reader, typed, (everywhere.ARTICLES,), growing=True)
        shown = finding.shown(person, found.articles[:SHOWN], found.asked, language)
        rows = [(one.article, one.text.title, one.text.language, one.title, one.words) for one in shown]
    else:
        fitting = suggest.for_text(reader, about, limit=SHOWN, language=language)
        rows = [(one.article, one.title, one.text.language, [Part(one.title, False)], []) for one in fitting]
    outside = set(
        queries.visible_to(ticket.requester)
        .filter(pk__in=[article.pk for article, *_ in rows])
        .prefetch_related(None)
        .values_list("pk", flat=True)
    )
    return [
        Offered(article.slug, title, code, parts, words, article.pk not in outside)
        for article, title, code, parts, words in rows
    ]


def cited_in(words: str) -> list[str]:
    """The slugs of the articles whose addresses stand in a text or its HTML, each once, in their order."""
    base = re.escape(settings.FIRSTLINE_BASE_URL)
    return list(dict.fromkeys(re.findall(f"{base}{_SLUG}", words)))


def cited_on(ticket: Ticket, person: Person, *, to_client: bool = False) -> list[Article]:
    """The articles that we cited on it and that the person may read, the last one first; `to_client`: in answers."""
    ours = ticket.messages.filter(by_agent=True).order_by("-id")
    if to_client:
        ours = ours.filter(public=True)
    found: list[str] = []
    for text, markup in ours.values_list("text", "html")[:LOOKED_AT]:
        found += reversed(cited_in(f"{text}\n{markup}"))
    slugs = list(dict.fromkeys(found))
    if not slugs:
        return []
    articles = {article.slug: article for article in queries.visible_to(person).filter(slug__in=slugs)}
    return [articles[slug] for slug in slugs if slug in articles]

"""Articles, to read; and who is asking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import cursors, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.tickets import Limit, Search
from firstline.knowledge import queries as wiki
from firstline.tickets.queries import NotThere

router = Router(tags=["Articles"])
me = Router(tags=["Me"])


@router.get("", response={200: schemas.Articles, **FOR_READING}, summary="List articles")
def index(request: HttpRequest, language: Search = "", cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Newest first, what the caller may read, in his language unless another is named."""
    person = caller(request).person
    articles = wiki.shelf(person).filter(revisions__is_current=True).distinct().order_by("-pk")
    last = cursors.number("articles", cursor)
    if last is not None:
        articles = articles.filter(pk__lt=last)
    rows = list(articles[: limit + 1])
    said = cursors.page("articles", rows, limit, lambda row: shapes.article(row, language or person.language))
    return answering.plain(said)


@router.get("/{slug}", response={200: schemas.WholeArticle, **FOR_READING}, summary="Read an article")
def read(request: HttpRequest, slug: str, language: Search = "") -> HttpResponse:
    """Its Markdown, in the language asked for or the first that it has."""
    person = caller(request).person
    if "\x00" in slug:
        raise NotThere(slug)
    return answering.plain(shapes.article(wiki.get_for(person, slug), language or person.language, whole=True))


@me.get("", response={200: schemas.Me, **FOR_READING}, summary="Who am I?")
def who_am_i(request: HttpRequest) -> HttpResponse:
    """The person whose token or session this is."""
    return answering.plain(shapes.person(caller(request).person))

"""Articles: to read, to write and revise, and the way from a draft to what clients read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body as Sent
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies, cursors, named, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.people_bodies import Language
from firstline.api.problems import Refused
from firstline.api.tickets import Limit, Search
from firstline.knowledge import articles, helped
from firstline.knowledge import queries as wiki
from firstline.knowledge.models import Article
from firstline.knowledge.refusals import ArticleChanged
from firstline.people.models import Client, Person
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Articles"])
NO_BODY: Any = Sent(None)
WHOLE = {200: schemas.WholeArticle, **FOR_WRITING}


class NewArticle(bodies.Body):
    title: bodies.Line
    body: bodies.Words = Field(description="Markdown")
    language: Language
    audience: Literal["desk", "client", "all"] = "desk"
    client: bodies.Slug | None = Field(None, description="where the audience is a client")
    services: Annotated[list[bodies.Slug], Field(max_length=50)] = Field(default_factory=list)
    summary: bodies.Line = ""


class NewRevision(bodies.Body):
    """Audience, client and services stay where they are absent."""

    title: bodies.Line
    body: bodies.Words
    language: Language
    summary: bodies.Line = Field(description="what was changed")
    seen: int | None = Field(None, ge=0, description="`revision` that the text was made from; 0: there was none")
    audience: Literal["desk", "client", "all"] | None = None
    client: bodies.Slug | None = None
    services: Annotated[list[bodies.Slug], Field(max_length=50)] | None = None


class HelpedBy(bodies.Body):
    question: bodies.Line = ""


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


@router.post("", response={201: schemas.WholeArticle, **FOR_WRITING}, summary="Write an article")
def write(request: HttpRequest, asked: NewArticle) -> HttpResponse:
    """A draft, until it is handed in or published."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        given = asked.dict() | {"services": _services(asked.services), "client": _client(by, asked.client)}
        return 201, _whole(by, articles.write(**given, by=by, at=at), asked.language)

    return answering.done(request, deed, "articles/{slug}")


@router.put("/{slug}", response=WHOLE, summary="Revise an article")
def revise(request: HttpRequest, slug: str, asked: NewRevision) -> HttpResponse:
    """Another revision of its text in one language, or the first. Written anew since `seen`: 409, nothing is lost."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = _found(by, slug)
        articles.demand_editing(by, found)
        given = asked.dict() | {
            "services": None if asked.services is None else _services(asked.services),
            "client": _client(by, asked.client),
        }
        try:
            kept = articles.revise(found, **given, by=by, at=at)
        except ArticleChanged as changed:
            newest = f"Its revision is {changed.newest.number} by now; nothing was done."
            raise Refused(409, newest, field="seen", kind="changed-since") from changed
        return 200, _whole(by, kept, asked.language)

    return answering.done(request, deed)


@router.post("/{slug}/handing-in", response=WHOLE, summary="Hand in an article")
def hand_in(request: HttpRequest, slug: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """It waits for somebody who publishes."""
    return _move(request, slug, articles.hand_in)


@router.post("/{slug}/publication", response=WHOLE, summary="Publish an article")
def publish(request: HttpRequest, slug: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Its audience reads it from now on; what was archived comes back."""
    return _move(request, slug, articles.publish)


@router.post("/{slug}/archiving", response=WHOLE, summary="Archive an article")
def archive(request: HttpRequest, slug: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Out of lists and proposals; its words and history stay."""
    return _move(request, slug, articles.archive)


@router.post("/{slug}/helped", response=WHOLE, summary="Say that an article helped")
def it_helped(request: HttpRequest, slug: str, asked: HelpedBy) -> HttpResponse:
    """No ticket was needed; `question` is what would have been asked."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        if helped.note(by, slug, asked.question, at=at) is None:
            raise NotThere(slug)
        return 200, _whole(by, wiki.get_for(by, slug))

    return answering.done(request, deed)


def _move(request: HttpRequest, slug: str, verb: Callable[..., Article]) -> HttpResponse:
    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 200, _whole(by, verb(_found(by, slug), by=by, at=at))

    return answering.done(request, deed)


def _found(by: Person, slug: str) -> Article:
    if "\x00" in slug:
        raise NotThere(slug)
    return wiki.get_for(by, slug)


def _whole(by: Person, kept: Article, language: str = "") -> dict[str, Any]:
    said: dict[str, Any] = shapes.article(wiki.get_for(by, kept.slug), language or by.language, whole=True)
    return said


def _services(slugs: list[str]) -> list[Any]:
    return [named.service(slug) for slug in slugs]


def _client(by: Person, slug: str | None) -> Client | None:
    if not slug:
        return None
    found = wiki.clients_for(by).filter(slug=slug).first() if by.is_agent else None
    if found is None:
        raise WrongValue("client", named.UNKNOWN)
    return found

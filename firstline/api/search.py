"""One question to everything that the caller may read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING
from firstline.api.tickets import Search
from firstline.knowledge import everywhere
from firstline.knowledge import finding as articles
from firstline.people import finding as people
from firstline.people.models import Person
from firstline.search import ranked
from firstline.search.ranked import Place
from firstline.search.snippets import Part
from firstline.tickets import finding as tickets

router = Router(tags=["Search"])
Kind = Literal["ticket", "article", "person"]
ANY: Any = Query(None)
Few = Annotated[int, Field(ge=1, le=50)]


@router.get("", response={200: schemas.SearchResult, **FOR_READING}, summary="Search")
def search(
    request: HttpRequest,
    q: Search = "",
    kind: Kind | None = ANY,
    growing: bool = False,
    cursor: Search = "",
    limit: Few = 10,
) -> HttpResponse:
    """Words in any of their forms, a number, an address, a telephone number, an error code; filters as `status:open`,
    `client:slug`, `assignee:me`, `line:2`, `from:address`, `-word`. What has a code or number whole stands first, then
    what has every word in its subject, then the newest.

    Up to `limit` of each kind; of one `kind`, page by page. `growing`: it is still being typed, the last word may be
    the beginning of one. `how` says whether another keyboard layout, another spelling or only some of the words were
    looked for, and `instead` which. The newest 1,000 of each kind are counted; `more` says that there are more.
    """
    person = caller(request).person
    found = everywhere.look(person, q, (kind,) if kind else everywhere.KINDS, growing=growing)
    places = {everywhere.TICKETS: found.tickets.places, everywhere.ARTICLES: found.articles,
              everywhere.PEOPLE: found.people}  # fmt: skip
    items: list[dict[str, Any]] = []
    further = ""
    for name, those in places.items():
        page, after = ranked.page(those, cursor if kind else "", limit)
        further = after if kind == name else further
        items += _SHAPES[name](person, page, found) if page else []
    return answering.plain({
        "items": items, "counts": dict(found.counts), "more": found.tickets.more, "how": found.how or None,
        "instead": found.instead or None, "next_cursor": further or None,
    })  # fmt: skip


def _tickets(person: Person, page: list[Place], found: everywhere.Everything) -> list[dict[str, Any]]:
    return [
        {
            "kind": everywhere.TICKETS, "id": ticket.number, "title": _parts(subject), "snippet": _parts(words),
            "status": str(ticket.status), "client": ticket.client.slug if ticket.client else None,
            "url": ticket.url if person.is_agent else _address(f"/portal/requests/{ticket.number}/"),
        }
        for ticket, subject, words in tickets.shown(person, page, found.asked)
    ]  # fmt: skip


def _articles(person: Person, page: list[Place], found: everywhere.Everything) -> list[dict[str, Any]]:
    return [
        {
            "kind": everywhere.ARTICLES, "id": one.article.slug, "title": _parts(one.title),
            "snippet": _parts(one.words), "status": str(one.article.state),
            "client": one.article.client.slug if one.article.client else None,
            "url": _address(f"/kb/{one.article.slug}/?lang={one.text.language}"),
        }
        for one in articles.shown(person, page, found.asked, person.language)
    ]  # fmt: skip


def _people(person: Person, page: list[Place], found: everywhere.Everything) -> list[dict[str, Any]]:
    return [
        {
            "kind": everywhere.PEOPLE, "id": one.login, "title": _parts([Part(one.name)]),
            "snippet": _parts([Part(" · ".join(filter(None, [one.email, one.readable_phone])))]), "status": None,
            "client": one.client.slug if one.client else None, "url": _address(f"/desk/search/?q=from:{one.login}"),
        }
        for one in people.shown(person, page)
    ]  # fmt: skip


def _parts(parts: list[Part]) -> list[dict[str, Any]]:
    return [{"text": part.text, "marked": part.marked} for part in parts]


def _address(path: str) -> str:
    return f"{settings.FIRSTLINE_BASE_URL}{path}"


_SHAPES = {everywhere.TICKETS: _tickets, everywhere.ARTICLES: _articles, everywhere.PEOPLE: _people}

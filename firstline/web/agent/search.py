"""The desk's search: one question to tickets, articles and people; what was found can be narrowed by its properties."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.knowledge import everywhere
from firstline.knowledge import finding as articles
from firstline.people import finding as people
from firstline.people.models import Person
from firstline.search import ranked
from firstline.tickets import finding as tickets
from firstline.web.agent import search_facets
from firstline.web.agent.door import desk

LONGEST = 300
PAGE, FEW_TICKETS, FEW = 30, 20, 4
ALL = "all"


@require_safe
@desk
def search(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/search/?q=&kind=ticket|article|person&cursor="""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", ALL)
    if kind not in everywhere.KINDS:
        kind = ALL
    context: dict[str, Any] = {"typed": typed, "kind": kind}
    if typed:
        found = everywhere.look(person, typed)
        context |= _shown(person, found, typed, kind, request.GET.get("cursor", ""))
        context |= {
            "found": found,
            "tabs": _tabs(typed, kind, found),
            "instead": _instead(found, typed),
            "facets": search_facets.facets(found, typed),
            "chips": search_facets.chips(found.asked, typed),
            "announced": _counted(found),
        }
    return render(request, "web/agent/search/page.html", context)


def _shown(person: Person, found: everywhere.Everything, typed: str, kind: str, cursor: str) -> dict[str, Any]:
    """The hits of one page: some of each kind, or a page of one."""
    places = {everywhere.TICKETS: found.tickets.places, everywhere.ARTICLES: found.articles,
              everywhere.PEOPLE: found.people}  # fmt: skip
    pages = {}
    following = ""
    for name, those in places.items():
        if kind == ALL:
            pages[name] = those[: FEW_TICKETS if name == everywhere.TICKETS else FEW]
        elif kind == name:
            pages[name], following = ranked.page(those, cursor, PAGE)
    of_tickets, of_articles, of_people = (pages.get(name, []) for name in everywhere.KINDS)
    return {
        "tickets": tickets.shown(person, of_tickets, found.asked) if of_tickets else [],
        "articles": articles.shown(person, of_articles, found.asked, get_language()) if of_articles else [],
        "people": people.shown(person, of_people) if of_people else [],
        "next": following,
        "next_query": urlencode({"q": typed, "kind": kind, "cursor": following}),
    }


def _tabs(typed: str, kind: str, found: everywhere.Everything) -> list[dict[str, Any]]:
    names = {everywhere.TICKETS: _("Tickets"), everywhere.ARTICLES: _("Articles"), everywhere.PEOPLE: _("People")}
    counts = found.counts
    made = [{"label": _("Everything"), "href": address(typed), "count": "", "current": kind == ALL}]
    for name, label in names.items():
        more = name == everywhere.TICKETS and found.tickets.more
        count = f"{counts[name]}+" if more else str(counts[name])
        made.append({"label": label, "href": address(typed, name), "count": count, "current": kind == name})
    return made


def _instead(found: everywhere.Everything, typed: str) -> str:
    """What was looked for, where it is not what was typed."""
    words = {"typed": typed, "instead": found.instead}
    if found.how == everywhere.OTHER_LAYOUT:
        return _("Nothing has “%(typed)s”. Shown is “%(instead)s”: the same keys in another layout.") % words
    if found.how == everywhere.OTHER_SPELLING:
        return _("Nothing has “%(typed)s”. Shown is “%(instead)s”.") % words
    if found.how == everywhere.SOME_WORDS:
        return _("Nothing has all of these words. Shown is what has some of them.")
    return ""


def _counted(found: everywhere.Everything) -> str:
    count = sum(found.counts.values())
    return ngettext("%(count)d result", "%(count)d results", count) % {"count": count}


def address(typed: str, kind: str = "", cursor: str = "") -> str:
    given = {"q": typed, "kind": kind, "cursor": cursor}
    return "/desk/search/?" + urlencode({name: value for name, value in given.items() if value})

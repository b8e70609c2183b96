"""The articles that may help with a ticket, fetched after the page: they are never what it waits for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.knowledge import citing, suggest
from firstline.knowledge import queries as wiki
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.web.agent.door import desk
from firstline.web.agent.moves import words_about
from firstline.web.asked import is_fragment


@require_safe
@desk
def found(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/articles/found/?q=&mode=reply|note: what can be put into what is being written."""
    ticket = queries.get_for(person, number)
    typed = request.GET.get("q", "").replace("\x00", "")[:200]
    to_client = request.GET.get("mode") != "note"
    rows = citing.offered(person, ticket, typed, words_about(ticket), to_client=to_client)
    context = {"rows": rows, "q": typed, "to_client": to_client}
    return render(request, "web/agent/ticket/_found_articles.html", context)


@require_safe
@desk
def for_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/articles/"""
    ticket = queries.get_for(person, number)
    found = suggest.for_text(person, words_about(ticket))
    helped = wiki.times_helped([suggestion.article for suggestion in found])
    rows = [(one, round(100 * one.score), helped.get(one.article.pk, 0)) for one in found]
    context = {"ticket": ticket, "rows": rows}
    return render(
        request,
        "web/agent/ticket/_articles.html" if is_fragment(request) else "web/agent/ticket/articles.html",
        context,
    )

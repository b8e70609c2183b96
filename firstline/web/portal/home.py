"""The first page of the portal: one question, three doors, and how one's requests stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from firstline.knowledge import everywhere, suggest
from firstline.knowledge import finding as articles_found
from firstline.knowledge import queries as articles
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import finding as requests_found
from firstline.tickets import requests_asked as asked
from firstline.web.portal import announcements, last_words
from firstline.web.portal.door import portal
from firstline.web.portal.offers import entitled, offered_to
from firstline.web.portal.promises import Promises

SHOWN = 5
FOUND = 8
TILES = 8


@require_safe
@portal
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """With `q`: what the wiki and one's own requests have to say to that."""
    language, question = get_language(), request.GET.get("q", "").strip()[:300]
    if question:
        return render(request, "web/portal/found.html", _found(person, question, language))
    alive = asked.alive(person)
    shown = list(alive[:SHOWN])
    said = last_words.of(shown)
    helpful = list(articles.shelf(person)[:SHOWN])
    promises = Promises(person.client, clock.now())
    offers = offered_to(person.client, clock.now(), promises)
    context = {
        "rows": [(ticket, said.get(ticket.pk)) for ticket in shown],
        "count": len(alive.values_list("pk", flat=True)[: asked.COUNTED]),
        "waiting": asked.waiting_for_him(person),
        "offers": entitled(offers)[:TILES],
        "more_services": len(offers) > TILES or len(entitled(offers)) < len(offers),
        "articles": [(article, articles.text_in(article, language)) for article in helpful],
        "contract": promises.contract,
        **announcements.told(person, clock.now()),
    }
    return render(request, "web/portal/home.html", context)


def _found(person: Person, question: str, language: str | None) -> dict[str, Any]:
    """Articles and requests that have the words; where no article has, those that may help with some of them."""
    found = everywhere.look(person, question, (everywhere.TICKETS, everywhere.ARTICLES))
    helpful = articles_found.shown(person, found.articles[:FOUND], found.asked, language)
    similar = [] if helpful else suggest.for_text(person, question, limit=FOUND, language=language)
    return {
        "question": question,
        "articles": helpful,
        "similar": similar,
        "requests": requests_found.shown(person, found.tickets.places[:FOUND], found.asked),
        "instead": found.instead,
    }

"""The wiki's first page: by service, by words, and for the desk by state."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from firstline.contracts.models import Service
from firstline.knowledge import queries, suggest
from firstline.knowledge.models import Article, ArticleState
from firstline.people.models import Person
from firstline.people.permissions import may

PAGE = 30


def reader(request: HttpRequest) -> Person | None:
    """Who reads; None is a visitor."""
    return request.user if isinstance(request.user, Person) else None


def frame(person: Person | None) -> str:
    """The desk reads in its own frame, everybody else in the portal's."""
    return "web/agent.html" if person is not None and person.is_agent else "web/portal/frame.html"


@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """`service`, `q`, `state` (desk only) and `before` are in the address."""
    person, language = reader(request), get_language()
    words = request.GET.get("q", "").strip()[:200]
    service = (
        Service.objects.filter(slug=request.GET.get("service", "")).first() if request.GET.get("service") else None
    )
    state = request.GET.get("state", "") if person is not None and person.is_agent else ""
    following = ""
    if words:
        rows = [found.article for found in suggest.for_text(person, words, limit=PAGE, language=language)]
    else:
        rows, following = _page(person, service, state, request.GET.get("before", ""))
    helped = queries.times_helped(rows) if person is not None and person.is_agent else {}
    context: dict[str, Any] = {
        "base": frame(person),
        "rows": [(article, queries.text_in(article, language), helped.get(article.pk, 0)) for article in rows],
        "services": queries.services_with_counts(person),
        "service": service,
        "words": words,
        "state": state,
        "states": ArticleState.choices,
        "next": following,
        "may_write": may(person, "draft article"),
        "language": language,
    }
    return render(request, "web/wiki/shelf.html", context)


def _page(person: Person | None, service: Service | None, state: str, before: str) -> tuple[list[Article], str]:
    if state in ArticleState.values:
        articles = queries.visible_to(person).filter(state=state)
        if service is not None:
            articles = articles.filter(services=service)
    else:
        articles = queries.shelf(person, service=service)
    if before.isascii() and before.isdigit() and len(before) <= 15:
        articles = articles.filter(pk__lt=int(before))
    rows = list(articles.order_by("-pk")[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, ""
    place = {"service": service.slug if service else "", "state": state, "before": str(rows[PAGE - 1].pk)}
    return rows[:PAGE], "?" + urlencode({key: value for key, value in place.items() if value})

"""Writing an article and changing one. Two people at once: the second sees the first, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.contracts.models import Service
from firstline.knowledge import articles, differences, queries
from firstline.knowledge.models import Article, Audience
from firstline.knowledge.refusals import ArticleChanged
from firstline.lib import clock
from firstline.lib.language import CODES, LANGUAGES
from firstline.people.models import Client, Person
from firstline.people.permissions import demand
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.sign_in.needed import signed_in
from firstline.web.wiki.shelf import frame


@dataclass
class Typed:
    """What stands in the form."""

    title: str = ""
    body: str = ""
    summary: str = ""
    language: str = ""
    audience: str = Audience.DESK
    client: str = ""
    services: list[str] = field(default_factory=list)
    seen: str = "0"


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """A new article; `title`, `body` and `service` may be given (the way from a solved ticket)."""
    demand(person, "draft article")
    if request.method != "POST":
        given = request.GET
        chosen = [given["service"]] if given.get("service") else []
        typed = Typed(given.get("title", "")[:200], given.get("body", ""), language=_language(), services=chosen)
        return _form(request, person, None, typed)
    typed = _typed(request)
    try:
        article = articles.write(
            title=typed.title,
            body=typed.body,
            language=typed.language,
            audience=typed.audience,
            client=_client(person, typed),
            services=Service.objects.filter(slug__in=typed.services),
            summary=typed.summary,
            by=person,
            at=clock.now(),
        )
    except WrongValue as wrong:
        return _form(request, person, None, typed, wrong=wrong)
    messages.success(request, _("The draft is saved."))
    return HttpResponseRedirect(f"/kb/{article.slug}/?lang={typed.language}")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """Another revision of the text in one language (`lang`), or its first translation."""
    article = queries.get_for(person, slug)
    articles.demand_editing(person, article)
    if request.method != "POST":
        return _form(request, person, article, _of(article, request.GET.get("lang", "")))
    typed = _typed(request)
    try:
        articles.revise(
            article,
            title=typed.title,
            body=typed.body,
            summary=typed.summary,
            language=typed.language,
            audience=typed.audience,
            client=_client(person, typed),
            services=Service.objects.filter(slug__in=typed.services),
            seen=int(typed.seen) if typed.seen.isascii() and typed.seen.isdigit() else 0,
            by=person,
            at=clock.now(),
        )
    except WrongValue as wrong:
        return _form(request, person, article, typed, wrong=wrong)
    except ArticleChanged as refusal:
        typed.seen = str(refusal.newest.number)
        return _form(request, person, article, typed, collision=refusal)
    messages.success(request, _("The revision is saved."))
    return HttpResponseRedirect(f"/kb/{article.slug}/?lang={typed.language}")


def _language() -> str:
    language = (get_language() or "")[:2]
    return language if language in CODES else CODES[0]


def _typed(request: HttpRequest) -> Typed:
    given = request.POST
    return Typed(
        title=given.get("title", ""),
        body=given.get("body", ""),
        summary=given.get("summary", ""),
        language=given.get("language", ""),
        audience=given.get("audience", Audience.DESK),
        client=given.get("client", ""),
        services=given.getlist("services"),
        seen=given.get("seen", "0"),
    )


def _of(article: Article, wanted: str) -> Typed:
    """The form of an article. A language without a text begins from the text that there is, to be translated."""
    language = wanted if wanted in CODES else queries.text_in(article, _language()).language
    text = queries.text_in(article, language)
    return Typed(
        title=text.title,
        body=text.body,
        language=language,
        audience=article.audience,
        client=article.client.slug if article.client else "",
        services=[service.slug for service in article.services.all()],
        seen=str(text.number) if text.language == language else "0",
    )


def _client(person: Person, typed: Typed) -> Client | None:
    """The client named by the form. Raises WrongValue."""
    if typed.audience != Audience.CLIENT:
        return None
    client = queries.clients_for(person).filter(slug=typed.client).first()
    if client is None:
        raise WrongValue("client", "which client")
    return client


def _form(
    request: HttpRequest,
    person: Person,
    article: Article | None,
    typed: Typed,
    *,
    wrong: WrongValue | None = None,
    collision: ArticleChanged | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "base": frame(person),
        "article": article,
        "typed": typed,
        "wrong": {wrong.field: refusals.problem_in_words(wrong)} if wrong else {},
        "languages": LANGUAGES,
        "audiences": Audience.choices,
        "clients": list(queries.clients_for(person)),
        "services": list(Service.objects.all()),
    }
    if collision is not None:
        context["newest"] = collision.newest
        context["lines"] = differences.between(collision.newest.body, typed.body.replace("\r\n", "\n"))
    status = 422 if wrong else 409 if collision else 200
    return render(request, "web/wiki/edit.html", context, status=status)

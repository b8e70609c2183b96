"""One article as it is read, and the verbs that change its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.knowledge import articles, differences, queries
from firstline.knowledge.models import Article
from firstline.knowledge.render import contents_of, html_of
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed, may
from firstline.tickets.refusals import WrongValue
from firstline.web.sign_in.needed import signed_in
from firstline.web.wiki.shelf import frame, reader

SHOWN_TICKETS = 8


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """In the language of the page, or of `lang`."""
    person = reader(request)
    article = queries.get_for(person, slug)
    text = queries.text_in(article, request.GET.get("lang") or get_language())
    on_desk = person is not None and person.is_agent
    context: dict[str, Any] = {
        "base": frame(person),
        "article": article,
        "text": text,
        "body": html_of(text.body),
        "contents": contents_of(text.body),
        "services": queries.services_with_counts(person),
        "translations": queries.translations_of(article),
        "language": get_language(),
        "may_edit": articles.may_edit(person, article),
        "may_publish": may(person, "publish article"),
        "on_desk": on_desk,
    }
    if person is not None and on_desk:
        context["helped"] = queries.times_helped([article]).get(article.pk, 0)
        context["tickets"] = list(queries.solved_by(article, person)[:SHOWN_TICKETS])
        context["revisions"] = article.revisions.count()
    return render(request, "web/wiki/article.html", context)


@require_POST
@signed_in
def hand_in(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """The draft is ready to be read by who publishes."""
    return _move(request, person, slug, articles.hand_in, _("It waits for somebody who publishes."))


@require_POST
@signed_in
def publish(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """Its audience reads it from now on."""
    return _move(request, person, slug, articles.publish, _("Published."))


@require_POST
@signed_in
def archive(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """Out of lists and proposals."""
    done = _("Archived. Its history stays, and it can be published again.")
    return _move(request, person, slug, articles.archive, done)


@require_safe
@signed_in
def history(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """Every revision, and what one of them changed. For the desk: others read what holds, not how it came about."""
    article = queries.get_for(person, slug)
    if not person.is_agent:
        raise NotAllowed("history of an article")
    language = queries.text_in(article, request.GET.get("lang") or get_language()).language
    revisions = list(queries.history_of(article, language)[:200])
    chosen = _chosen(request.GET.get("revision", ""), len(revisions)) or revisions[0].number
    newer = queries.revision_of(article, language, chosen)
    older = queries.revision_of(article, language, chosen - 1) if chosen > 1 else None
    context = {
        "base": frame(person),
        "article": article,
        "text": revisions[0],
        "revisions": revisions,
        "newer": newer,
        "lines": differences.between(older.body if older else "", newer.body),
        "translations": [one for one in queries.translations_of(article) if one.text],
    }
    return render(request, "web/wiki/history.html", context)


def _chosen(given: str, newest: int) -> int:
    return int(given) if given.isascii() and given.isdigit() and 0 < int(given[:9]) <= newest else 0


def _move(request: HttpRequest, person: Person, slug: str, verb: Callable[..., Article], done: str) -> HttpResponse:
    article = queries.get_for(person, slug)
    try:
        verb(article, by=person, at=clock.now())
    except WrongValue:  # somebody else did it, or the opposite, a moment ago
        messages.error(request, _("Its state has changed meanwhile: look again."))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(f"/kb/{slug}/")

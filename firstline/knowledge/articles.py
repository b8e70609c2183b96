"""The verbs of the wiki: write, revise, hand in, publish, archive. Who may: product.md's table.

Operators write and revise drafts; engineers revise anything, and what they revise waits to be validated again; leads,
managers and administrators publish.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from firstline.audit import trail
from firstline.contracts.models import Service
from firstline.knowledge import findable, queries, slugs
from firstline.knowledge.models import Article, ArticleState, Audience, Revision
from firstline.knowledge.refusals import ArticleChanged
from firstline.lib.language import CODES
from firstline.people.models import Client, Person
from firstline.people.permissions import NotAllowed, demand, may
from firstline.tickets.refusals import WrongValue

LONGEST_TITLE = 200
LONGEST_BODY = 200_000
LONGEST_SUMMARY = 200


def write(
    *,
    title: str,
    body: str,
    language: str,
    by: Person,
    at: datetime,
    audience: str = Audience.DESK,
    client: Client | None = None,
    services: Iterable[Service] = (),
    summary: str = "",
) -> Article:
    """A new article, a draft until it is handed in or published. Raises WrongValue (title, body, language, client)."""
    demand(by, "draft article")
    _check_audience(audience, client, by)
    with transaction.atomic():
        article = Article.objects.create(
            slug=slugs.free(title, _is_taken),
            audience=audience,
            client=client,
            created_by=by,
            created_at=at,
            updated_at=at,
        )
        article.services.set(services)
        _add(article, None, title=title, body=body, language=language, summary=summary, by=by, at=at)
        _note("written", article, by=by, at=at, language=language)
    return article


def revise(
    article: Article,
    *,
    title: str,
    body: str,
    summary: str,
    language: str,
    by: Person,
    at: datetime,
    seen: int | None = None,
    audience: str | None = None,
    client: Client | None = None,
    services: Iterable[Service] | None = None,
) -> Article:
    """A new revision of the text in one language; the first one of a language is a translation.

    `summary` says what was changed and is required. `seen` is the number that the person began from (0: there was no
    text); raises ArticleChanged where a newer one exists. `audience` None leaves audience and client as they are.
    """
    demand_editing(by, article)
    _check_summary(summary)
    with transaction.atomic():
        held = _locked(article)
        newest = held.revisions.filter(language=language, is_current=True).select_related("author").first()
        if newest is not None and seen is not None and seen != newest.number:
            raise ArticleChanged(held, newest)
        if audience is not None:
            _check_audience(audience, client, by)
            held.audience, held.client = audience, client
        if services is not None:
            held.services.set(services)
        if held.state == ArticleState.VALIDATED and not may(by, "publish article"):
            held.state = ArticleState.NOT_VALIDATED  # new words for clients are read by a lead first
        _add(held, newest, title=title, body=body, language=language, summary=summary, by=by, at=at)
        held.updated_at = at
        held.save()
        _note("revised", held, by=by, at=at, language=language)
    return held


def hand_in(article: Article, *, by: Person, at: datetime) -> Article:
    """A draft is ready to be read by who publishes. Raises WrongValue for anything but a draft."""
    demand_editing(by, article)
    return _move(article, ArticleState.NOT_VALIDATED, "handed_in", {ArticleState.WIP}, by=by, at=at)


def publish(article: Article, *, by: Person, at: datetime) -> Article:
    """Validated: its audience reads it from now on. Also brings back what was archived."""
    demand(by, "publish article")
    others = {ArticleState.WIP, ArticleState.NOT_VALIDATED, ArticleState.ARCHIVED}
    return _move(article, ArticleState.VALIDATED, "published", others, by=by, at=at)


def archive(article: Article, *, by: Person, at: datetime) -> Article:
    """Out of lists and proposals; its words, its history and what it solved stay."""
    demand(by, "publish article")
    others = {ArticleState.WIP, ArticleState.NOT_VALIDATED, ArticleState.VALIDATED}
    return _move(article, ArticleState.ARCHIVED, "archived", others, by=by, at=at)


def may_edit(person: Person | None, article: Article) -> bool:
    """Whether this person may add a revision: editors any article, operators drafts."""
    return may(person, "edit article") or (article.state == ArticleState.WIP and may(person, "draft article"))


def demand_editing(person: Person | None, article: Article) -> None:
    """Raises NotAllowed."""
    if not may_edit(person, article):
        raise NotAllowed("edit article")


def _move(
    article: Article, to: ArticleState, action: str, allowed: set[ArticleState], *, by: Person, at: datetime
) -> Article:
    with transaction.atomic():
        held = _locked(article)
        if held.state not in allowed:
            raise WrongValue("state", held.state)
        held.state, held.updated_at = to, at
        held.save()
        _note(action, held, by=by, at=at)
    return held


def _is_taken(slug: str) -> bool:
    """`new` is the address of the form."""
    return slug == "new" or Article.objects.filter(slug=slug).exists()


def _locked(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Article.objects
    return rows.get(pk=article.pk)


def _add(
    article: Article,
    newest: Revision | None,
    *,
    title: str,
    body: str,
    language: str,
    summary: str,
    by: Person,
    at: datetime,
) -> Revision:
    if language not in CODES:
        raise WrongValue("language", f"one of {', '.join(CODES)}")
    if newest is not None:
        Revision.objects.filter(pk=newest.pk).update(is_current=False)
    return Revision.objects.create(
        article=article,
        language=language,
        number=newest.number + 1 if newest else 1,
        title=_clean("title", " ".join(title.split()), LONGEST_TITLE),
        body=_clean("body", body.replace("\r\n", "\n"), LONGEST_BODY),
        summary=" ".join(summary.replace("\x00", "").split())[:LONGEST_SUMMARY],
        author=by,
        created_at=at,
    )


def _clean(field: str, given: str, longest: int) -> str:
    words = given.replace("\x00", "").strip()
    if not words:
        raise WrongValue(field, "empty")
    if len(words) > longest:
        raise WrongValue(field, f"longer than {longest} characters")
    return words


def _check_summary(summary: str) -> None:
    if not summary.replace("\x00", "").strip():
        raise WrongValue("summary", "empty")


def _check_audience(audience: str, client: Client | None, by: Person) -> None:
    if audience not in Audience.values:
        raise WrongValue("audience", f"one of {', '.join(Audience.values)}")
    if (audience == Audience.CLIENT) != (client is not None):
        raise WrongValue("client", "which client" if client is None else "only with audience client")
    if client is not None and not queries.clients_for(by).filter(pk=client.pk).exists():
        raise WrongValue("client", "not there")


def _note(action: str, article: Article, *, by: Person, at: datetime, **data: str) -> None:
    trail.note(at=at, actor=by.actor, action=f"article_{action}", target=f"article:{article.pk}", **data)
    findable.changed(article)

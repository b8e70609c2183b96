"""How a ticket was solved, and by which article: two verbs behind one button are one verb here (architecture.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from firstline.knowledge import citing, queries
from firstline.knowledge.models import Article, Solution
from firstline.lib import html
from firstline.people.models import Person
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from firstline.worklog import entries
from firstline.worklog.models import WorkKind


def resolve_with(
    ticket: Ticket,
    *,
    how: str,
    remote: bool,
    article_slug: str | None = None,
    minutes: int = 0,
    by: Person,
    at: datetime,
    learnt_at: datetime | None = None,
    seen: int | None = None,
) -> Ticket:
    """Resolves, keeps what helped, and logs `minutes` of remote work where there are any.

    Raises NotThere for an article that `by` may not read, and all that
    `lifecycle.resolve` raises (WrongStatus, ChangedSince, WrongValue, NotAllowed)."""
    with transaction.atomic():
        article = queries.get_for(by, article_slug) if article_slug else None
        if minutes:
            entries.log_time(ticket, minutes=minutes, kind=WorkKind.REMOTE, by=by, at=at)
        held, _event = lifecycle.resolve(
            ticket, how=how, remote=remote, by=by, at=at, article=article.slug if article else None,
            learnt_at=learnt_at, seen=seen,
        )  # fmt: skip
        return held


def remember(event: Event) -> None:
    """A reaction: whichever road a ticket was resolved on, what helped is kept."""
    if event.kind != Kind.RESOLVED:
        return
    Solution.objects.create(
        event=event,
        ticket=event.ticket,
        article=Article.objects.filter(slug=event.data.get("article") or "").first(),
        how=event.data["how"],
        remote=event.data["remote"],
        at=event.happened_at,
    )


def answer_and_resolve(
    ticket: Ticket,
    words: Words,
    *,
    by: Person,
    at: datetime,
    learnt_at: datetime | None = None,
    seen: int | None = None,
) -> Ticket:
    """*Send and resolve* in one transaction: the answer goes out with its files, and its text is how it was solved,
    remotely, by the article that our answers cite. Raises what `conversation.answer` and `resolve_with` raise, with the
    field of the composer."""
    how = words.text.strip() or html.text(words.html).strip()
    if not how:
        raise WrongValue("body", "empty")
    with transaction.atomic():
        held = conversation.answer(ticket, words, by=by, at=at, learnt_at=learnt_at, seen=seen)
        by_article = next((article.slug for article in citing.cited_on(held, by, to_client=True)), None)
        return resolve_with(held, how=how, remote=True, article_slug=by_article, by=by, at=at, learnt_at=learnt_at)


# How an answer is sent, by the word of the composer's button and of a draft on its way.
WAYS: dict[str, Callable[..., Ticket]] = {
    "public": conversation.answer,
    "wait": conversation.answer_and_wait,
    "resolve": answer_and_resolve,
}

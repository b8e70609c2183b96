"""How a ticket was solved, and by which article: two verbs behind one button are one verb here (architecture.md)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.knowledge import queries
from firstline.knowledge.models import Solution
from firstline.people.models import Person
from firstline.tickets import lifecycle
from firstline.tickets.models import Ticket


def resolve_with(
    ticket: Ticket,
    *,
    how: str,
    remote: bool,
    article_slug: str | None = None,
    by: Person,
    at: datetime,
    seen: int | None = None,
) -> Ticket:
    """Resolves, and keeps what helped. Raises NotThere for an article that `by` may not read, and all that
    `lifecycle.resolve` raises (WrongStatus, ChangedSince, WrongValue, NotAllowed)."""
    with transaction.atomic():
        article = queries.get_for(by, article_slug) if article_slug else None
        held, event = lifecycle.resolve(
            ticket, how=how, remote=remote, by=by, at=at, article=article.slug if article else None, seen=seen
        )
        Solution.objects.create(event=event, ticket=held, article=article, how=event.data["how"], remote=remote, at=at)
        return held

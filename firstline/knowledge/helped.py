"""An article that spared a request: whoever read it says so, and nothing is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from firstline.knowledge import queries
from firstline.knowledge.models import Article, Helped
from firstline.people.models import Person

LONGEST_QUESTION = 300
ONCE_IN = timedelta(hours=1)  # said twice within it, it helped once


def note(person: Person, slug: str, question: str, *, at: datetime) -> Article | None:
    """Keeps that it helped; None where the person may not read such an article."""
    article = queries.visible_to(person).filter(slug=slug.replace("\x00", "")).first()
    if article is None:
        return None
    asked = " ".join(question.replace("\x00", "").split())[:LONGEST_QUESTION]
    with transaction.atomic():
        lately = Helped.objects.filter(article=article, person=person, at__gt=at - ONCE_IN)
        if not lately.exists():
            Helped.objects.create(article=article, person=person, question=asked, at=at)
    return article


def times(article: Article) -> int:
    """How often it spared a request."""
    return Helped.objects.filter(article=article).count()

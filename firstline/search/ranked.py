"""The order of what was found, the same on both engines, and its pages by key.

First the one whose number was asked for, then what has a code, an address or a number unbroken, then what has every
word in its subject, then the rest; within each the newest first. The newest 1,000 are ordered; there may be more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from firstline.search import index
from firstline.search.asking import Asked
from firstline.search.question import Question

MOST = 1000
ITSELF, UNBROKEN, IN_SUBJECT, ANYWHERE = 0, 1, 2, 3
Row = TypeVar("Row", bound=models.Model)
_CURSOR = re.compile(r"([0-3])-([0-9]{1,15})")


@dataclass(frozen=True)
class Place:
    """Where one stands: its tier and its number."""

    tier: int
    number: int

    @property
    def key(self) -> tuple[int, int]:
        return self.tier, -self.number

    @property
    def cursor(self) -> str:
        return f"{self.tier}-{self.number}"


def order(
    kind: str,
    rows: QuerySet[Row],
    asked: Asked,
    numbers: Sequence[int],
    *,
    fields: tuple[str, ...],
    facts: tuple[frozenset[str], ...] = (),
    first: Collection[int] = (),
) -> list[Place]:
    """`numbers` (the newest that were found) in order; two statements at most. `first` are first whatever they say."""
    if not asked.words or len(numbers) < 2:
        alone = [Place(ITSELF if one in first else ANYWHERE, one) for one in numbers]
        return sorted(alone, key=lambda place: place.key)
    whole, subject = asked.unbroken(fields, facts), asked.question(("subject",), facts)
    unbroken = _of(kind, rows, whole) if whole else set()
    in_subject = _of(kind, rows, subject)

    def tier(one: int) -> int:
        if one in first:
            return ITSELF
        return UNBROKEN if one in unbroken else IN_SUBJECT if one in in_subject else ANYWHERE

    places = [Place(tier(one), one) for one in numbers]
    return sorted(places, key=lambda place: place.key)


def page(places: Sequence[Place], cursor: str, size: int) -> tuple[list[Place], str]:
    """One page after the place that the cursor names, and the cursor of the next."""
    given = _CURSOR.fullmatch(cursor)
    after = Place(int(given[1]), int(given[2])).key if given else None
    rest = [place for place in places if after is None or place.key > after]
    return rest[:size], rest[size - 1].cursor if len(rest) > size else ""


def _of(kind: str, rows: QuerySet[Row], question: Question) -> set[int]:
    return set(index.matching(kind, rows, question).values_list("pk", flat=True)[:MOST])

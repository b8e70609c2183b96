"""When each version of a contract holds. Pure: no Django.

A version without an end holds until the next one begins. Two that were put in force from the same day: the later number
corrects the earlier, which then holds on no day at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days that a version was put in force for, both included; `to` None has no end of its own."""

    number: int
    since: date
    to: date | None = None


@dataclass(frozen=True)
class Holds:
    """The days on which it really holds; `since` None: on none, `by` corrected it. `by`: what ended it early."""

    number: int
    since: date | None
    to: date | None
    by: int | None = None


def holding(spans: Iterable[Span]) -> dict[int, Holds]:
    """By number, when each version holds."""
    found: dict[int, Holds] = {}
    ordered = sorted(spans, key=lambda span: (span.since, span.number))
    for place, span in enumerate(ordered):
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        if following is None or (span.to is not None and span.to < following.since):
            found[span.number] = Holds(span.number, span.since, span.to)
        elif following.since == span.since:
            found[span.number] = Holds(span.number, None, None, by=following.number)
        else:
            found[span.number] = Holds(span.number, span.since, following.since - DAY, by=following.number)
    return found


def gap_before(span: Span, others: Iterable[Span]) -> tuple[date, date] | None:
    """The days without any version right before this one; None where there are none, or it is the first."""
    earlier = [other for other in others if other.since < span.since]
    if not earlier:
        return None
    last = max(earlier, key=lambda other: (other.since, other.number))
    if last.to is None or last.to + DAY >= span.since:
        return None
    return last.to + DAY, span.since - DAY


def gap_after(span: Span, others: Iterable[Span]) -> tuple[date, date] | None:
    """The days without any version between this one's end and the next; None where there are none."""
    following = [other.since for other in others if other.since > span.since]
    if span.to is None or not following or min(following) <= span.to + DAY:
        return None
    return span.to + DAY, min(following) - DAY


def overlap(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """Two spans with ends of their own that say the same day; None where no two do."""
    ordered = sorted(spans, key=lambda span: (span.since, span.number))
    for earlier, later in pairwise(ordered):
        if earlier.since != later.since and earlier.to is not None and earlier.to >= later.since:
            return earlier, later
    return None

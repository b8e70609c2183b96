"""Answers that come again and again: when one of them reopens nothing any more. Pure (research F3).

A machine that does not say so answers each *solved* with the same words, or with others each time. Its first words
reopen the ticket like anybody's; then the same words at once, or any words for the fourth time within a day, are only
kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

DAY = timedelta(days=1)
AT_ONCE = timedelta(minutes=5)
MOST_REOPENINGS = 3  # of one ticket by answers within a day

OFTEN, REPEATED = "reopened-often", "repeated"


def why_still(
    words: str, *, at: datetime, solved_at: datetime | None, earlier: Iterable[str], reopened: Sequence[datetime]
) -> str:
    """Why this answer does not reopen its ticket, or "". `earlier`: what the same sender answered within the last day;
    `reopened`: when answers reopened the ticket."""
    lately = [one for one in reopened if at - DAY < one <= at]
    if len(lately) >= MOST_REOPENINGS:
        return OFTEN
    is_at_once = solved_at is not None and at - solved_at <= AT_ONCE
    said = _bare(words)
    if lately and is_at_once and said and any(_bare(one) == said for one in earlier):
        return REPEATED
    return ""


def _bare(words: str) -> str:
    return " ".join(words.casefold().split())

"""Answers that come again and again: when one of them moves nothing any more. Pure (research F3).

A machine that does not say so answers each *solved*, and each question, with the same words or with others each time.
Its first words reopen the ticket like anybody's; then the same words at once, or any words for the fourth time within
a day, are only kept. People who are asked answer often, too, so a waiting ticket is woken by every answer but one that
comes within the minute: the same words for the third time within a day, or any for the fourth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

DAY = timedelta(days=1)
AT_ONCE = timedelta(minutes=5)
IN_NO_TIME = timedelta(minutes=1)  # nobody reads a question and writes an answer so fast, time after time
MOST_REOPENINGS = 3  # of one ticket by answers within a day
MOST_WAKINGS = 3  # of a waiting ticket by answers within a day, where the next one comes in no time

OFTEN, REPEATED, WOKEN_OFTEN = "reopened-often", "repeated", "woken-often"


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


def why_asleep(
    words: str, *, at: datetime, asked_at: datetime | None, earlier: Iterable[str], woken: Sequence[datetime]
) -> str:
    """Why this answer does not wake a waiting ticket, or "". `asked_at`: since when it waits; `woken`: when answers
    woke it."""
    lately = [one for one in woken if at - DAY < one <= at]
    if asked_at is None:
        return ""
    if at - asked_at > IN_NO_TIME or len(lately) < MOST_WAKINGS - 1:
        return ""  # a person may well say "yes" to two questions of a day
    if len(lately) >= MOST_WAKINGS:
        return WOKEN_OFTEN
    said = _bare(words)
    return REPEATED if said and any(_bare(one) == said for one in earlier) else ""


def _bare(words: str) -> str:
    return " ".join(words.casefold().split())

"""Asking twice with one key does a thing once, and gets the first answer again (research P8).

`once` is for deeds that live in one transaction: the answer is written in it, so that no crash can separate the two.
`given` and `keep` are for deeds that are stored durably by themselves under the same key (intake): there the stored
thing is the memory, and the answer is kept beside it.

Only answers of deeds that were done are kept: a refusal did nothing, so asking again is safe and may succeed later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from firstline.once.models import Answer

LONGEST_KEY = 200
KEPT_FOR = timedelta(days=7)
_PENDING = 0


class OtherQuestion(Exception):
    """The key was used for something else before (409)."""


@dataclass(frozen=True)
class Given:
    """An answer: HTTP status and body; `again` where it had been given before."""

    status: int
    body: str
    again: bool = False


def asked(*parts: str | bytes) -> str:
    """One sha256 in hex for a question; its parts cannot run into one another."""
    digest = hashlib.sha256()
    for part in parts:
        piece = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.hexdigest()


def once(*, scope: str, key: str, question: str, deed: Callable[[], tuple[int, str]]) -> Given:
    """Runs `deed` (→ status, body) in one transaction with the record of its answer, or gives the first answer again.

    Two at once with the same key: the second waits until the first has committed (unique index on PostgreSQL, the
    single writer on SQLite). What `deed` raises passes through and leaves nothing behind. Raises OtherQuestion.
    """
    if (before := given(scope=scope, key=key, question=question)) is not None:
        return before
    try:
        with transaction.atomic():
            row = _reserve(scope, key, question)
            status, body = deed()
            Answer.objects.filter(pk=row.pk).update(status=status, body=body)
    except _Taken:
        before = given(scope=scope, key=key, question=question)
        if before is None:  # the other one was undone after we had waited for it
            return once(scope=scope, key=key, question=question, deed=deed)
        return before
    return Given(status, body)


def given(*, scope: str, key: str, question: str) -> Given | None:
    """The first answer under this key, or None. Raises OtherQuestion."""
    row = Answer.objects.filter(scope=scope, key=key).exclude(status=_PENDING).first()
    if row is None:
        return None
    if row.asked != question:
        raise OtherQuestion(key)
    return Given(row.status, row.body, again=True)


def keep_with_deed(*, scope: str, key: str, question: str, status: int, body: str) -> None:
    """Remembers an answer in the caller's transaction, which is that of the deed.

    Raises IntegrityError where the key is known.
    """
    Answer.objects.create(scope=scope, key=key, asked=question, status=status, body=body)


def keep(*, scope: str, key: str, question: str, status: int, body: str) -> Given:
    """Remembers an answer whose deed is durable already; where somebody was quicker, his answer counts.

    Raises OtherQuestion.
    """
    try:
        with transaction.atomic():
            Answer.objects.create(scope=scope, key=key, asked=question, status=status, body=body)
    except IntegrityError:
        before = given(scope=scope, key=key, question=question)
        if before is None:
            raise
        return before
    return Given(status, body)


def forget_old(at: datetime) -> int:
    """Deletes answers older than a week; returns how many. A job runs it."""
    deleted, _ = Answer.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return deleted


class _Taken(Exception):
    """Somebody else has this key."""


def _reserve(scope: str, key: str, question: str) -> Answer:
    try:
        return Answer.objects.create(scope=scope, key=key, asked=question, status=_PENDING)
    except IntegrityError as taken:  # no savepoint: _Taken leaves the transaction of `once`, which is undone
        raise _Taken from taken

"""What contracts and calendars say, remembered by each process until somebody changes one of them.

Every ticket asks which contract holds and what it promises. Both change a few times a year, and it takes several
tables to answer. So what was read is kept beside the edition in which it was read: the newest numbers of the tables to
which an edit always adds (a version is corrected by writing its targets anew, a calendar by a new version), and the
moment at which a draft was last put in force: no draft is remembered, and what is in force never changes. One short
statement tells whether that is still the edition. Two edits at once could commit in another order than their numbers:
nothing is kept for longer than FRESH.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection, transaction

from firstline.lib import clock, prepared

FRESH = 10.0  # seconds
Edition = tuple[object, ...]
Value = TypeVar("Value")

_NEWEST = (
    "SELECT (SELECT max(frozen_at) FROM contracts_contractversion), "
    "(SELECT max(id) FROM contracts_contractversion), "
    "(SELECT max(id) FROM contracts_contractversion_services), "
    "(SELECT max(id) FROM contracts_contractversion_billable), "
    "(SELECT max(id) FROM contracts_contractversion_excluded), "
    "(SELECT max(id) FROM contracts_contractversion_equipment), "
    "(SELECT max(id) FROM contracts_target), "
    "(SELECT max(id) FROM contracts_pausereason), "
    "(SELECT max(id) FROM contracts_innerterm), "
    "(SELECT max(id) FROM contracts_duty), "
    "(SELECT max(id) FROM contracts_vendortarget), "
    "(SELECT max(id) FROM calendars_calendarversion)"
)


_held: ContextVar[list[Edition] | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """What is decided inside is decided by one edition, which is asked for once."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def newest() -> Edition:
    """The edition that this transaction sees."""
    held = _held.get()
    if held is None:
        return _asked()
    if not held:
        held.append(_asked())
    return held[0]


def _asked() -> Edition:
    with prepared.cursor(connection) as cursor:
        cursor.execute(_NEWEST)
        return tuple(cursor.fetchone())


class _Kept(NamedTuple, Generic[Value]):
    value: Value
    edition: Edition
    since: float


class Remembered(Generic[Value]):
    """What `read` gives for a number, as long as the edition is the same. What it gives is shared: never change it."""

    def __init__(self, read: Callable[[int], Value]) -> None:
        self._read = read
        self._kept: dict[int, _Kept[Value]] = {}
        _ALL.append(self)

    def forget(self) -> None:
        self._kept.clear()

    def of(self, number: int, edition: Edition | None = None) -> Value:
        """`edition`: the one that whoever asks many times has asked for himself, before the first of them."""
        edition, at = newest() if edition is None else edition, clock.elapsed()
        kept = self._kept.get(number)
        if kept is not None and kept.edition == edition and at - kept.since < FRESH:
            return kept.value
        # The edition was asked for first: what is read now is at least as new.
        found = self._read(number)
        # Only after the commit: what this transaction wrote itself and then undoes must not be remembered.
        transaction.on_commit(lambda: self._kept.update({number: _Kept(found, edition, at)}))
        return found


_ALL: list[Remembered[Any]] = []


def forget_all() -> None:
    """For whoever takes the tables back to numbers that they have had already: a restore, a test."""
    for one in _ALL:
        one.forget()

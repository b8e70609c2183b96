"""Rows that a transaction leaves for others and never looks at again: the audit trail's, the index's, the screens'.

Every event of every ticket leaves some. They have no object and no number here; within `together` PostgreSQL gets
those of one event that nobody reads in an order in one statement, which costs what one of them would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from firstline.lib import one_row, prepared

MOST = 8  # rows of one statement; there are few orders in which an event leaves its rows, so few statements

_Row: TypeAlias = tuple[type[models.Model], str, list[Any]]  # its model, whom it wakes, its values


@dataclass
class _Left:
    """What waits for its statement, and in how many blocks the transaction was when it began to wait."""

    depth: int
    rows: list[_Row] = field(default_factory=list)


_waiting: ContextVar[_Left | None] = ContextVar("left", default=None)
_statements: dict[tuple[Any, ...], str] = {}


@contextmanager
def together() -> Iterator[None]:
    """What is left inside is written at the end. Call it inside a transaction; an error writes nothing.

    One inside another writes its own rows only, at its own end: it may be undone, and what waits outside not.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    mine = _Left(_depth(connection))
    token = _waiting.set(mine)
    try:
        yield
        _write(mine.rows, connection)
    finally:
        _waiting.reset(token)


def leave(model: type[models.Model], *, wakes: str = "", **given: Any) -> None:
    """A row of what is `given`, by the names of the columns, and the model's defaults, in the caller's transaction.

    `wakes`: the channel whose listeners PostgreSQL calls when it commits. Raises KeyError (no such column),
    DatabaseError.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    row = (model, wakes, one_row.columns(model, given, connection))
    waiting = _waiting.get()
    # A block of its own may be undone without the rest: what is left in it goes with it.
    if waiting is not None and waiting.depth == _depth(connection):
        waiting.rows.append(row)
    else:
        _write([row], connection)


def leave_now(model: type[models.Model], **given: Any) -> None:
    """The same, written at once: rows that are read in the order in which they were left (the audit trail's)."""
    connection = connections[DEFAULT_DB_ALIAS]
    _write([(model, "", one_row.columns(model, given, connection))], connection)


def _depth(connection: BaseDatabaseWrapper) -> int:
    return len(connection.savepoint_ids)


def _write(rows: Sequence[_Row], connection: BaseDatabaseWrapper) -> None:
    at_once = MOST if connection.vendor == "postgresql" else 1
    for first in range(0, len(rows), at_once):
        _write_some(rows[first : first + at_once], connection)


def _write_some(rows: Sequence[_Row], connection: BaseDatabaseWrapper) -> None:
    """One statement. The parts of one that has several run in no order that anybody promises: the rows of a model are
    one part, and keep theirs."""
    by_model: dict[type[models.Model], list[list[Any]]] = {}
    for model, _wakes, values in rows:
        by_model.setdefault(model, []).append(values)
    called = [] if connection.vendor != "postgresql" else list(dict.fromkeys(wakes for _, wakes, _ in rows if wakes))
    key = (connection.vendor, len(called), *((model, len(some)) for model, some in by_model.items()))
    statement = _statements.get(key) or _worded(key, connection)
    given = [value for some in by_model.values() for values in some for value in values]
    with prepared.cursor(connection) as cursor:
        cursor.execute(statement, given + called)


def _worded(key: tuple[Any, ...], connection: BaseDatabaseWrapper) -> str:
    _vendor, called, *kinds = key
    parts = [one_row.inserting(model, count, connection) for model, count in kinds]
    if called:
        parts.append("SELECT " + ", ".join(["pg_notify(%s, '')"] * called))
    ahead = ", ".join(f"left_{place} AS ({part})" for place, part in enumerate(parts[:-1]))
    _statements[key] = f"WITH {ahead} {parts[-1]}" if ahead else parts[-1]
    return _statements[key]

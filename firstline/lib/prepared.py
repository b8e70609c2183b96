"""A statement that PostgreSQL plans once for a connection, and from then on only runs.

To plan a statement over ten tables takes it many times as long as to run it. So the few statements that every page and
call asks, whose words never change, are prepared. They hold no value that decides a plan: what is always the same
stands in their words, and only keys and moments are given.

What is prepared is state of the connection. A pooler in transaction mode must know it (PgBouncer does, since 1.22);
for another one `DATABASE_URL` takes `?prepare=no`.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor

MOST = 500  # our statements are fewer; the driver's 100 would have it forget some


_PLACE = re.compile("%%|%s")
_numbered: dict[str, bytes] = {}


class _Preparing(RawCursor[Any]):
    """Takes a statement as Django writes it, with `%s` for a value. In one that is long or has more than fifty of them
    the driver would look for them again at each call: here they become PostgreSQL's own ($1) once."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        words = query if params is None else _numbered.get(query) or _number(query)
        return super().execute(words, params, prepare=True, **how)


def _number(statement: str) -> bytes:
    numbers = count(1)
    written = _PLACE.sub(lambda place: "%" if place[0] == "%%" else f"${next(numbers)}", statement)
    _numbered[statement] = written.encode()
    return _numbered[statement]


def cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """Django's cursor for a statement whose words are always the same. On SQLite the usual one: its driver keeps what
    it compiled by itself. And where statements are written down, so that they are read with their values."""
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        driver: Any = connection.connection
        driver.prepared_max = MOST
        return connection._prepare_cursor(_Preparing(driver))  # type: ignore[attr-defined, no-any-return]

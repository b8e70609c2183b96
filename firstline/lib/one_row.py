"""One row, one statement, one commit: how something becomes ours with the least that can go wrong or take time.

Outside of a transaction a single INSERT is a transaction: when it returns, the row is as durable as a COMMIT makes it
(`synchronous=FULL`, `synchronous_commit=on`). That spares two statements, and the ORM's work for a save.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection, models
from django.db.models import Field

PLAIN = frozenset({str, int, type(None)})
_plans: dict[tuple[type[models.Model], str], tuple[str, list[Field[Any, Any]]]] = {}


def insert(row: models.Model, *, unique: tuple[str, ...]) -> bool:
    """Writes a new row and gives it its number. False: another row has the same `unique` columns, nothing was written.

    Raises RuntimeError inside a transaction (which would make it durable later, or never), DatabaseError.
    """
    # What Django asks for `durable=True`: the transaction around a test does not count.
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:  # type: ignore[attr-defined]
        raise RuntimeError("a row that is to be durable at once cannot be part of a transaction")
    statement, fields = _plan(type(row), unique)
    values = [_prepared(field, getattr(row, field.attname)) for field in fields]
    number = _execute(statement, values)
    if number is None:
        return False
    row.pk, row._state.adding, row._state.db = number, False, connection.alias
    return True


def _prepared(field: Field[Any, Any], value: Any) -> Any:
    """As the database takes it; most columns hold what every database takes as it is."""
    return value if type(value) in PLAIN else field.get_db_prep_save(value, connection)


def _plan(model: type[models.Model], unique: tuple[str, ...]) -> tuple[str, list[Field[Any, Any]]]:
    key = (model, connection.vendor)
    if key not in _plans:
        quote = connection.ops.quote_name
        fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        columns = ", ".join(quote(field.column) for field in fields)
        statement = (
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))}) "  # noqa: S608 - names of our own columns
            f"ON CONFLICT ({', '.join(map(quote, unique))}) DO NOTHING RETURNING id"
        )
        _plans[key] = statement, fields
    return _plans[key]


def _execute(statement: str, values: list[Any]) -> int | None:
    if connection.vendor == "postgresql":
        # Bound by the server: bytes travel as they are, not as text twice their length.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            found = cursor.execute(statement.encode(), values).fetchone()
    else:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = (cursor.fetchall() or [None])[0]  # to its end: SQLite commits after the last row was read
    return int(found[0]) if found else None

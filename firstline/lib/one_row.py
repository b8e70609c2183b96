"""One row, one statement, one commit: how something becomes ours with the least that can go wrong or take time.

Outside of a transaction a single INSERT is a transaction: when it returns, the row is as durable as a COMMIT makes it
(`synchronous=FULL`, `synchronous_commit=on`). That spares two statements, and the ORM's work for a save: what a column
holds when nobody names it is worked out once for each model, not for each row.

The same for rows inside a transaction (`add`, `add_all`, `change`): for what every event of every ticket writes, since
the ORM's work for a statement takes several times as long as the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field

from firstline.lib import prepared

PLAIN: frozenset[type] = frozenset({str, int, type(None)})
TRUTHS: frozenset[type] = frozenset({bool, type(None)})
NONE_AS_IT_IS: frozenset[type] = frozenset()
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class _Plan:
    """A model's columns without its number: `values` as a row holds them, `prepared` as the database takes them."""

    statement: str
    fields: list[Field[Any, Any]]
    plain: list[frozenset[type]]
    names: list[str]
    places: dict[str, int]
    values: list[Any]
    prepared: list[Any]
    made_each_time: dict[str, Callable[[], Any]]


_plans: dict[tuple[type[models.Model], tuple[str, ...], str], _Plan] = {}


def insert(model: type[Row], *, unique: tuple[str, ...], **given: Any) -> Row | None:
    """Writes a new row of what is `given`, by the names of the columns (`account_id`), and the model's defaults.

    None: another row has the same `unique` columns, nothing was written. Raises RuntimeError inside a transaction
    (which would make it durable later, or never), DatabaseError.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    # What Django asks for `durable=True`: the transaction around a test does not count.
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:  # type: ignore[attr-defined]
        raise RuntimeError("a row that is to be durable at once cannot be part of a transaction")
    plan = _plan(model, unique, connection)
    values, prepared = _filled(plan, given, connection)
    number = _execute(connection, plan.statement, prepared)
    if number is None:
        return None
    return model.from_db(DEFAULT_DB_ALIAS, plan.names, [number, *values])


def columns(model: type[models.Model], given: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """The values for `inserting`: what is `given` and the model's defaults. Raises KeyError: no such column."""
    return _filled(_plan(model, (), connection), given, connection)[1]


def inserting(model: type[models.Model], count: int, connection: BaseDatabaseWrapper) -> str:
    """The INSERT of so many rows of `columns`, for Django's cursor; it gives no numbers back."""
    return _rows(connection, model, _fields(model), count)


def _filled(plan: _Plan, given: dict[str, Any], connection: BaseDatabaseWrapper) -> tuple[list[Any], list[Any]]:
    values, prepared = plan.values.copy(), plan.prepared.copy()
    for name, make in plan.made_each_time.items():
        if name not in given:
            given[name] = make()
    for name, value in given.items():
        place = plan.places[name]
        values[place] = value
        is_plain = type(value) in plan.plain[place]
        prepared[place] = value if is_plain else _prepared(plan.fields[place], value, connection)
    return values, prepared


def add(row: Row) -> Row:
    """Writes a new row in the caller's transaction, as `save` does, by a statement that is worked out once a model."""
    add_all([row])
    return row


def add_all(rows: Sequence[Row]) -> None:
    """The same for some rows of one model, by one statement. Their columns are what their fields say, whatever the
    database would put there by itself."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    statement, fields = _adding(type(rows[0]), len(rows), connection)
    values = [
        value if type(value := getattr(row, field.attname)) in plain else _prepared(field, value, connection)
        for row in rows
        for field, plain in fields
    ]
    with prepared.cursor(connection) as cursor:
        cursor.execute(statement, values)
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = number, False, DEFAULT_DB_ALIAS


def change(row: models.Model, names: Sequence[str], **where: Any) -> bool:
    """Writes these fields of a row that is there, where its columns say `where`; says whether it was."""
    connection, model = connections[DEFAULT_DB_ALIAS], type(row)
    statement, fields = _changing(model, tuple(names), tuple(where), connection)
    given = [getattr(row, field.attname) for field, _plain in fields[: len(names)]] + [row.pk, *where.values()]
    values = [
        value if type(value) in plain else _prepared(field, value, connection)
        for (field, plain), value in zip(fields, given, strict=True)
    ]
    with prepared.cursor(connection) as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)


# The field, and the types of values that go into it as they are.
_Column: TypeAlias = "tuple[Field[Any, Any], frozenset[type]]"
_statements: dict[tuple[Any, ...], tuple[str, list[_Column]]] = {}


def _adding(model: type[models.Model], count: int, connection: BaseDatabaseWrapper) -> tuple[str, list[_Column]]:
    key = (model, count, connection.vendor)
    if key not in _statements:
        fields = _fields(model)
        written = f"{_rows(connection, model, fields, count)} RETURNING id"
        _statements[key] = written, [(field, _plain(field)) for field in fields]
    return _statements[key]


def _changing(
    model: type[models.Model], names: tuple[str, ...], where: tuple[str, ...], connection: BaseDatabaseWrapper
) -> tuple[str, list[_Column]]:
    key = (model, names, where, connection.vendor)
    if key not in _statements:
        known = model._meta.local_concrete_fields
        by_name = {name: field for field in known for name in (field.name, field.attname)}
        fields = [by_name[name] for name in names]
        held = [model._meta.pk, *(by_name[name] for name in where)]
        sets = ", ".join(f"{_quoted(connection, field.column)} = %s" for field in fields)
        holds = " AND ".join(f"{_quoted(connection, field.column)} = %s" for field in held)
        written = f"UPDATE {_quoted(connection, model._meta.db_table)} SET {sets} WHERE {holds}"  # noqa: S608 - ours
        _statements[key] = written, [(field, _plain(field)) for field in (*fields, *held)]
    return _statements[key]


def _fields(model: type[models.Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.local_concrete_fields if not field.primary_key]


def _rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    fields: Sequence[Field[Any, Any]],
    count: int,
    mark: str = "%s",
) -> str:
    """An INSERT of so many rows, without an end."""
    columns = ", ".join(_quoted(connection, field.column) for field in fields)
    group = f"({', '.join([mark] * len(fields))})"
    table = _quoted(connection, model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([group] * count)}"  # noqa: S608 - names of our own columns


def _quoted(connection: BaseDatabaseWrapper, name: str) -> str:
    return connection.ops.quote_name(name)


def _plain(field: Field[Any, Any]) -> frozenset[type]:
    """The types of values that go into a column as they are. A field of our own (sealed text) has a say in each."""
    if not type(field).__module__.startswith("django."):
        return NONE_AS_IT_IS
    return TRUTHS if isinstance(field, models.BooleanField) else PLAIN


def _prepared(field: Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> Any:
    """As the database takes it."""
    if type(value) in _plain(field):
        return value
    is_moment = type(value) is datetime and value.tzinfo is not None and type(field) is models.DateTimeField
    if is_moment and connection.vendor == "postgresql":
        return value
    return field.get_db_prep_save(value, connection)


def _plan(model: type[models.Model], unique: tuple[str, ...], connection: BaseDatabaseWrapper) -> _Plan:
    key = (model, unique, connection.vendor)
    if key not in _plans:
        fields = _fields(model)
        by_name = {field.attname: field for field in fields}
        made = {
            name: field.default for name, field in by_name.items() if field.has_default() and callable(field.default)
        }
        values = [None if field.attname in made else field.get_default() for field in fields]
        _plans[key] = _Plan(
            statement=_statement(model, fields, unique, connection) if unique else "",
            fields=fields,
            plain=[_plain(field) for field in fields],
            names=["id", *by_name],
            places={name: place for place, name in enumerate(by_name)},
            values=values,
            prepared=[_prepared(field, value, connection) for field, value in zip(fields, values, strict=True)],
            made_each_time=made,
        )
    return _plans[key]


def _statement(
    model: type[models.Model], fields: list[Field[Any, Any]], unique: tuple[str, ...], connection: BaseDatabaseWrapper
) -> str:
    """For the driver, not for Django's cursor: each has its own mark for a value, and SQLite knows the last number."""
    mark, end = ("%s", " RETURNING id") if connection.vendor == "postgresql" else ("?", "")
    keys = ", ".join(_quoted(connection, name) for name in unique)
    return f"{_rows(connection, model, fields, 1, mark)} ON CONFLICT ({keys}) DO NOTHING{end}"


def _execute(connection: BaseDatabaseWrapper, statement: str, values: list[Any]) -> int | None:
    """By the driver itself: what Django's cursor does for every query takes longer than everything above."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            # Bound by the server: bytes travel as they are, not as text twice their length.
            with psycopg.Cursor(connection.connection) as cursor:
                found = cursor.execute(statement.encode(), values).fetchone()
                return int(found[0]) if found else None
        done = connection.connection.execute(statement, values)
        return int(done.lastrowid) if done.rowcount else None

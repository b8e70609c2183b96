"""Tables filled in bulk: rows as the database takes them, without the ORM; the indexes are away until all is there.

`Pen` is the one engine's way to write: executemany on SQLite, COPY on PostgreSQL. The constraints stay, but for foreign
keys, which the builder's own numbers cannot break (tests/bench checks it).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from string import digits
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models, transaction

from bench import multiplying

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
CACHE_KB = 1_000_000


class Pen(Protocol):
    def literal(self, value: Any) -> Any:
        """A value as a row of `write` has it."""

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None: ...

    def in_haste(self) -> Any:
        """A context in which the tables are only filled: no index, no check of foreign keys, no safety."""


class SqlitePen:
    def literal(self, value: Any) -> Any:
        return value

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        connection.ensure_connection()
        connection.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608

    @contextmanager
    def in_haste(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
            kept = cursor.fetchall()
            for setting in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", f"cache_size=-{CACHE_KB}"):
                cursor.execute(f"PRAGMA {setting}")
            connection.connection.create_function("sha256_of", 1, _sha256, deterministic=True)
            for name, _made in kept:
                cursor.execute(f'DROP INDEX "{name}"')
            _fts_memory(cursor, 64 << 20)
            yield
            _fts_memory(cursor, 1 << 20)
            for _name, made in kept:
                cursor.execute(made, None)
        connection.close()  # the next one has the product's settings


def _sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _fts_memory(cursor: Any, size: int) -> None:
    """How much of the full-text index is gathered before a piece of it is written."""
    cursor.execute("INSERT INTO search_tickets (search_tickets, rank) VALUES ('hashsize', %s)", [size])


class PostgresPen:
    """Rows are lists of the texts that COPY reads."""

    def literal(self, value: Any) -> str:
        if value is None:
            return "\\N"
        if isinstance(value, str):
            return value.translate(_ESCAPED)
        if isinstance(value, bool):
            return "t" if value else "f"
        if isinstance(value, int | float | UUID):
            return str(value)
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, bytes | memoryview):
            return "\\\\x" + bytes(value).hex()
        held = value.obj  # psycopg's wrappers of JSON and bytes
        return self.literal(held if isinstance(held, bytes | memoryview) else json.dumps(held))

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write("".join(["\t".join(row) + "\n" for row in rows]))

    @contextmanager
    def in_haste(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            )
            kept = cursor.fetchall()
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for name, _made in kept:
                cursor.execute(f'DROP INDEX "{name}"')
            yield
            for _name, made in kept:
                cursor.execute(made)
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def pen() -> Pen:
    return PostgresPen() if connection.vendor == "postgresql" else SqlitePen()


@dataclass
class Sheet:
    """The rows of one table that wait to be written."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where the rows are from which the table is filled."""
        return f"bench_{self.table}"

    def write(self, by: Pen) -> None:
        if self.rows:
            names = ", ".join(f'"{column}"' for column in self.columns)
            none = f"SELECT {names} FROM {self.table} WHERE 1 = 0"  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE IF NOT EXISTS {self.base} AS {none}")
            by.write(self.base, self.columns, self.rows)
            self.rows = []

    def multiply(self, copies: int) -> None:
        copying = multiplying.statement(
            connection.vendor, self.table, self.base, self.columns, self.kinds, copies - 1
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(copying, None)
            cursor.execute(f"DROP TABLE {self.base}")


@dataclass(frozen=True)
class Pattern:
    """A row that many tickets have, with holes: the place of each and the name of what belongs there."""

    sheet: Sheet
    values: list[Any]
    holes: tuple[tuple[int, str], ...]

    def fill(self, given: dict[str, Any]) -> None:
        row = self.values.copy()
        for place, name in self.holes:
            row[place] = given[name]
        self.sheet.rows.append(row)


class Sheets:
    """One for each table, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self.pen = pen()
        self._all: dict[str, Sheet] = {}

    def of(self, table: str, columns: Sequence[str]) -> Sheet:
        return self._all.setdefault(table, Sheet(table, tuple(columns)))

    def pattern(self, row: models.Model, **holes: str) -> Pattern:
        """A row as Django would save it. Its `id` is the database's to give, if no hole is named so."""
        fields = [one for one in row._meta.concrete_fields if one.attname != "id" or "id" in holes]
        sheet = self.of(row._meta.db_table, [str(one.column) for one in fields])
        values = [
            None if one.attname in holes
            else self.pen.literal(one.get_db_prep_save(getattr(row, one.attname), connection))
            for one in fields
        ]  # fmt: skip
        names = [one.attname for one in fields]
        sheet.kinds |= {str(one.column): holes[one.attname].rstrip(digits) for one in fields if one.attname in holes}
        return Pattern(sheet, values, tuple((names.index(name), hole) for name, hole in holes.items()))

    def write(self) -> None:
        for sheet in self._all.values():
            sheet.write(self.pen)

    def multiply(self, copies: int) -> None:
        """Each row that was written so many times into its table."""
        for sheet in self._all.values():
            with transaction.atomic():
                sheet.multiply(copies)

"""What a test sets up in empty tables, made again by a dozen statements in place of a hundred.

`@remembered` goes over a function that makes rows and returns a namespace of them. Its first call in a process shows
which tables it writes, the second is remembered, and every later one puts the same rows back, with their numbers, and
returns fresh copies of the objects. Where something lies in one of the tables already, the function itself runs.
"""

from __future__ import annotations

import functools
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, Model

from firstline.lib.clock import now as as_a_default  # a test that moves the clock moves no default of a field

WRITES = re.compile(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(\w+)"')
READS = ("SELECT ", "SAVEPOINT ", "RELEASE ")


class Table:
    """One table of the stage, with its rows as the database gives them."""

    def __init__(self, name: str) -> None:
        self.name = name
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
        named = ", ".join(f'"{column}"' for column in columns)
        self.insertion = f'INSERT INTO "{name}" ({named}) VALUES {places}'  # noqa: S608
        self.values = [value for row in rows for value in row]
        self.moments = [
            place
            for said in said_by_the_clock(model_of(name))
            for place in range(columns.index(said.column), len(self.values), len(columns))
        ]

    def put_back(self, now: datetime) -> None:
        values = list(self.values)
        for place in self.moments:
            values[place] = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            cursor.execute(self.insertion, values)


class Memory:
    """What one function makes."""

    def __init__(self, build: Callable[[], SimpleNamespace]) -> None:
        self.build = build
        self.names: dict[str, None] = {}  # in the order in which they are written first
        self.tables: list[Table] = []
        self.objects = b""

    def make(self) -> SimpleNamespace:
        if not self.names:
            with self.watching():
                return self.build()
        if self.is_occupied():
            return self.build()
        if not self.tables:
            return self.remember()
        return self.put_back(as_a_default())

    def put_back(self, now: datetime) -> SimpleNamespace:
        for table in self.tables:
            table.put_back(now)
        made: SimpleNamespace = pickle.loads(self.objects)  # noqa: S301
        for one in vars(made).values():
            for said in said_by_the_clock(type(one)) if isinstance(one, Model) else ():
                setattr(one, said.attname, now)
        return made

    def remember(self) -> SimpleNamespace:
        made = self.build()
        self.objects = pickle.dumps(made)
        self.tables = [Table(name) for name in self.names]
        return made

    @contextmanager
    def watching(self) -> Iterator[None]:
        def watch(execute: Any, statement: str, parameters: Any, many: bool, context: Any) -> Any:
            if not statement.startswith(READS):
                written = WRITES.match(statement)
                assert written, f"which table does this write? {statement}"
                self.names[written[1]] = None
            return execute(statement, parameters, many, context)

        with connection.execute_wrapper(watch):
            yield

    def is_occupied(self) -> bool:
        questions = " OR ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in self.names)  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {questions}")
            return bool(cursor.fetchone()[0])


def remembered(build: Callable[[], SimpleNamespace]) -> Callable[[], SimpleNamespace]:
    memory = Memory(build)

    @functools.wraps(build)
    def make() -> SimpleNamespace:
        with transaction.atomic():
            return memory.make()

    return make


def model_of(table: str) -> type[Model]:
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)


@functools.cache
def said_by_the_clock(model: type[Model]) -> list[Field[Any, Any]]:
    """The fields that hold the moment in which the row was made."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.get_internal_type() == "DateTimeField" and field.has_default() and callable(field.default)
    ]

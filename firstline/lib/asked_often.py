"""A question that is asked again and again is put into words once: `Question` keeps the SELECT that Django wrote for a
queryset, and from then on asks it with other values.

To word a SELECT over three tables takes Django several times as long as to ask it, and comes out the same each time. So
the few questions that every call, every page and every letter asks are written as always, with `Given` in the place of
each value, and are worded when they are asked first. What comes back are rows as from any queryset; nothing of them is
kept. PostgreSQL plans each of them once a connection, too (`lib.prepared`): all else that Django would hand over as a
value stands in the words, so that the plan may count on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from firstline.lib import prepared

Row = TypeVar("Row")
NOBODY: Mapping[int, Any] = MappingProxyType({})
_PLACE = re.compile(r"(%%|%s)")


class Given(Expression):
    """The place of a value in a question. `like` says how the database takes it."""

    def __init__(self, name: str, like: Field[Any, Any]) -> None:
        super().__init__(output_field=like)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]

    def prepared(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Among(Given):
    """The place of any number of values, for `__in`: one place, so that the words do not depend on how many."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        if connection.vendor == "postgresql":
            like: Any = self.output_field
            return f"(SELECT unnest(%s::{like.cast_db_type(connection)}[]))", [self]
        return "(SELECT value FROM json_each(%s))", [self]

    def prepared(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        given = list(values[self.name])
        return given if connection.vendor == "postgresql" else json.dumps(given)


@dataclass(frozen=True)
class Words:
    """A statement for one engine, and what stands in its places: a `Given` where a value is given each time."""

    statement: str
    places: Sequence[Any]
    once: bool = False

    def fetch(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
        params = [one.prepared(values, connection) if isinstance(one, Given) else one for one in self.places]
        with connection.cursor() if self.once else prepared.cursor(connection) as cursor:
            cursor.execute(self.statement, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def in_words(
    statement: str,
    places: Iterable[Any],
    connection: BaseDatabaseWrapper,
    *,
    once: bool = False,
    stands: Mapping[int, Given] = NOBODY,
) -> Words:
    """On PostgreSQL what is not given stands in the statement itself. SQLite's planner looks at the values.

    `stands`: numbers that stand for a value that is given. `once`: it will not be asked again in these words.
    """
    places = [stands.get(one, one) if isinstance(one, int) else one for one in places]
    if once or connection.vendor != "postgresql":
        return Words(statement, places, once)
    ahead = iter(places)
    parts = [_in_its_place(next(ahead), connection) if part == "%s" else part for part in _PLACE.split(statement)]
    return Words("".join(parts), [one for one in places if isinstance(one, Given)])


def _in_its_place(value: Any, connection: BaseDatabaseWrapper) -> str:
    if isinstance(value, Given):
        return "%s"
    literal: str = connection.ops.compose_sql("%s", [value])  # type: ignore[attr-defined]
    return literal.replace("%", "%%")


@dataclass
class _Asked:
    """What Django's reader of rows asks a queryset for: here all is in words already."""

    query: Any
    db: str = DEFAULT_DB_ALIAS
    chunked_fetch: bool = False
    chunk_size: int = 0
    _known_related_objects: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Worded:
    words: Words
    compiler: SQLCompiler
    reader: Any

    def rows(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        found = self.words.fetch(values, connection)
        compiler: Any = copy(self.compiler)
        compiler.connection, compiler.execute_sql = connection, lambda *how, **more: [found]
        query: Any = copy(compiler.query)
        query.get_compiler = lambda *how, **more: compiler
        return list(self.reader(_Asked(query)))


class Question(Generic[Row]):
    """`wording` makes the queryset: rows of a model with what was selected along (what would be prefetched is not), or
    their `values()`. Its words must not depend on anything but the values. `once` and `stands`: see `in_words`."""

    def __init__(
        self,
        wording: Callable[[], QuerySet[Any, Row]],
        *,
        once: bool = False,
        stands: Mapping[int, Given] = NOBODY,
    ) -> None:
        self._wording, self._once, self._stands = wording, once, stands
        self._worded: dict[str, _Worded] = {}

    def all(self, **values: Any) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        worded = self._worded.get(connection.vendor) or self._word(connection)
        return worded.rows(values, connection)

    def first(self, **values: Any) -> Row | None:
        """For questions that have one answer at most, or an order and an end."""
        return next(iter(self.all(**values)), None)

    def _word(self, connection: BaseDatabaseWrapper) -> _Worded:
        queryset: Any = self._wording()
        compiler = queryset.query.get_compiler(connection=connection)
        statement, places = compiler.as_sql()
        words = in_words(statement, places, connection, once=self._once, stands=self._stands)
        worded = self._worded[connection.vendor] = _Worded(words, compiler, queryset._iterable_class)
        return worded

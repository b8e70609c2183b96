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
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Expression, Field, QuerySet
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


class GivenMoment(Given):
    """The place of a moment, or of one that lies a fixed time before or after it (`at - timedelta(hours=8)`)."""

    def __init__(self, name: str, shift: timedelta = timedelta()) -> None:
        super().__init__(name, DateTimeField())
        self.shift = shift

    def __add__(self, length: timedelta) -> GivenMoment:  # type: ignore[override]
        return GivenMoment(self.name, self.shift + length)

    def __sub__(self, length: timedelta) -> GivenMoment:  # type: ignore[override]
        return GivenMoment(self.name, self.shift - length)

    def prepared(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(values[self.name] + self.shift, connection)


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


class _Rows:
    """Rows that were fetched already, as Django's readers of rows ask for them: queryset, query and compiler in one."""

    _known_related_objects: Mapping[Any, Any] = NOBODY

    def __init__(self, worded: _Worded, found: list[tuple[Any, ...]], connection: BaseDatabaseWrapper) -> None:
        self._worded, self._found, self.connection = worded, found, connection
        self.db, self.query = DEFAULT_DB_ALIAS, self
        compiler = worded.compiler
        self.select, self.klass_info = compiler.select, compiler.klass_info
        self.annotation_col_map = compiler.annotation_col_map

    def __getattr__(self, name: str) -> Any:
        return getattr(self._worded.compiler.query, name)

    def get_compiler(self, *how: Any, **more: Any) -> _Rows:
        return self

    def execute_sql(self, *how: Any, **more: Any) -> None:
        """Done already."""

    def results_iter(self, *how: Any, **more: Any) -> Iterable[Any]:
        if not self._worded.converters:
            return iter(self._found)
        compiler: Any = SQLCompiler
        rows: Iterable[Any] = compiler.apply_converters(self, self._found, self._worded.converters)
        return rows


@dataclass(frozen=True)
class _Worded:
    """`converters`: what makes values of the columns. Django would ask every column for them, each time."""

    words: Words
    compiler: Any
    reader: Any
    converters: Any

    def rows(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        return list(self.reader(_Rows(self, self.words.fetch(values, connection), connection)))


class Question(Generic[Row]):
    """`wording` makes the queryset: rows of a model with what was selected along (what would be prefetched is not), or
    their `values()` or `values_list()`. Its words must not depend on anything but the values. `once` and `stands`: see
    `in_words`."""

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
        compiler: Any = queryset.query.get_compiler(connection=connection)
        statement, places = compiler.as_sql()
        words = in_words(statement, places, connection, once=self._once, stands=self._stands)
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        worded = self._worded[connection.vendor] = _Worded(
            words, compiler, queryset._iterable_class, compiler.get_converters(columns)
        )
        return worded

"""A question that is asked again and again is put into words once: `Question` keeps the SELECT that Django wrote for a
queryset, and from then on asks it with other values.

To word a SELECT over three tables takes Django several times as long as to ask it, and comes out the same each time. So
the few questions that every call, every page and every letter asks are written as always, with `Given` in the place of
each value, and are worded when they are asked first. What comes back are rows as from any queryset; nothing of them is
kept.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class Given(Expression):
    """The place of a value in a question. `like` says how the database takes it."""

    def __init__(self, name: str, like: Field[Any, Any]) -> None:
        super().__init__(output_field=like)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]

    def prepared(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


@dataclass
class _Asked:
    """What Django's reader of rows asks a queryset and its query for: here all is in words already."""

    compiler: SQLCompiler
    db: str = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Any, Any] = field(default_factory=dict)

    @property
    def query(self) -> _Asked:
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        return self.compiler


class Question(Generic[Row]):
    """`wording` makes the queryset: whole rows of a model, with what was selected along (what would be prefetched is
    not). Its words must not depend on anything but the values."""

    def __init__(self, wording: Callable[[], QuerySet[Row]]) -> None:
        self._wording = wording
        self._worded: dict[str, tuple[SQLCompiler, str, tuple[Any, ...]]] = {}

    def all(self, **values: Any) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        worded, statement, places = self._worded.get(connection.vendor) or self._word(connection)
        params = [one.prepared(values, connection) if isinstance(one, Given) else one for one in places]
        compiler: Any = copy(worded)
        compiler.connection, compiler.as_sql = connection, lambda: (statement, params)
        asked: Any = _Asked(compiler)
        return list(ModelIterable(asked))

    def first(self, **values: Any) -> Row | None:
        """For questions that have one answer at most, or an order and an end."""
        return next(iter(self.all(**values)), None)

    def _word(self, connection: BaseDatabaseWrapper) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._wording().query.get_compiler(connection=connection)
        statement, places = compiler.as_sql()
        self._worded[connection.vendor] = compiler, statement, tuple(places)
        return self._worded[connection.vendor]

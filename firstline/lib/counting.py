"""Counts for lists: up to 99+, from the index, many of them in one statement."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from firstline.lib.asked_often import NOBODY, Given, Words, in_words

UP_TO = 100
MOST_KINDS = 500


def up_to_99(wanted: Mapping[str, QuerySet[Any]], most: int = UP_TO) -> dict[str, int]:
    """How many rows each queryset has, at most `most` (100 is shown as 99+), in one statement for all of them.

    The database stops at the hundredth row, so a count costs the same at fifty rows and at a million.
    """
    return _counted(_up_to(wanted, most))


class Counts:
    """Counts that every page asks. `wording` makes the querysets for a kind of asker, with `Given` in the place of each
    value; the statement for all of them is put into words once for each kind (`lib.asked_often`). `most`: None counts
    without an end."""

    def __init__(self, wording: Callable[..., Mapping[str, QuerySet[Any]]], most: int | None = UP_TO) -> None:
        self._wording, self._most = wording, most
        self._worded: dict[Hashable, tuple[list[str], list[str], Words | None]] = {}

    def asked(
        self, kind: Hashable | None, *of: Any, stands: Mapping[int, Given] = NOBODY, **values: Any
    ) -> dict[str, int]:
        """The counts. `of` is handed to the wording, and no more in it than `kind` says. None: only for this once."""
        key = None if kind is None else (connection.vendor, kind)
        worded = self._worded.get(key) if key else None
        if worded is None:
            wanted = self._wording(*of)
            statement, names, places = _statement(_up_to(wanted, self._most))
            words = in_words(statement, places, connection, once=key is None, stands=stands) if names else None
            worded = list(wanted), names, words
            if key:
                if len(self._worded) >= MOST_KINDS:
                    self._worded.clear()
                self._worded[key] = worded
        every, names, words = worded
        counts = dict.fromkeys(every, 0)
        if words is not None:
            counts.update(zip(names, words.fetch(values, connection)[0], strict=True))
        return counts


def exactly(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """The same without an end: what is asked for must be an index's own business, or little."""
    return _counted(_up_to(wanted, None))


def _up_to(wanted: Mapping[str, QuerySet[Any]], most: int | None) -> dict[str, QuerySet[Any]]:
    return {name: rows.order_by().annotate(one_row=Value(1)).values("one_row")[:most] for name, rows in wanted.items()}


def _counted(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    counts = dict.fromkeys(wanted, 0)
    statement, names, params = _statement(wanted)
    if not names:
        return counts
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row = cursor.fetchone()
    counts.update(zip(names, row, strict=True))
    return counts


def _statement(wanted: Mapping[str, QuerySet[Any]]) -> tuple[str, list[str], list[Any]]:
    """One statement for all that can be counted, and the names of these."""
    parts: list[str] = []
    params: list[Any] = []
    names: list[str] = []
    for name, one in wanted.items():
        try:
            sql, given = one.query.sql_with_params()
        except EmptyResultSet:  # nothing can match: what Django says instead of a statement
            continue
        names.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django wrote the statement
        params += given
    return f"SELECT {', '.join(parts)}", names, params

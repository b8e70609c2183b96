"""Counts for lists: up to 99+, from the index, many of them in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

UP_TO = 100


def up_to_99(wanted: Mapping[str, QuerySet[Any]], most: int = UP_TO) -> dict[str, int]:
    """How many rows each queryset has, at most `most` (100 is shown as 99+), in one statement for all of them.

    The database stops at the hundredth row, so a count costs the same at fifty rows and at a million.
    """
    return _counted(
        {name: rows.order_by().annotate(one_row=Value(1)).values("one_row")[:most] for name, rows in wanted.items()}
    )


def exactly(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """The same without an end: what is asked for must be an index's own business, or little."""
    return _counted(
        {name: rows.order_by().annotate(one_row=Value(1)).values("one_row") for name, rows in wanted.items()}
    )


def _counted(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    counts = dict.fromkeys(wanted, 0)
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
    if not parts:
        return counts
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    counts.update(zip(names, row, strict=True))
    return counts

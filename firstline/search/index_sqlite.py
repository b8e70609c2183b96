"""The index on SQLite: one FTS5 table a kind, which keeps the terms as they were prepared and splits at blanks only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import connection, models
from django.db.models import QuerySet

from firstline.search.question import Document, Group, Question

Row = TypeVar("Row", bound=models.Model)
TABLES = {"ticket": "search_tickets", "article": "search_articles", "person": "search_people"}
# Columns instead of places: half the size, and no phrase is asked for. All but blanks belongs to a term.
MAKE = (
    "CREATE VIRTUAL TABLE {table} USING fts5(subject, public, internal, facts, detail=column, columnsize=0, "
    "tokenize=\"ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_`{{|}}~'\")"
)
_COLUMNS = ("subject", "public", "internal", "facts")
ROW = ("rowid", *_COLUMNS)


def put(kind: str, documents: Sequence[Document]) -> None:
    remove(kind, [document.number for document in documents])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLES[kind]} ({', '.join(ROW)}) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
            [as_row(document) for document in documents],
        )


def as_row(document: Document) -> tuple[int | str, ...]:
    """What stands in the columns of ROW."""
    return document.number, *(" ".join(sorted(getattr(document, name))) for name in _COLUMNS)


def remove(kind: str, numbers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLES[kind]} WHERE rowid = %s", [(number,) for number in numbers])  # noqa: S608


def matching(kind: str, rows: QuerySet[Row], question: Question) -> QuerySet[Row]:
    """The plus keeps SQLite from asking the index row by row: the index leads, the rows follow by their numbers."""
    table = TABLES[kind]
    column = f"{connection.ops.quote_name(rows.model._meta.db_table)}.{connection.ops.quote_name('id')}"
    return rows.extra(  # noqa: S610
        tables=[table],
        where=[f"{column} = +{table}.rowid", f"{table} MATCH %s"],
        params=[_written(question)],
        order_by=[f"-{table}.rowid"],
    )


def terms_of(kind: str, numbers: Sequence[int]) -> dict[int, tuple[frozenset[str], ...]]:
    found: dict[int, tuple[frozenset[str], ...]] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT rowid, subject, public, internal, facts FROM {TABLES[kind]} WHERE rowid IN ({marks})",  # noqa: S608
                some,
            )
            found |= {row[0]: tuple(frozenset(text.split()) for text in row[1:]) for row in cursor.fetchall()}
    return found


def numbers(kind: str, after: int, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {TABLES[kind]} WHERE rowid > %s ORDER BY rowid LIMIT %s", [after, most])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def _written(question: Question) -> str:
    columns = "{" + " ".join(question.fields) + "}"
    joint = " OR " if question.some else " AND "
    asked = [f"({joint.join(f'{columns} : ({_any(group)})' for group in question.groups)})"] if question.groups else []
    asked += [f"facts : ({_either(facts)})" for facts in question.facts]
    text = " AND ".join(asked)
    for group in question.unwanted:
        text = f"({text}) NOT ({columns} : ({_any(group)}))"
    return text


def _any(group: Group) -> str:
    said = _either(group.terms)
    if group.beginning:
        beginning = f"{_quoted(group.beginning)}*"
        said = f"{said} OR {beginning}" if said else beginning
    return said


def _either(terms: Iterable[str]) -> str:
    return " OR ".join(_quoted(term) for term in sorted(terms))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'

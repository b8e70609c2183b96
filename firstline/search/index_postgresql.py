"""The index on PostgreSQL: a tsvector a document, made of the prepared terms as they are, and a GIN index on it.

The four fields are its four weights. No dictionary and no parser of the database has a say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import connection, models
from django.db.models import QuerySet

from firstline.search.question import Document, Group, Question

Row = TypeVar("Row", bound=models.Model)
TABLES = {"ticket": "search_tickets", "article": "search_articles", "person": "search_people"}
MAKE = (
    "CREATE TABLE {table} (number bigint PRIMARY KEY, terms tsvector NOT NULL)",
    "CREATE INDEX {table}_terms ON {table} USING gin (terms)",
)
ROW = ("number", "terms")
WEIGHTS = {"subject": "A", "public": "B", "internal": "C", "facts": "D"}


def put(kind: str, documents: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLES[kind]} (number, terms) VALUES (%s, %s::tsvector) "  # noqa: S608
            "ON CONFLICT (number) DO UPDATE SET terms = EXCLUDED.terms",
            [as_row(document) for document in documents],
        )


def as_row(document: Document) -> tuple[int | str, ...]:
    """What stands in the columns of ROW."""
    return document.number, _vector(document)


def remove(kind: str, numbers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLES[kind]} WHERE number = ANY(%s)", [list(numbers)])  # noqa: S608


def matching(kind: str, rows: QuerySet[Row], question: Question) -> QuerySet[Row]:
    table = TABLES[kind]
    column = f"{connection.ops.quote_name(rows.model._meta.db_table)}.{connection.ops.quote_name('id')}"
    return rows.extra(  # noqa: S610
        tables=[table],
        where=[f"{column} = {table}.number", f"{table}.terms @@ %s::tsquery"],
        params=[_written(question)],
        order_by=[f"-{table}.number"],
    )


def terms_of(kind: str, numbers: Sequence[int]) -> dict[int, tuple[frozenset[str], ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, lexeme, weights FROM "  # noqa: S608
            f"{TABLES[kind]}, unnest(terms) AS each(lexeme, positions, weights) WHERE number = ANY(%s)",
            [list(numbers)],
        )
        found: dict[int, dict[str, set[str]]] = {}
        for number, lexeme, weights in cursor.fetchall():
            fields = found.setdefault(number, {weight: set() for weight in WEIGHTS.values()})
            for weight in weights:
                fields[weight].add(lexeme)
        cursor.execute(f"SELECT number FROM {TABLES[kind]} WHERE number = ANY(%s)", [list(numbers)])  # noqa: S608
        empty: dict[str, set[str]] = {weight: set() for weight in WEIGHTS.values()}
        return {
            number: tuple(frozenset(found.get(number, empty)[weight]) for weight in WEIGHTS.values())
            for (number,) in cursor.fetchall()
        }


def numbers(kind: str, after: int, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {TABLES[kind]} WHERE number > %s ORDER BY number LIMIT %s", [after, most])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def _vector(document: Document) -> str:
    """A place a field: the places of a vector must differ, or the database keeps one weight of them."""
    weights: dict[str, list[str]] = {}
    for place, (name, weight) in enumerate(WEIGHTS.items(), 1):
        for term in getattr(document, name):
            weights.setdefault(term, []).append(f"{place}{weight}")
    return " ".join(f"{_quoted(term)}:{','.join(places)}" for term, places in weights.items())


def _written(question: Question) -> str:
    weights = "".join(WEIGHTS[name] for name in question.fields)
    joint = " | " if question.some else " & "
    asked = [f"({joint.join(f'({_any(group, weights)})' for group in question.groups)})"] if question.groups else []
    asked += [f"({_either(facts, 'D')})" for facts in question.facts]
    asked += [f"!({_any(group, weights)})" for group in question.unwanted]
    return " & ".join(asked)


def _any(group: Group, weights: str) -> str:
    said = _either(group.terms, weights)
    if group.beginning:
        beginning = f"{_quoted(group.beginning)}:*{weights}"
        said = f"{said} | {beginning}" if said else beginning
    return said


def _either(terms: Iterable[str], weights: str) -> str:
    return " | ".join(f"{_quoted(term)}:{weights}" for term in sorted(terms))


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"

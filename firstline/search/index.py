"""The full-text index behind one name: what a document is, what is asked of it, and which engine answers.

A document has four fields of terms: `subject`, `public` (what the client's side may read too), `internal`, and `facts`:
whose it is and how it stands, so that a question is narrowed to what a person may see before a row is read. What he may
see is decided by the query that the index is joined to; the facts only spare the way.

Both engines answer a question with the same documents: they get the same terms and the same and / or / not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from django.db import connection, models
from django.db.models import QuerySet

from firstline.search import index_postgresql, index_sqlite
from firstline.search.question import Document, Question

Row = TypeVar("Row", bound=models.Model)


class Engine(Protocol):
    """What differs between the two databases."""

    TABLES: Mapping[str, str]
    ROW: tuple[str, ...]

    def as_row(self, document: Document) -> tuple[int | str, ...]: ...

    def put(self, kind: str, documents: Sequence[Document]) -> None: ...

    def remove(self, kind: str, numbers: Sequence[int]) -> None: ...

    def matching(self, kind: str, rows: QuerySet[Row], question: Question) -> QuerySet[Row]: ...

    def terms_of(self, kind: str, numbers: Sequence[int]) -> dict[int, tuple[frozenset[str], ...]]: ...

    def numbers(self, kind: str, after: int, most: int) -> list[int]: ...


def _engine() -> Engine:
    return index_postgresql if connection.vendor == "postgresql" else index_sqlite


def put(kind: str, documents: Iterable[Document]) -> None:
    """Writes documents over what stood under their numbers."""
    _engine().put(kind, list(documents))


def table_of(kind: str) -> tuple[str, tuple[str, ...]]:
    """The table and its columns, for whoever fills an empty one with the rows that `as_row` gives."""
    return _engine().TABLES[kind], _engine().ROW


def as_row(document: Document) -> tuple[int | str, ...]:
    return _engine().as_row(document)


def remove(kind: str, numbers: Iterable[int]) -> None:
    _engine().remove(kind, list(numbers))


def matching(kind: str, rows: QuerySet[Row], question: Question) -> QuerySet[Row]:
    """Those of `rows` (what a person may see) that answer the question, the highest number first: one statement, which
    stops early where it is cut."""
    return _engine().matching(kind, rows, question)


def terms_of(kind: str, numbers: Iterable[int]) -> dict[int, tuple[frozenset[str], ...]]:
    """What is kept of each document: subject, public, internal, facts."""
    return _engine().terms_of(kind, list(numbers))


def numbers(kind: str, after: int = 0, most: int = 1000) -> list[int]:
    """The documents after a number, in order."""
    return _engine().numbers(kind, after, most)

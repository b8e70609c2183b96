"""A row that is durable when its one statement returns."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from firstline.lib import one_row
from firstline.once.models import Answer

pytestmark = pytest.mark.django_db(transaction=True)
UNIQUE = ("scope", "key")


def answer(key: str, body: str = "слово\n") -> Answer:
    return Answer(scope="test", key=key, asked="a" * 64, status=201, body=body)


def seen_by_others(key: str) -> list[str]:
    """What another connection finds."""
    found: list[str] = []

    def look() -> None:
        found.extend(Answer.objects.filter(key=key).values_list("body", flat=True))
        connection.close()

    other = threading.Thread(target=look)
    other.start()
    other.join()
    return found


def test_it_is_there_for_everybody_when_the_statement_returns() -> None:
    row = answer("one")
    assert one_row.insert(row, unique=UNIQUE)
    assert seen_by_others("one") == ["слово\n"]
    again = Answer.objects.get(pk=row.pk)
    assert (again.key, again.status, again.created_at) == ("one", 201, row.created_at)


def test_it_costs_one_statement_at_most() -> None:
    with CaptureQueriesContext(connection) as asked:
        one_row.insert(answer("cheap"), unique=UNIQUE)
    assert len(asked) <= 1  # none is counted where the statement does not pass Django's cursor


def test_a_row_with_the_same_key_is_left_as_it_is() -> None:
    assert one_row.insert(answer("two", "first"), unique=UNIQUE)
    second = answer("two", "second")
    assert not one_row.insert(second, unique=UNIQUE)
    assert second.pk is None
    assert seen_by_others("two") == ["first"]


def test_another_constraint_is_no_reason_for_silence() -> None:
    wrong = answer("three")
    wrong.body = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError):
        one_row.insert(wrong, unique=UNIQUE)
    assert seen_by_others("three") == []


def test_inside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        one_row.insert(answer("four"), unique=UNIQUE)
    assert seen_by_others("four") == []

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


def insert(key: str, body: str | None = "слово\n") -> Answer | None:
    return one_row.insert(Answer, unique=UNIQUE, scope="test", key=key, asked="a" * 64, status=201, body=body)


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
    row = insert("one")
    assert row is not None
    assert seen_by_others("one") == ["слово\n"]
    again = Answer.objects.get(pk=row.pk)
    assert (again.key, again.status, again.created_at) == ("one", 201, row.created_at)


def test_what_nobody_named_is_as_the_model_says_and_made_anew_for_each_row() -> None:
    first, second = insert("five"), insert("six")
    assert first is not None
    assert second is not None
    assert second.created_at > first.created_at
    for row in (first, second):
        again = Answer.objects.get(pk=row.pk)
        assert row.__dict__.keys() == again.__dict__.keys()
        assert {**row.__dict__, "_state": None} == {**again.__dict__, "_state": None}


def test_a_column_that_does_not_exist_is_no_silence() -> None:
    with pytest.raises(KeyError):
        one_row.insert(Answer, unique=UNIQUE, scope="test", key="seven", colour="green")


def test_it_costs_one_statement_at_most() -> None:
    with CaptureQueriesContext(connection) as asked:
        insert("cheap")
    assert len(asked) <= 1  # none is counted where the statement does not pass Django's cursor


def test_a_row_with_the_same_key_is_left_as_it_is() -> None:
    assert insert("two", "first")
    assert insert("two", "second") is None
    assert seen_by_others("two") == ["first"]


def test_another_constraint_is_no_reason_for_silence() -> None:
    with pytest.raises(IntegrityError):
        insert("three", None)
    assert seen_by_others("three") == []


def test_inside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        insert("four")
    assert seen_by_others("four") == []

"""A row that is durable when its one statement returns."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from firstline.lib import one_row
from firstline.once.models import Answer
from firstline.post.models import Delivery

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


def whole(row: Delivery) -> dict[str, object]:
    return {key: value for key, value in row.__dict__.items() if key not in ("_state", "id", "uuid")}


def test_rows_within_a_transaction_are_what_save_would_have_written() -> None:
    given: dict[str, object] = {
        "kind": "answer", "to": "x@y.example", "language": "bg", "data": {"a": [1, "ё"]}, "ticket": 7,
    }  # fmt: skip
    saved = Delivery.objects.create(**given)
    rows = [Delivery(**given, created_at=saved.created_at, due_at=saved.due_at) for _ in range(3)]
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        one_row.add_all(rows)
    assert len([query for query in asked if query["sql"].startswith("INSERT")]) == 1
    assert len({row.pk for row in rows}) == len({row.uuid for row in rows}) == 3
    for row in rows:
        again = Delivery.objects.get(pk=row.pk)
        assert whole(again) == whole(Delivery.objects.get(pk=saved.pk)) == whole(row)
        again.save()  # it is known as a row that is there
    with transaction.atomic():
        one_row.add(Delivery(**given))
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 4


def test_a_change_writes_its_fields_alone_and_only_where_the_row_is_still_so() -> None:
    row = Delivery.objects.create(kind="answer", to="x@y.example", language="ru", lease_owner="me")
    Delivery.objects.filter(pk=row.pk).update(language="bg")
    row.kind, row.data, row.language = "taken", {"b": None}, "en"
    assert one_row.change(row, ("kind", "data"), lease_owner="me")
    again = Delivery.objects.get(pk=row.pk)
    assert (again.kind, again.data, again.language) == ("taken", {"b": None}, "bg")
    assert not one_row.change(row, ("kind",), lease_owner="another")

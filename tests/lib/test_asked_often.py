"""A question that is worded once gives the rows that its queryset would give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext

from firstline.lib.asked_often import Among, Given, Question
from firstline.people.models import ApiToken, Person
from tests import cast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def test_each_time_it_is_asked_with_other_values() -> None:
    """Rows come whole, with what was selected along: nothing more is asked for."""
    s = cast.stage()
    question = Question(
        lambda: Person.objects.select_related("client").filter(login=Given("login", CharField()), is_active=True)
    )
    for person in (s.olga, s.maria):
        with CaptureQueriesContext(connection) as asked:
            found = question.first(login=person.login)
            assert found == person
            assert vars(found)["name"] == person.name
            assert found.client == person.client
        assert len(asked) == 1
    assert question.first(login="nobody") is None


def test_what_was_changed_meanwhile_is_read_anew() -> None:
    s = cast.stage()
    question = Question(lambda: Person.objects.filter(pk=Given("number", BigIntegerField()), is_active=True))
    assert question.all(number=s.olga.pk) == [s.olga]
    Person.objects.filter(pk=s.olga.pk).update(is_active=False)
    assert question.all(number=s.olga.pk) == []


def test_a_value_is_taken_as_its_column_holds_it() -> None:
    """Moments are text on one engine and moments on the other; an annotated row has what was annotated."""
    s = cast.stage()
    for days in range(3):
        ApiToken.objects.create(person=s.olga, hash=f"hash {days}", scopes=[], created_at=NOON + timedelta(days))
    question = Question(
        lambda: (
            ApiToken.objects.filter(created_at__lte=Given("until", DateTimeField()))
            .annotate(until=Given("until", DateTimeField()))
            .order_by("-created_at")
        )
    )
    found = question.all(until=NOON + timedelta(days=1))
    assert [token.hash for token in found] == ["hash 1", "hash 0"]
    assert {vars(token)["until"] for token in found} == {NOON + timedelta(days=1)}
    assert [token.hash for token in question.all(until=NOON)] == ["hash 0"]


@pytest.mark.parametrize("logins", [["olga"], ["olga", "maria", "nobody"], []])
def test_any_number_of_values_goes_into_one_place(logins: list[str]) -> None:
    cast.stage()
    question = Question(lambda: Person.objects.filter(login__in=Among("logins", CharField())).order_by("login"))
    found = question.all(logins=logins)
    assert [person.login for person in found] == sorted({"olga", "maria"} & set(logins))


def test_rows_may_be_values() -> None:
    s = cast.stage()
    question = Question(
        lambda: (
            Person.objects.filter(pk__in=Among("numbers", BigIntegerField())).order_by("pk").values("pk", "team__slug")
        )
    )
    assert question.all(numbers=[s.olga.pk, s.emil.pk]) == [
        {"pk": s.olga.pk, "team__slug": "line1"}, {"pk": s.emil.pk, "team__slug": "line2"},
    ]  # fmt: skip


def test_what_is_always_the_same_stands_in_the_words() -> None:
    """A percent sign is a sign like any other there."""
    s = cast.stage()
    Person.objects.filter(pk=s.olga.pk).update(name="100% Ольга's")
    question = Question(
        lambda: Person.objects.filter(name__contains="% Ольга's", login=Given("login", CharField())).order_by()
    )
    assert question.all(login="olga") == [s.olga]
    assert question.all(login="emil") == []

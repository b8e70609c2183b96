"""How often something may be tried: counted per window, over at its end, forgotten when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.people import limits
from firstline.people.limits import Limit, TooOften
from firstline.people.models import Spent
from tests.cast import MONDAY_NINE as NOW

pytestmark = pytest.mark.django_db
TWICE = Limit("twice", 2, timedelta(minutes=10))


def test_it_says_how_many_are_left_and_then_until_when() -> None:
    assert [limits.spend(TWICE, "a", NOW), limits.spend(TWICE, "A ", NOW)] == [1, 0]
    with pytest.raises(TooOften) as refused:
        limits.spend(TWICE, "a", NOW + timedelta(minutes=9))
    assert refused.value.until == NOW + timedelta(minutes=10)
    assert limits.spend(TWICE, "b", NOW) == 1


def test_the_window_begins_anew_and_a_refusal_does_not_make_it_longer() -> None:
    for minute in (0, 1):
        limits.spend(TWICE, "a", NOW + timedelta(minutes=minute))
    for minute in (2, 9):
        with pytest.raises(TooOften):
            limits.spend(TWICE, "a", NOW + timedelta(minutes=minute))
    assert limits.spend(TWICE, "a", NOW + timedelta(minutes=10)) == 1


def test_looking_does_not_count_and_forgiving_begins_anew() -> None:
    limits.spend(TWICE, "a", NOW)
    limits.check(TWICE, "a", NOW)
    limits.spend(TWICE, "a", NOW)
    with pytest.raises(TooOften):
        limits.check(TWICE, "a", NOW)
    limits.forgive(TWICE, "a")
    assert limits.spend(TWICE, "a", NOW) == 1


def test_nobody_can_be_read_from_the_table_and_what_is_over_is_forgotten() -> None:
    limits.spend(TWICE, "ivan@north.example", NOW)
    assert "ivan" not in Spent.objects.get().key
    assert limits.forget_old(NOW) == 0
    assert limits.forget_old(NOW + timedelta(minutes=10)) == 1

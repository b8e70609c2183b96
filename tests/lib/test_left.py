"""Rows that a transaction leaves for others, written together."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from firstline.audit.models import Row
from firstline.lib import clock, left
from firstline.live.models import Signal
from firstline.search.models import Stale

pytestmark = pytest.mark.django_db(transaction=True)


def note(action: str) -> None:
    left.leave(Row, at=clock.now(), actor="system", action=action, target="ticket:1", data={"ё": [1, None]})


def actions() -> list[str]:
    return list(Row.objects.order_by("pk").values_list("action", flat=True))


def test_they_are_what_save_would_have_written_in_their_order() -> None:
    with transaction.atomic(), left.together():
        note("first")
        left.leave(Stale, kind="ticket", number=7)
        left.leave(Signal, wakes="a_channel", topic="ticket:7", version=3, audience=" desk:* ")
        note("second")
    assert actions() == ["first", "second"]
    assert Row.objects.earliest("pk").data == {"ё": [1, None]}
    stale, signal = Stale.objects.get(), Signal.objects.get()
    assert (stale.kind, stale.number, stale.problem) == ("ticket", 7, "")
    assert (signal.topic, signal.version, signal.audience) == ("ticket:7", 3, " desk:* ")
    assert stale.try_at is not None
    assert signal.created_at is not None


def test_of_one_event_they_are_one_statement_where_the_engine_can() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked, left.together():
        for number in range(left.MOST):
            left.leave(Stale, kind="ticket", number=number)
    assert len(asked) == (1 if connection.vendor == "postgresql" else left.MOST)
    with transaction.atomic(), left.together():
        for number in range(2 * left.MOST + 1):
            left.leave(Stale, kind="article", number=number)
    numbers = Stale.objects.filter(kind="article").order_by("pk").values_list("number", flat=True)
    assert list(numbers) == list(range(2 * left.MOST + 1))


def test_without_a_block_each_is_written_at_once() -> None:
    with transaction.atomic():
        note("alone")
        assert actions() == ["alone"]


def test_what_is_left_now_keeps_its_place_before_what_an_inner_block_leaves() -> None:
    with transaction.atomic(), left.together():
        left.leave_now(Row, at=clock.now(), actor="system", action="outer", target="ticket:1", data={})
        with left.together():
            note("inner")
        assert actions() == ["outer", "inner"]


def test_what_was_left_in_a_part_that_is_undone_goes_with_it() -> None:
    with transaction.atomic(), left.together():
        note("before")
        try:
            with transaction.atomic():
                note("undone")
                raise ValueError
        except ValueError:
            note("after")
    assert "undone" not in actions()
    assert sorted(actions()) == ["after", "before"]


def test_an_error_leaves_nothing_and_the_next_block_begins_empty() -> None:
    with pytest.raises(ValueError, match="fell"), transaction.atomic(), left.together():
        note("fell with it")
        raise ValueError("fell")
    with transaction.atomic(), left.together():
        note("next")
    assert actions() == ["next"]


def test_what_is_no_column_or_no_value_is_no_silence() -> None:
    with pytest.raises(KeyError):
        left.leave(Stale, kind="ticket", number=7, colour="green")
    with pytest.raises(DatabaseError), transaction.atomic(), left.together():
        left.leave(Stale, kind="ticket", number=None)
    assert not Stale.objects.exists()


def test_what_was_left_before_a_part_that_is_undone_stays() -> None:
    with transaction.atomic(), left.together():
        note("before")
        with pytest.raises(ValueError, match="undone"), transaction.atomic(), left.together():
            note("undone")
            raise ValueError("undone")
        note("after")
    assert actions() == ["before", "after"]

"""The box of a line as arithmetic: against a plain model that looks at every second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from firstline.lines import box
from firstline.lines.box import Limit, Marks, State

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
minutes = st.integers(0, 60)


@given(minutes, st.integers(1, 30), st.integers(0, 3))
def test_the_state_is_what_the_shares_say(touched: int, size: int, extensions: int) -> None:
    whole = size + 5 * extensions
    found = box.state(timedelta(minutes=touched), Limit(size), Marks(extensions), START)
    expected = State.FULL if touched >= whole else State.HINT if touched * 100 >= whole * 70 else State.CALM
    assert found == expected


@given(minutes)
def test_without_minutes_there_is_no_box(touched: int) -> None:
    limit, length = Limit(None), timedelta(minutes=touched)
    assert box.state(length, limit, Marks(), START) == State.NONE
    assert box.due(length, limit, Marks(), START) == []
    assert box.next_look([(length, True)], limit, Marks(), START) is None


@given(st.integers(0, 3600), st.integers(1, 30), st.integers(0, 2), st.booleans())
def test_the_next_look_is_the_first_second_in_which_something_is_due(
    touched: int, size: int, extensions: int, hinted: bool
) -> None:
    limit, marks = Limit(size), Marks(extensions, hinted)
    found = box.next_look([(timedelta(seconds=touched), True)], limit, marks, START)
    assert found is not None
    later = int((found - START).total_seconds())
    for second in range(0, later, 7):
        assert box.due(timedelta(seconds=touched + second), limit, marks, START) == []
    assert box.due(timedelta(seconds=touched + later), limit, marks, found) != []


def test_full_waits_five_minutes_for_a_decision_whoever_works() -> None:
    marks = Marks(hinted=True, full_at=START)
    limit, touched = Limit(20), timedelta(minutes=20)
    assert box.next_look([(touched, False)], limit, marks, START) == START + timedelta(minutes=5)
    assert box.due(touched, limit, marks, START + timedelta(minutes=4, seconds=59)) == []
    assert box.due(touched, limit, marks, START + timedelta(minutes=5)) == [State.OVER]
    assert box.state(touched, limit, marks, START + timedelta(minutes=5)) == State.OVER


def test_nobody_works_so_nothing_comes() -> None:
    assert box.next_look([(timedelta(minutes=3), False)], Limit(20), Marks(), START) is None

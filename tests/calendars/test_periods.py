"""Half-open periods: joined, cut out of one another, cut to size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firstline.lib.periods import Period, clipped, merged, minus, total

ZERO = datetime(2026, 6, 15, tzinfo=UTC)
END = 40


def hour(n: int) -> datetime:
    return ZERO + timedelta(hours=n)


def hours_of(periods: list[Period]) -> set[int]:
    return {n for n in range(END) if any(p.covers(hour(n)) for p in periods)}


ends = st.none() | st.integers(0, 35).map(hour)
periods = st.lists(st.builds(Period, st.integers(0, 30).map(hour), ends), max_size=5)


@given(periods)
def test_merged_periods_cover_the_same_and_are_in_order_without_touching(drawn: list[Period]) -> None:
    found = merged(drawn)

    assert hours_of(found) == hours_of(drawn)
    assert all(p.end is not None for p in found[:-1])
    for earlier, later in pairwise(found):
        assert earlier.end is not None
        assert earlier.end < later.start


@given(periods, periods)
def test_minus_leaves_what_no_hole_covers(drawn: list[Period], holes: list[Period]) -> None:
    found = minus(drawn, holes)

    assert hours_of(found) == hours_of(drawn) - hours_of(holes)
    assert all(p.end is None or p.start < p.end for p in found)


@given(periods, st.integers(0, 20), st.none() | st.integers(21, 30))
def test_clipped_is_what_lies_within(drawn: list[Period], start: int, end: int | None) -> None:
    window = Period(hour(start), None if end is None else hour(end))

    assert hours_of(clipped(drawn, window)) == hours_of(drawn) & hours_of([window])


def test_a_period_covers_its_start_and_not_its_end() -> None:
    period = Period(hour(1), hour(2))

    assert period.covers(hour(1))
    assert not period.covers(hour(2))
    assert Period(hour(1)).covers(hour(30))


def test_the_total_counts_an_open_period_up_to_the_given_moment() -> None:
    assert total([Period(hour(1), hour(3)), Period(hour(5))], until=hour(6)) == timedelta(hours=3)
    assert total([Period(hour(5))], until=hour(2)) == timedelta()

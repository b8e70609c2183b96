"""The arithmetic of touch, against counting second by second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from firstline.lib.periods import Period
from firstline.worklog import touching

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SPAN = 120  # seconds


def moment(second: int) -> datetime:
    return START + timedelta(seconds=second)


seconds = st.integers(0, SPAN)
some = st.lists(st.tuples(seconds, seconds).map(lambda pair: Period(moment(min(pair)), moment(max(pair)))), max_size=6)


def counted(periods: list[Period]) -> set[int]:
    return {s for s in range(SPAN) for one in periods if one.covers(moment(s))}


@given(some, seconds)
def test_overlapping_periods_count_once(periods: list[Period], until: int) -> None:
    expected = len([s for s in counted(periods) if s < until])
    assert touching.touched(periods, moment(until)) == timedelta(seconds=expected)


@given(some, st.integers(1, SPAN), seconds)
def test_an_amount_is_reached_at_the_second_in_which_the_count_gets_there(
    periods: list[Period], amount: int, until: int
) -> None:
    worked = sorted(s for s in counted(periods) if s < until)
    expected = moment(worked[amount - 1] + 1) if len(worked) >= amount else None
    assert touching.reached(periods, timedelta(seconds=amount), moment(until)) == expected


@given(some, seconds, seconds)
def test_only_what_is_free_is_added(taken: list[Period], start: int, end: int) -> None:
    wanted = Period(moment(min(start, end)), moment(max(start, end)))
    found = touching.only_free(wanted, taken)
    assert counted(found) == counted([wanted]) - counted(taken)


@given(some, st.integers(0, SPAN), seconds, seconds)
def test_free_time_is_found_backwards_and_is_as_long_as_was_said(
    taken: list[Period], length: int, since: int, at: int
) -> None:
    free = [s for s in range(since, at) if s not in counted(taken)]
    found = touching.free_before(moment(at), timedelta(seconds=length), taken, moment(since))
    assert counted(found) == set(free[max(0, len(free) - length) :] if length else [])


@given(seconds, seconds)
def test_a_timer_counts_three_minutes_after_the_last_activity_and_no_longer(seen: int, at: int) -> None:
    until = touching.live_until(moment(seen), moment(at) + timedelta(minutes=2))
    assert until == min(moment(at) + timedelta(minutes=2), moment(seen) + timedelta(minutes=3))


def test_a_begun_minute_is_a_whole_one() -> None:
    assert [touching.whole_minutes(timedelta(seconds=s)) for s in (0, 1, 60, 61)] == [0, 1, 1, 2]


def test_a_gap_is_between_three_minutes_and_four_hours() -> None:
    lengths = (timedelta(minutes=2), timedelta(minutes=3), timedelta(hours=4), timedelta(hours=5))
    assert [touching.is_gap(START, START + one) for one in lengths] == [False, True, True, False]

"""Working time agrees with somebody who looks at the wall clock once a minute, around every kind of clock change."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.calendars.working_time import Calendar, NeverOpen, Timetable, local_midnight
from tests.calendars import walker

SOME = settings(max_examples=120, deadline=None)
MINUTE = timedelta(minutes=1)


@SOME
@given(walker.calendars_near(), st.integers(0, 3 * 1440))
def test_between_counts_the_minutes_the_walker_counts(drawn: tuple[Calendar, datetime], length: int) -> None:
    calendar, start = drawn

    assert calendar.between(start, start + length * MINUTE) == walker.between(calendar, start, start + length * MINUTE)


@SOME
@given(walker.calendars_near(), st.integers(0, 1500))
def test_add_ends_where_the_walker_ends(drawn: tuple[Calendar, datetime], minutes: int) -> None:
    calendar, start = drawn
    expected = walker.add(calendar, start, minutes, give_up_after=5 * 1440)
    try:
        found = calendar.add(start, minutes * MINUTE)
    except NeverOpen:
        found = None

    if expected is None:
        assert found is None or found > start + 5 * 1440 * MINUTE - MINUTE
    else:
        assert found == expected


@SOME
@given(walker.calendars_near(), st.integers(0, 1440))
def test_is_open_says_what_the_wall_shows(drawn: tuple[Calendar, datetime], offset: int) -> None:
    calendar, start = drawn

    assert calendar.is_open(start + offset * MINUTE) == walker.is_open(calendar, start + offset * MINUTE)


@SOME
@given(walker.calendars_near(), st.integers(1, 2 * 1440))
def test_the_open_spans_are_what_between_counts_and_do_not_touch(drawn: tuple[Calendar, datetime], length: int) -> None:
    calendar, start = drawn
    end = start + length * MINUTE
    spans = list(calendar.open_spans(start, end))

    assert sum((b - a for a, b in spans), timedelta()) == calendar.between(start, end)
    assert all(start <= a < b <= end for a, b in spans)
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(spans))


@SOME
@given(walker.calendars_near(), st.integers(1, 10**9), st.integers(0, 999_999))
def test_what_was_added_lies_between_to_the_microsecond(
    drawn: tuple[Calendar, datetime], microseconds: int, fraction: int
) -> None:
    calendar, start = drawn
    start += timedelta(microseconds=fraction)
    work = timedelta(microseconds=microseconds)
    try:
        due = calendar.add(start, work)
    except NeverOpen:
        return

    assert calendar.between(start, due) == work
    assert calendar.between(start, due - timedelta(microseconds=1)) == work - timedelta(microseconds=1)


@SOME
@given(walker.calendars_near(), walker.calendars_near(), st.integers(-1, 3), st.integers(0, 900))
def test_a_timetable_is_each_calendar_in_its_own_days(
    old: tuple[Calendar, datetime], new: tuple[Calendar, datetime], days: int, minutes: int
) -> None:
    start = old[1]
    day: date = start.date() + timedelta(days=days)
    timetable = Timetable(((None, old[0]), (day, new[0])))
    change = local_midnight(new[0].zone, day)
    end = start + timedelta(days=3)

    expected = sum(
        walker.is_open(old[0] if start + n * MINUTE < change else new[0], start + n * MINUTE) for n in range(3 * 1440)
    )
    assert timetable.between(start, end) == expected * MINUTE
    assert sum((b - a for a, b in timetable.open_spans(start, end)), timedelta()) == expected * MINUTE
    if 0 < minutes <= expected:
        due = timetable.add(start, minutes * MINUTE)
        assert timetable.between(start, due) == minutes * MINUTE
        assert timetable.between(start, due - MINUTE) == (minutes - 1) * MINUTE
    if expected:
        opened = timetable.next_open(start)
        assert timetable.is_open(opened)
        assert not timetable.between(start, opened)


def test_the_walker_can_disagree() -> None:
    """The walker is no copy of the rule: a calendar that is wrong by a minute is found out."""
    calendar = Calendar(walker.ZoneInfo("Europe/Sofia"), {0: ((540, 1080),)})
    wrong = Calendar(walker.ZoneInfo("Europe/Sofia"), {0: ((541, 1080),)})
    start = datetime(2026, 3, 30, tzinfo=walker.UTC)

    assert walker.between(calendar, start, start + timedelta(days=1)) != wrong.between(start, start + timedelta(days=1))


@pytest.mark.parametrize("name", walker.ZONES)
def test_a_whole_year_round_the_clock_is_as_long_as_the_year(name: str) -> None:
    calendar = Calendar(walker.ZoneInfo(name), dict.fromkeys(range(7), ((0, 1440),)))
    start, end = datetime(2011, 1, 1, tzinfo=walker.UTC), datetime(2027, 1, 1, tzinfo=walker.UTC)

    assert calendar.between(start, end) == end - start

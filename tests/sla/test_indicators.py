"""The indicators of a contract count what its formulas say, and exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.calendars.working_time import Calendar
from firstline.lib.periods import Period
from firstline.sla.indicators import KINDS, Down, Solved, measure, uptime
from firstline.sla.penalties import Judged, Share

UTC_ZONE = ZoneInfo("UTC")
ALWAYS = Calendar(UTC_ZONE, dict.fromkeys(range(7), ((0, 1440),)))
OFFICE = Calendar(UTC_ZONE, dict.fromkeys(range(5), ((540, 780), (840, 1080))))
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))
LATER = MONDAY + timedelta(days=30)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def test_the_first_line_is_measured_on_what_began_there() -> None:
    solved = [Solved(1), Solved(2, highest_line=2), Solved(3, began_on=2, highest_line=2), Solved(4, highest_line=3)]

    assert measure("first_line_share", solved=solved) == Share(1, 3)


def test_remote_and_reopened_are_shares_of_what_was_solved() -> None:
    solved = [Solved(1), Solved(2, remote=False), Solved(3, reopened=True)]

    assert measure("remote_share", solved=solved) == Share(2, 3)
    assert measure("reopen_share", solved=solved) == Share(1, 3)


def test_satisfied_is_who_gives_four_or_five() -> None:
    assert measure("satisfaction", scores=[5, 4, 3, 1]) == Share(2, 4)


def test_an_excused_promise_is_left_out_of_the_share() -> None:
    clocks = [Judged(1, "resolution", met=True), Judged(2, "resolution", met=False, excused=True)]

    assert measure("sla_share", judged=clocks) == Share(1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_was_measured_there_is_no_share(kind: str) -> None:
    assert measure(kind).value is None


def test_an_unknown_indicator_is_no_number() -> None:
    with pytest.raises(KeyError):
        measure("happiness")


def test_an_outage_counts_inside_the_agreed_hours_only() -> None:
    night = Down(Period(at(0, 20), at(1, 10)))  # of which one hour is agreed time

    assert uptime(OFFICE, WEEK, [night], LATER) == Share(39 * 60, 40 * 60)


def test_outages_that_overlap_count_once_and_planned_work_is_no_agreed_time() -> None:
    outages = [
        Down(Period(at(0, 9), at(0, 11))), Down(Period(at(0, 10), at(0, 12))),
        Down(Period(at(1, 9), at(1, 13)), planned=True), Down(Period(at(1, 12), at(1, 15))),
    ]  # fmt: skip

    assert uptime(OFFICE, WEEK, outages, LATER) == Share(36 * 60 - 3 * 60 - 60, 36 * 60)


def test_an_outage_that_goes_on_is_counted_until_now_and_an_excused_one_not_at_all() -> None:
    assert uptime(ALWAYS, WEEK, [Down(Period(at(0, 12), None))], at(1, 0)) == Share(12 * 60, 24 * 60)
    assert uptime(ALWAYS, WEEK, [Down(Period(at(0, 12), None), excused=True)], at(1, 0)) == Share(12 * 60, 12 * 60)


def test_before_the_period_began_there_is_no_share() -> None:
    assert uptime(ALWAYS, WEEK, [], MONDAY).value is None


@given(st.lists(st.tuples(st.integers(0, 10_080), st.integers(0, 3_000), st.booleans()), max_size=8))
def test_uptime_is_what_counting_minute_by_minute_gives(spans: list[tuple[int, int, bool]]) -> None:
    outages = [
        Down(Period(MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=start + length)), planned=planned)
        for start, length, planned in spans
    ]
    agreed = up = 0
    for minute in range(0, 7 * 1440):
        moment = MONDAY + timedelta(minutes=minute)
        if not OFFICE.is_open(moment) or any(one.planned and one.period.covers(moment) for one in outages):
            continue
        agreed += 1
        up += not any(one.period.covers(moment) for one in outages)

    assert uptime(OFFICE, WEEK, outages, LATER) == Share(up, agreed)

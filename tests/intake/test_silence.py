"""Silent for longer than usual: learnt from the mailbox's own weeks, never said of a night that is always silent."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake import silence
from firstline.intake.silence import Usual

ZONE = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def office(weeks: int, every: timedelta, until: datetime = MONDAY) -> Iterator[datetime]:
    """Letters from Monday to Friday, 9 to 18 in Moscow, about so often."""
    chance = random.Random(7)
    moment = until - timedelta(weeks=weeks)
    while moment < until:
        moment += every * chance.uniform(0.5, 1.5)
        local = moment.astimezone(ZONE)
        if local.weekday() < 5 and 9 <= local.hour < 18 and moment < until:
            yield moment


def busy(weeks: int = 6) -> Usual:
    return silence.learnt(office(weeks, timedelta(minutes=5)), until=MONDAY, zone=ZONE)


def unusual(usual: Usual, last: datetime, now: datetime) -> bool:
    return silence.is_unusual(usual, last, now, ZONE)


def test_a_busy_desk_is_missed_within_hours_of_a_working_day() -> None:
    noon = MONDAY + 12 * HOUR
    assert not unusual(busy(), noon, noon + HOUR)
    assert unusual(busy(), noon, noon + 2 * HOUR)


def test_a_holiday_is_missed_as_little_as_a_night_and_the_day_after_it_is() -> None:
    evening = MONDAY - 2 * DAY - 7 * HOUR  # Friday
    holiday = frozenset({MONDAY.date()})

    def missed(hour: int) -> bool:
        return silence.is_unusual(busy(), evening, MONDAY + hour * HOUR, ZONE, holiday)

    assert unusual(busy(), evening, MONDAY + 14 * HOUR)
    assert not missed(23)
    assert missed(24 + 14)


def test_neither_night_nor_weekend_is_ever_missed() -> None:
    evening = MONDAY + 17 * HOUR + timedelta(minutes=55)
    assert not unusual(busy(), evening, MONDAY + DAY + 9 * HOUR)
    friday = MONDAY + 4 * DAY + 17 * HOUR + timedelta(minutes=55)
    assert not unusual(busy(), friday, MONDAY + 7 * DAY + 9 * HOUR)
    assert unusual(busy(), friday, MONDAY + 7 * DAY + 11 * HOUR)


def test_a_desk_with_two_letters_a_day_is_missed_after_days() -> None:
    usual = silence.learnt(office(6, 4 * HOUR), until=MONDAY, zone=ZONE)
    last = MONDAY + 10 * HOUR
    assert not unusual(usual, last, last + DAY)
    assert unusual(usual, last, last + 11 * DAY)


@pytest.mark.parametrize("weeks", [0, 1])
def test_who_is_new_is_not_missed(weeks: int) -> None:
    usual = silence.learnt(office(weeks, timedelta(minutes=5)), until=MONDAY, zone=ZONE)
    assert not unusual(usual, MONDAY - 3 * DAY, MONDAY + 4 * DAY)


def test_letters_older_than_the_weeks_that_count_are_forgotten() -> None:
    usual = silence.learnt(office(20, timedelta(minutes=5)), until=MONDAY, zone=ZONE)
    assert (usual.weeks, max(usual.counts)) == (6, 6)
    assert silence.learnt([MONDAY - timedelta(weeks=7)], until=MONDAY, zone=ZONE).counts == (0,) * silence.QUARTERS


def test_it_is_kept_as_text_and_comes_back() -> None:
    assert silence.from_kept(busy().kept()) == busy()
    for strange in ({}, {"weeks": 6}, {"weeks": 6, "quarters": "12"}, {"weeks": "6", "quarters": "0" * 672}):
        assert silence.from_kept(strange) is None


def test_the_hour_is_the_local_one_on_both_sides_of_a_clock_change() -> None:
    zone = ZoneInfo("Europe/Sofia")
    winter, summer = datetime(2026, 3, 23, 7, 0, tzinfo=UTC), datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
    assert silence.quarter_of(winter, zone) == silence.quarter_of(summer, zone) == 9 * 4


@given(
    st.lists(st.integers(0, 6 * 7 * 24 * 60 - 1), max_size=200),
    st.integers(0, 20_000),
    st.integers(0, 20_000),
    st.integers(0, 5_000),
)
def test_a_silence_only_becomes_less_likely(minutes: list[int], start: int, length: int, more: int) -> None:
    usual = silence.learnt([MONDAY - timedelta(minutes=one + 1) for one in minutes], until=MONDAY, zone=ZONE)
    last = MONDAY + timedelta(minutes=start)
    now, later = last + timedelta(minutes=length), last + timedelta(minutes=length + more)
    short, long = silence.likelihood(usual, last, now, ZONE), silence.likelihood(usual, last, later, ZONE)
    assert 0.0 <= long <= short <= 1.0

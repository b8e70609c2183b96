"""The arithmetic of shifts against somebody who looks at the clock on the wall every minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from firstline.lib.periods import Period
from firstline.roster import pattern
from firstline.roster.pattern import Cycle, Span

SOFIA, MOSCOW = ZoneInfo("Europe/Sofia"), ZoneInfo("Europe/Moscow")
MINUTE = timedelta(minutes=1)
# Around the clocks' changes: Sofia in spring and autumn, Moscow's last ones (2010, 2011, 2014) and its winter of 1992.
DAYS = {
    SOFIA: [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)],
    MOSCOW: [date(2010, 10, 31), date(2011, 3, 27), date(2014, 10, 26), date(1992, 1, 19), date(2026, 10, 25)],
}
PLACES = [(zone, day + timedelta(days=shift)) for zone, days in DAYS.items() for day in days for shift in (-1, 0)]
MINUTES = some.integers(0, 1439)


def looked_up(zone: ZoneInfo, day: date, span: Span) -> Period | None:
    """The first minute at which the wall has reached the start; after the last one at which it shows less than the
    end."""
    begin = datetime.combine(day, time()) + timedelta(minutes=span.start)
    length = (span.end - span.start) % 1440 or 1440
    end = begin + timedelta(minutes=length)
    moment = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    minutes = [moment + MINUTE * i for i in range(4 * 1440)]
    walls = [one.astimezone(zone).replace(tzinfo=None) for one in minutes]
    start_at = next(one for one, wall in zip(minutes, walls, strict=True) if wall >= begin)
    end_at = max(one for one, wall in zip(minutes, walls, strict=True) if wall < end) + MINUTE
    return Period(start_at, end_at) if start_at < end_at else None


@settings(max_examples=150)
@given(place=some.sampled_from(PLACES), start=MINUTES, end=MINUTES)
def test_a_shift_is_where_the_clock_on_the_wall_puts_it(place, start, end):
    zone, day = place
    if start == end:
        return
    assert pattern.period_of(zone, day, Span(start, end)) == looked_up(zone, day, Span(start, end))


@given(place=some.sampled_from(PLACES), start=MINUTES, change=MINUTES, end=MINUTES)
def test_between_two_shifts_the_change_of_clocks_leaves_no_hole(place, start, change, end):
    zone, day = place
    if not start < change < end:
        return
    first = pattern.period_of(zone, day, Span(start, change))
    second = pattern.period_of(zone, day, Span(change, end))
    if first is not None and second is not None:
        assert first.end >= second.start


CYCLES = some.builds(
    Cycle,
    zone=some.sampled_from([SOFIA, MOSCOW]),
    begins_on=some.dates(date(2026, 3, 1), date(2026, 3, 31)),
    length=some.integers(1, 9),
    days=some.just({0: (Span(540, 1080),)}),
    ends_on=some.none() | some.dates(date(2026, 3, 15), date(2026, 4, 30)),
)


@given(cycle=CYCLES, begin=some.integers(0, 40 * 24), hours=some.integers(1, 240))
def test_what_reaches_into_a_period_is_found_and_nothing_else(cycle, begin, hours):
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=begin)
    within = Period(start, start + timedelta(hours=hours))
    expected = []
    for days in range(90):
        day = date(2026, 2, 20) + timedelta(days=days)
        works = day >= cycle.begins_on and (cycle.ends_on is None or day <= cycle.ends_on)
        if works and (day - cycle.begins_on).days % cycle.length == 0:
            period = looked_up(cycle.zone, day, Span(540, 1080))
            if period.start < within.end and period.end > within.start:
                expected.append((day, period))
    assert list(cycle.worked(within)) == expected


@given(
    people=some.lists(some.integers(1, 9), min_size=1, max_size=4, unique=True),
    length=some.integers(1, 14),
    days_before=some.integers(0, 100),
    hours=some.integers(1, 24 * 60),
)
def test_at_each_moment_exactly_one_of_a_rotation_has_it(people, length, days_before, hours):
    begins_on = date(2026, 3, 2)
    start = datetime(2026, 3, 5, tzinfo=UTC) + timedelta(days=days_before)
    within = Period(start, start + timedelta(hours=hours))
    turns = pattern.turns(SOFIA, begins_on, 540, length, people, within)
    for moment in (within.start, within.start + (within.end - within.start) / 2, within.end - MINUTE):
        wall = moment.astimezone(SOFIA).replace(tzinfo=None) - timedelta(minutes=540)
        number = (wall.date() - begins_on).days // length
        having = [who for who, period in turns if period.covers(moment)]
        assert having == ([people[number % len(people)]] if number >= 0 else [])


def test_two_days_two_nights_four_off():
    days = {0: (Span(480, 1200),), 1: (Span(480, 1200),), 2: (Span(1200, 480),), 3: (Span(1200, 480),)}
    cycle = Cycle(MOSCOW, date(2026, 3, 2), 8, days)
    within = Period(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 18, tzinfo=UTC))
    assert [shift.day.day for shift in cycle.worked(within)] == [2, 3, 4, 5, 10, 11, 12, 13]


def test_a_night_is_an_hour_longer_where_the_clocks_go_back():
    night = pattern.period_of(SOFIA, date(2026, 10, 24), Span(1320, 360))
    assert night.end - night.start == timedelta(hours=9)


@pytest.mark.parametrize("length", [0, 367])
def test_a_cycle_has_one_to_366_days(length):
    with pytest.raises(ValueError):
        Cycle(SOFIA, date(2026, 3, 2), length, {})

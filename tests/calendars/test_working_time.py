"""Working hours of a calendar: what is due when, at closing time, over night, over holidays and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from firstline.calendars.seeds import exceptions_of
from firstline.calendars.working_time import Calendar, NeverOpen, OutOfRange, Timetable, local_midnight
from tests.bounded import calls_of, linear

SOFIA, MOSCOW = ZoneInfo("Europe/Sofia"), ZoneInfo("Europe/Moscow")
WITH_LUNCH = dict.fromkeys(range(5), ((9 * 60, 13 * 60), (14 * 60, 18 * 60)))
ROUND_THE_CLOCK = dict.fromkeys(range(7), ((0, 1440),))
BULGARIAN = Calendar(SOFIA, WITH_LUNCH, exceptions_of("BG", [2026], WITH_LUNCH))
RUSSIAN = Calendar(MOSCOW, WITH_LUNCH, exceptions_of("RU", [2025], WITH_LUNCH))


def sofia(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SOFIA)


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-04-03 17:30", 4, "2026-04-06 12:30"),  # over a weekend
        ("2026-04-09 16:00", 8, "2026-04-14 16:00"),  # over Orthodox Easter
        ("2026-06-10 12:45", 0.5, "2026-06-10 14:15"),  # over lunch
        ("2026-06-14 22:00", 1, "2026-06-15 10:00"),  # begun on a closed Sunday
        ("2026-06-12 09:00", 12, "2026-06-15 13:00"),  # due exactly when lunch begins
    ],
)
def test_a_deadline_is_counted_in_open_hours_only(start: str, hours: float, due: str) -> None:
    assert BULGARIAN.add(sofia(start), timedelta(hours=hours)) == sofia(due)


def test_a_transferred_saturday_is_worked_in_russia() -> None:
    assert RUSSIAN.add(moscow("2025-10-31 16:00"), timedelta(hours=8)) == moscow("2025-11-01 16:00")
    plain = Calendar(MOSCOW, WITH_LUNCH, {date(2025, 11, 3): (), date(2025, 11, 4): ()})
    assert plain.add(moscow("2025-10-31 16:00"), timedelta(hours=8)) == moscow("2025-11-05 16:00")


def test_the_days_around_christmas_are_free_in_bulgaria() -> None:
    assert BULGARIAN.between(sofia("2026-12-23 15:00"), sofia("2026-12-29 10:00")) == timedelta(minutes=240)


def test_round_the_clock_the_change_of_clocks_neither_adds_nor_takes_time() -> None:
    calendar = Calendar(SOFIA, ROUND_THE_CLOCK)

    assert calendar.add(sofia("2026-03-29 02:30"), timedelta(hours=2)).astimezone(SOFIA).isoformat() == (
        "2026-03-29T05:30:00+03:00"
    )
    assert calendar.add(sofia("2026-10-25 02:30"), timedelta(hours=2)).astimezone(SOFIA).isoformat() == (
        "2026-10-25T03:30:00+02:00"
    )


def test_a_deadline_exactly_at_closing_time_stays_there() -> None:
    due = BULGARIAN.add(sofia("2026-06-15 14:00"), timedelta(hours=4))

    assert due == sofia("2026-06-15 18:00")
    assert not BULGARIAN.is_open(due)


@pytest.mark.parametrize(
    ("start", "opened"),
    [
        ("2026-06-15 10:00", "2026-06-15 10:00"),
        ("2026-06-15 13:00", "2026-06-15 14:00"),
        ("2026-06-15 18:00", "2026-06-16 09:00"),
        ("2026-06-13 12:00", "2026-06-15 09:00"),
    ],
)
def test_adding_nothing_gives_the_first_open_moment(start: str, opened: str) -> None:
    assert BULGARIAN.add(sofia(start), timedelta()) == sofia(opened) == BULGARIAN.next_open(sofia(start))


def test_an_end_before_the_start_is_no_working_time() -> None:
    assert BULGARIAN.between(sofia("2026-06-15 18:00"), sofia("2026-06-15 09:00")) == timedelta()
    timetable = Timetable(((None, BULGARIAN),))
    assert timetable.between(sofia("2026-06-15 18:00"), sofia("2026-06-15 09:00")) == timedelta()


def test_working_time_is_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        BULGARIAN.add(sofia("2026-06-15 10:00"), timedelta(minutes=-1))
    with pytest.raises(ValueError, match="backwards"):
        Timetable(((None, BULGARIAN),)).add(sofia("2026-06-15 10:00"), timedelta(minutes=-1))


def test_seconds_and_their_fractions_count() -> None:
    due = BULGARIAN.add(sofia("2026-06-15 12:59:30.250000"), timedelta(seconds=45.5))

    assert due == sofia("2026-06-15 14:00:15.750000")


def test_an_interval_that_ends_before_it_starts_runs_over_midnight() -> None:
    night = Calendar(SOFIA, {0: ((22 * 60, 6 * 60),)})

    assert night.add(sofia("2026-06-15 21:00"), timedelta(hours=3)) == sofia("2026-06-16 01:00")
    assert night.is_open(sofia("2026-06-16 05:59"))
    assert not night.is_open(sofia("2026-06-16 06:00"))


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    nights = Calendar(SOFIA, dict.fromkeys(range(7), ((22 * 60, 6 * 60),)), {date(2026, 6, 16): ()})

    assert nights.is_open(sofia("2026-06-16 05:00")), "the shift of Monday evening is worked to its end"
    assert not nights.is_open(sofia("2026-06-16 23:00"))
    assert not nights.is_open(sofia("2026-06-17 05:00")), "what would have begun on the free day is free"
    assert nights.is_open(sofia("2026-06-17 22:00"))


def test_a_night_over_new_year_is_whole() -> None:
    nights = Calendar(SOFIA, dict.fromkeys(range(7), ((20 * 60, 8 * 60), (6 * 60, 9 * 60))))

    assert list(nights.open_spans(sofia("2025-12-31 19:00"), sofia("2026-01-01 10:00"))) == [
        (sofia("2025-12-31 20:00"), sofia("2026-01-01 09:00"))
    ]


def test_an_exception_gives_a_day_its_own_hours() -> None:
    calendar = Calendar(SOFIA, WITH_LUNCH, {date(2026, 6, 13): ((600, 840),), date(2026, 6, 15): ()})

    assert calendar.between(sofia("2026-06-13 00:00"), sofia("2026-06-16 00:00")) == timedelta(hours=4)


def test_where_midnight_does_not_exist_the_day_begins_with_the_first_moment_it_has() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    calendar = Calendar(sao_paulo, {6: ((0, 1440),)})

    assert calendar.next_open(datetime(2015, 10, 17, 12, tzinfo=UTC)) == datetime(2015, 10, 18, 3, tzinfo=UTC)
    assert local_midnight(sao_paulo, date(2015, 10, 18)) == datetime(2015, 10, 18, 3, tzinfo=UTC)
    assert calendar.between(datetime(2015, 10, 17, tzinfo=UTC), datetime(2015, 10, 20, tzinfo=UTC)) == timedelta(
        hours=23
    )


def test_a_day_that_a_zone_skipped_is_no_day() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011
    calendar = Calendar(apia, {4: ((540, 1020),)})  # Fridays; 30 December was one

    assert calendar.between(datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 4, tzinfo=UTC)) == timedelta()


def test_the_hour_that_comes_twice_is_open_twice_and_the_one_that_is_missing_never() -> None:
    early = Calendar(SOFIA, {6: ((3 * 60, 4 * 60),)})

    assert early.between(sofia("2026-10-25 00:00"), sofia("2026-10-25 12:00")) == timedelta(hours=2)
    assert early.between(sofia("2026-03-29 00:00"), sofia("2026-03-29 12:00")) == timedelta()


@pytest.mark.parametrize("weekly", [{}, {0: ()}, {0: ((540, 541),)}])
def test_a_calendar_with_too_little_time_says_so_and_does_not_search_for_ever(
    weekly: dict[int, tuple[tuple[int, int], ...]],
) -> None:
    calendar = Calendar(SOFIA, weekly)

    with linear(), pytest.raises(NeverOpen):
        calendar.add(sofia("2026-06-15 10:00"), timedelta(days=365))


def test_only_single_dates_open_is_a_calendar_too() -> None:
    calendar = Calendar(SOFIA, {}, {date(2031, 5, 5): ((600, 660),)})

    assert calendar.next_open(sofia("2026-06-15 10:00")) == sofia("2031-05-05 10:00")
    with pytest.raises(NeverOpen):
        calendar.add(sofia("2026-06-15 10:00"), timedelta(minutes=61))


def test_moments_far_away_are_refused() -> None:
    with pytest.raises(OutOfRange):
        BULGARIAN.is_open(datetime(1, 1, 1, tzinfo=UTC))
    with pytest.raises(OutOfRange):
        BULGARIAN.between(sofia("2026-06-15 10:00"), datetime(9000, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("interval", [(540, 540), (1440, 60), (-1, 60), (60, 1441)])
def test_an_interval_that_is_none_is_refused(interval: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="interval"):
        Calendar(SOFIA, {0: (interval,)})


def test_equal_calendars_are_equal_whatever_they_have_worked_out() -> None:
    one, other = Calendar(SOFIA, WITH_LUNCH), Calendar(SOFIA, dict(WITH_LUNCH))
    one.add(sofia("2026-06-15 10:00"), timedelta(hours=1))

    assert one == other
    assert hash(one) == hash(other)
    assert one != Calendar(MOSCOW, WITH_LUNCH)


def test_an_edited_calendar_holds_from_its_day_and_changes_nothing_before() -> None:
    longer = Calendar(SOFIA, dict.fromkeys(range(5), ((8 * 60, 20 * 60),)))
    timetable = Timetable(((None, Calendar(SOFIA, WITH_LUNCH)), (date(2026, 6, 16), longer)))

    assert timetable.between(sofia("2026-06-15 00:00"), sofia("2026-06-16 00:00")) == timedelta(hours=8)
    assert timetable.between(sofia("2026-06-16 00:00"), sofia("2026-06-17 00:00")) == timedelta(hours=12)
    assert timetable.add(sofia("2026-06-15 17:00"), timedelta(hours=2)) == sofia("2026-06-16 09:00")
    assert timetable.add(sofia("2026-06-15 17:00"), timedelta(hours=1)) == sofia("2026-06-15 18:00")
    assert timetable.at(sofia("2026-06-16 00:00")) == longer


def test_a_calendar_that_was_closed_for_good_once_opens_with_its_next_version() -> None:
    timetable = Timetable(((None, Calendar(SOFIA, {})), (date(2026, 6, 16), Calendar(SOFIA, WITH_LUNCH))))

    assert timetable.next_open(sofia("2026-06-01 10:00")) == sofia("2026-06-16 09:00")


def test_of_two_edits_on_one_day_the_later_one_holds() -> None:
    day = date(2026, 6, 16)
    closed, early = Calendar(SOFIA, {}), Calendar(SOFIA, {1: ((480, 540),)})
    timetable = Timetable(((None, Calendar(SOFIA, WITH_LUNCH)), (day, closed), (day, early)))

    assert timetable.add(sofia("2026-06-15 17:30"), timedelta(hours=1)) == sofia("2026-06-16 08:30")
    assert list(timetable.open_spans(sofia("2026-06-15 17:30"), sofia("2026-06-17 17:30"))) == [
        (sofia("2026-06-15 17:30"), sofia("2026-06-15 18:00")),
        (sofia("2026-06-16 08:00"), sofia("2026-06-16 09:00")),
    ]


def test_a_calendar_knows_the_days_around_new_year_whatever_it_was_asked_before() -> None:
    for first in ("2025-12-30 23:00", "2025-12-31 01:00", "2025-12-31 23:00", "2026-01-01 01:00"):
        for zone in ("Pacific/Kiritimati", "Europe/Sofia", "Pacific/Pago_Pago"):
            start = datetime.fromisoformat(first).replace(tzinfo=UTC)
            calendar = Calendar(ZoneInfo(zone), ROUND_THE_CLOCK)
            calendar.is_open(start)

            assert calendar.is_open(start + timedelta(days=1))
            assert calendar.between(start, start + timedelta(days=4)) == timedelta(days=4)
            assert calendar.between(start - timedelta(days=4), start) == timedelta(days=4)


def test_versions_must_be_in_order() -> None:
    calendar = Calendar(SOFIA, WITH_LUNCH)

    with pytest.raises(ValueError, match="order"):
        Timetable(((None, calendar), (date(2026, 6, 16), calendar), (date(2026, 6, 15), calendar)))
    with pytest.raises(ValueError, match="beginning"):
        Timetable(((None, calendar), (None, calendar)))
    with pytest.raises(ValueError, match="at least one"):
        Timetable(())


def test_deadlines_are_cheap() -> None:
    calendar = Calendar(SOFIA, WITH_LUNCH)
    starts = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=37 * n) for n in range(1_000)]
    calendar.add(starts[-1], timedelta(hours=800))

    def all_of_them(length: timedelta) -> None:
        for start in starts:
            calendar.add(start, length)

    short, long = (calls_of(lambda hours=hours: all_of_them(timedelta(hours=hours))) for hours in (8, 800))
    assert long <= short * 1.1, "a hundred days are looked up like one, not walked"
    assert short <= 10 * len(starts)

"""Cases on which other desks went wrong (docs/sla-cases.md), with the moments that a person counts out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from firstline.calendars.seeds import exceptions_of
from firstline.calendars.working_time import Calendar
from firstline.sla.facts import Fact
from firstline.sla.reading import Promise, Reading, derive, read_clock
from tests.sla.histories import HOUR, MINUTE, Terms

SOFIA, MOSCOW = ZoneInfo("Europe/Sofia"), ZoneInfo("Europe/Moscow")
LUNCH = ((540, 780), (840, 1080))
WEEK = dict.fromkeys(range(5), LUNCH)
BULGARIA = Calendar(SOFIA, WEEK, exceptions_of("BG", [2026], WEEK))
PLAIN = dict.fromkeys(range(5), ((540, 1080),))
RUSSIA = Calendar(MOSCOW, PLAIN, exceptions_of("RU", [2025, 2026], PLAIN))
ALWAYS = Calendar(SOFIA, dict.fromkeys(range(7), ((0, 1440),)))
THREE = Calendar(SOFIA, dict.fromkeys(range(5), ((480, 600), (660, 720), (720, 1020))))


def sofia(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SOFIA)


@pytest.mark.parametrize(
    ("case", "calendar", "start", "minutes", "due"),
    [
        ("1 inside", BULGARIA, "2026-06-15 10:00", 60, "2026-06-15 11:00"),
        ("2 before opening", BULGARIA, "2026-06-15 07:00", 60, "2026-06-15 10:00"),
        ("3 after closing", BULGARIA, "2026-06-15 19:00", 60, "2026-06-16 10:00"),
        ("4, O1 Friday evening", BULGARIA, "2026-04-03 17:30", 240, "2026-04-06 12:30"),
        ("5 on a holiday", BULGARIA, "2026-04-13 12:00", 60, "2026-04-14 10:00"),
        ("6, O2 before Easter", BULGARIA, "2026-04-09 16:00", 480, "2026-04-14 16:00"),
        ("7 at opening", BULGARIA, "2026-06-15 09:00", 60, "2026-06-15 10:00"),
        ("8 at closing", BULGARIA, "2026-06-15 18:00", 60, "2026-06-16 10:00"),
        ("9 to closing", BULGARIA, "2026-06-15 17:00", 60, "2026-06-15 18:00"),
        ("10, O3 over lunch", BULGARIA, "2026-06-10 12:45", 30, "2026-06-10 14:15"),
        ("10 to lunch", BULGARIA, "2026-06-10 12:00", 60, "2026-06-10 13:00"),
        ("O3b on Sunday", BULGARIA, "2026-06-14 22:00", 60, "2026-06-15 10:00"),
        ("11 three windows, two that touch", THREE, "2026-06-15 09:30", 120, "2026-06-15 12:30"),
        ("21 a leap day", ALWAYS, "2028-02-28 12:00", 1440, "2028-02-29 12:00"),
        ("21 the end of the year", ALWAYS, "2026-12-31 23:00", 120, "2027-01-01 01:00"),
        ("22, O4 spring", ALWAYS, "2026-03-29 02:30", 120, "2026-03-29 05:30"),
    ],
)
def test_a_deadline_is_where_the_calendar_puts_it(
    case: str, calendar: Calendar, start: str, minutes: int, due: str
) -> None:
    found = calendar.add(sofia(start), minutes * MINUTE)
    assert found == sofia(due), case
    assert calendar.between(sofia(start), found) == minutes * MINUTE


def test_the_autumn_night_has_an_hour_more() -> None:
    due = ALWAYS.add(sofia("2026-10-25 02:30"), 120 * MINUTE)
    assert due.astimezone(SOFIA).isoformat() == "2026-10-25T03:30:00+02:00"


def test_a_transferred_saturday_is_worked() -> None:  # O7
    start = datetime(2025, 10, 31, 16, tzinfo=MOSCOW)
    assert RUSSIA.add(start, 9 * HOUR) == datetime(2025, 11, 1, 16, tzinfo=MOSCOW)


def test_working_minutes_around_christmas() -> None:  # O9
    assert BULGARIA.between(sofia("2026-12-23 15:00"), sofia("2026-12-29 10:00")) == 240 * MINUTE


@pytest.mark.parametrize(
    ("case", "hours", "pause", "due"),
    [
        ("O5", 12, ("2026-06-12 17:00", "2026-06-15 10:00"), "2026-06-15 16:00"),
        ("O6", 7.5, ("2026-06-12 10:00", "2026-06-12 12:00"), "2026-06-15 10:30"),
        ("27 outside of the hours", 8, ("2026-06-12 18:30", "2026-06-15 08:00"), "2026-06-12 18:00"),
    ],
)
def test_a_paused_deadline_is_where_the_calendar_puts_it(
    case: str, hours: float, pause: tuple[str, str], due: str
) -> None:
    reading = read_clock(
        target=hours * HOUR, timetable=BULGARIA, started_at=sofia("2026-06-12 09:00"), now=sofia("2026-06-12 09:30"),
        pauses=[(sofia(pause[0]), sofia(pause[1]))],
    )  # fmt: skip
    assert reading.due_at is not None
    later = read_clock(
        target=hours * HOUR, timetable=BULGARIA, started_at=sofia("2026-06-12 09:00"),
        now=max(sofia(pause[1]), sofia("2026-06-12 12:00")), pauses=[(sofia(pause[0]), sofia(pause[1]))],
    )  # fmt: skip
    assert later.due_at == sofia(due) or later.verdict_at == sofia(due), case


def test_the_last_minute_of_the_day_is_open_to_its_end() -> None:  # 13, 14
    assert ALWAYS.between(sofia("2026-06-15 00:00"), sofia("2026-06-22 00:00")) == 7 * 24 * HOUR
    to_midnight = Calendar(SOFIA, {0: ((1080, 1440),)})
    assert to_midnight.add(sofia("2026-06-15 18:00"), 6 * HOUR) == sofia("2026-06-16 00:00")


def test_only_tuesdays_and_a_year_of_work() -> None:  # 17, 19
    tuesdays = Calendar(SOFIA, {1: ((540, 1020),)})
    assert tuesdays.add(sofia("2026-06-17 09:00"), 8 * HOUR) == sofia("2026-06-23 17:00")
    assert tuesdays.add(sofia("2026-06-16 09:00"), 60 * 8 * HOUR) == sofia("2027-08-03 17:00")


def test_a_pause_from_the_first_to_the_second_half_past_two_lasts_an_hour() -> None:  # 23
    # Moments of a history are in UTC: two of one zone would be compared by the wall, on which these two are the same.
    first, second = (datetime(2026, 10, 25, 3, 30, tzinfo=SOFIA, fold=fold).astimezone(UTC) for fold in (0, 1))
    reading = read_clock(
        target=4 * HOUR, timetable=ALWAYS, started_at=sofia("2026-10-25 01:00"), now=sofia("2026-10-25 06:00"),
        pauses=[(first, second)],
    )  # fmt: skip
    assert reading.due_at is not None
    assert reading.due_at.astimezone(SOFIA).isoformat() == "2026-10-25T05:00:00+02:00"


def test_moscow_moved_its_clocks_and_the_count_did_not() -> None:  # 25
    office = Calendar(MOSCOW, PLAIN)
    start = datetime(2014, 10, 24, 17, tzinfo=MOSCOW)  # on the 26th Moscow went from +04 to +03 for good
    assert office.add(start, 2 * HOUR) == datetime(2014, 10, 27, 10, tzinfo=MOSCOW)
    whole = Calendar(MOSCOW, dict.fromkeys(range(7), ((0, 1440),)))
    assert whole.between(datetime(2014, 10, 26, tzinfo=MOSCOW), datetime(2014, 10, 27, tzinfo=MOSCOW)) == 25 * HOUR


CREATED = Fact("created", sofia("2026-06-15 09:00"), sofia("2026-06-15 09:00"), {"priority": 1}, 1)
TERMS = Terms({1: Promise(2 * HOUR, BULGARIA)})


def life(*steps: tuple[str, str, dict[str, Any]], now: str) -> Reading:
    facts = [CREATED, *(Fact(kind, sofia(at), sofia(at), data, n) for n, (kind, at, data) in enumerate(steps, 2))]
    return {one.metric: one for one in derive(facts, TERMS, sofia(now))}["resolution"]


def test_a_ticket_that_waits_from_its_creation_has_used_nothing() -> None:  # 29
    found = life(("waiting", "2026-06-15 09:00", {"for": "client"}), now="2026-06-17 17:00")
    assert (found.state, found.consumed) == ("paused", timedelta())


def test_a_hundred_short_pauses_lose_no_second() -> None:  # 31
    begin = sofia("2026-06-15 09:00")
    pauses = [(begin + n * 30 * timedelta(seconds=1), begin + (n * 30 + 10) * timedelta(seconds=1)) for n in range(100)]
    found = read_clock(
        target=2 * HOUR, timetable=BULGARIA, started_at=begin, now=begin + timedelta(minutes=50), pauses=pauses
    )
    assert found.consumed == timedelta(seconds=100 * 20)


def test_from_the_client_to_the_vendor_is_one_pause() -> None:  # 32
    found = life(
        ("waiting", "2026-06-15 09:30", {"for": "client"}),
        ("waiting", "2026-06-15 10:00", {"for": "vendor", "pauses": True, "party": "vendor"}),
        ("resumed", "2026-06-15 11:00", {}),
        now="2026-06-15 11:10",
    )
    assert found.consumed == 40 * MINUTE


def test_a_pause_after_the_breach_heals_nothing() -> None:  # 35, 36
    found = life(
        ("waiting", "2026-06-15 11:30", {"for": "client"}), ("resumed", "2026-06-15 12:30", {}), now="2026-06-15 12:40"
    )
    assert (found.state, found.verdict_at) == ("breached", sofia("2026-06-15 11:00"))


def test_a_priority_without_a_target_blocks_no_intake() -> None:  # 55
    facts = [Fact("created", CREATED.at, CREATED.at, {"priority": None}, 1)]
    assert derive(facts, TERMS, sofia("2026-06-15 10:00")) == []


def test_the_calendar_of_bulgaria_knows_the_substitute_monday() -> None:  # 16
    assert date(2026, 12, 28) in BULGARIA.exceptions

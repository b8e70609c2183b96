"""The days of a country: holidays, days moved by decree, working Saturdays, and their hours."""

from __future__ import annotations

from datetime import date

import pytest

from firstline.calendars.seeds import OFFICE_HOURS, UnknownCountry, days_of, exceptions_of, weekly_default

SHORT_FRIDAY = {**dict.fromkeys(range(4), OFFICE_HOURS), 4: ((540, 960),)}


def free(country: str, year: int) -> set[str]:
    return {day.day.isoformat() for day in days_of(country, [year]) if not day.works}


def test_russian_days_moved_by_decree_are_free() -> None:
    assert {"2025-05-02", "2025-05-08", "2025-06-13", "2025-11-03", "2025-12-31"} <= free("RU", 2025)
    assert {"2026-01-09", "2026-12-31"} <= free("RU", 2026)


@pytest.mark.parametrize(
    ("year", "saturdays"),
    [(2024, ["2024-04-27", "2024-11-02", "2024-12-28"]), (2025, ["2025-11-01"]), (2026, []), (2027, ["2027-02-20"])],
)
def test_russian_working_saturdays_are_worked(year: int, saturdays: list[str]) -> None:
    assert [day.day.isoformat() for day in days_of("RU", [year]) if day.works] == saturdays


def test_bulgarian_easter_and_substitute_mondays_are_free() -> None:
    assert {"2026-04-10", "2026-04-13", "2026-05-25", "2026-09-07", "2026-12-28", "2026-01-02"} <= free("BG", 2026)
    assert "2026-04-14" not in free("BG", 2026)


def test_a_working_saturday_has_the_hours_of_the_day_it_pays_for() -> None:
    # 1 November 2025 was worked for Monday the 3rd.
    assert exceptions_of("RU", [2025], SHORT_FRIDAY)[date(2025, 11, 1)] == OFFICE_HOURS
    monday_closed = {**SHORT_FRIDAY, 0: ()}
    assert exceptions_of("RU", [2025], monday_closed)[date(2025, 11, 1)] == OFFICE_HOURS, "the first day with hours"
    paid = {day.day: day.stands_for for day in days_of("RU", [2024]) if day.works}
    assert paid == {
        date(2024, 4, 27): date(2024, 4, 29),
        date(2024, 11, 2): date(2024, 4, 30),
        date(2024, 12, 28): date(2024, 12, 30),
    }


def test_free_days_have_no_hours() -> None:
    assert exceptions_of("bg", [2026], SHORT_FRIDAY)[date(2026, 3, 3)] == ()


def test_only_the_asked_years_come_and_in_order() -> None:
    days = [day.day for day in days_of("RU", [2027, 2025])]

    assert {day.year for day in days} == {2025, 2027}
    assert days == sorted(set(days))
    assert days_of("RU", []) == []


def test_names_come_in_the_asked_language() -> None:
    russian = {day.day: day.name for day in days_of("RU", [2026], "ru")}
    bulgarian = {day.day: day.name for day in days_of("BG", [2026], "bg")}

    assert russian[date(2026, 5, 9)] == "День Победы"
    assert bulgarian[date(2026, 3, 3)] == "Ден на Освобождението на България от османско иго"


def test_a_country_that_is_not_known_is_refused() -> None:
    for code in ("XX", "Atlantis", "__class__", ""):
        with pytest.raises(UnknownCountry):
            days_of(code, [2026])


def test_the_week_of_a_country_leaves_out_its_weekend() -> None:
    assert weekly_default() == dict.fromkeys(range(5), OFFICE_HOURS)
    assert weekly_default("BG") == dict.fromkeys(range(5), OFFICE_HOURS)
    assert set(weekly_default("IL")) == {0, 1, 2, 3, 6}

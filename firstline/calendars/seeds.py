"""The days of a country on which its hours differ: holidays, transferred days off, working Saturdays.

They come from the `holidays` package and only *seed* a calendar: they are stored, and people edit them (the decree for
next year comes in autumn). Pure: no database, no clock; the years are an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from firstline.calendars.working_time import Interval

OFFICE_HOURS: tuple[Interval, ...] = ((9 * 60, 18 * 60),)
WEEK = range(7)


class UnknownCountry(ValueError):
    """The country (ISO 3166, two letters) is not one whose days are known."""


@dataclass(frozen=True)
class CountryDay:
    """One date, in the order of the calendar: `works` is True for a transferred working day, `name` what it is."""

    day: date
    works: bool
    name: str
    stands_for: date | None = None  # of a working day: the date whose free day it pays for, where it is known


def weekly_default(country: str = "") -> dict[int, tuple[Interval, ...]]:
    """Return office hours (09:00–18:00) on the working days of a country, Monday to Friday where none is named."""
    weekend = _country(country, ()).weekend if country else {5, 6}
    return {weekday: OFFICE_HOURS for weekday in WEEK if weekday not in weekend}


def speaks(country: str, language: str | None) -> bool:
    """Whether the days of a country have names in a language."""
    return language in _country(country, ()).supported_languages


def days_of(country: str, years: Iterable[int], language: str | None = None) -> list[CountryDay]:
    """Return the days of a country in some years, in order.

    Their names are in `language` where the package has it, else in the country's own; a transferred working day has
    no name there and gets an empty one. Raises UnknownCountry.
    """
    return list(_days(country, tuple(sorted(set(years))), language))


def names_of(country: str, year: int, language: str | None = None) -> dict[date, str]:
    """Return what the free days of a year are called, in a language where they have names in it; nothing where the
    country's days are not known."""
    if not country:
        return {}
    try:
        spoken = language if speaks(country, language) else None
        return {day.day: day.name for day in days_of(country, [year], spoken) if not day.works}
    except UnknownCountry:
        return {}


def exceptions_of(
    country: str, years: Iterable[int], weekly: Mapping[int, Sequence[Interval]]
) -> dict[date, tuple[Interval, ...]]:
    """Return date → intervals for a calendar: none on a free day, a working day's hours on a transferred one.

    A transferred working day has the hours of the weekday whose free day it pays for; where that is not known (or
    that weekday is closed) those of the first weekday that has any. Raises UnknownCountry.
    """
    exceptions: dict[date, tuple[Interval, ...]] = {}
    for day in days_of(country, years):
        exceptions[day.day] = _working_hours(day, weekly) if day.works else ()
    return exceptions


def _working_hours(day: CountryDay, weekly: Mapping[int, Sequence[Interval]]) -> tuple[Interval, ...]:
    if day.stands_for is not None and weekly.get(day.stands_for.weekday()):
        return tuple(weekly[day.stands_for.weekday()])
    return next((tuple(weekly[weekday]) for weekday in WEEK if weekly.get(weekday)), ())


@lru_cache(maxsize=256)
def _days(country: str, years: tuple[int, ...], language: str | None) -> tuple[CountryDay, ...]:
    if not years:
        return ()
    # Days are moved across New Year, so the years on both sides are worked out too.
    known = _country(country, range(years[0] - 1, years[-1] + 2))
    names = _country(country, range(years[0] - 1, years[-1] + 2), language) if language else known
    free = [CountryDay(day, False, str(names.get(day, known[day]))) for day in known]
    worked = [CountryDay(day, True, "", _paid_for(known, day)) for day in known.weekend_workdays]
    return tuple(sorted((d for d in free + worked if d.day.year in years), key=lambda d: d.day))


def _paid_for(known: holidays.HolidayBase, worked: date) -> date | None:
    # The package says which day was moved only in the name of the free day: "… (перенесено с 01.11.2025)".
    written = worked.strftime(getattr(known, "substituted_date_format", "") or "%Y-%m-%d")
    return next((day for day in known if written in str(known[day])), None)


def _country(country: str, years: Iterable[int], language: str | None = None) -> holidays.HolidayBase:
    code = country.upper()
    if code not in holidays.list_supported_countries():
        raise UnknownCountry(f"no days are known for the country {country!r}")
    # Without a language the package would take the machine's own, and so answer differently from one to the next.
    spoken = language or holidays.country_holidays(code).default_language
    return holidays.country_holidays(code, years=list(years), language=spoken)

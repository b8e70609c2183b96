"""Lengths of time in words: "2 h 10 min", never 0:07, which can be read as minutes or as hours."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from django.utils.translation import get_language, pgettext

DAY, HOUR = 1440, 60


def words(length: timedelta | float) -> str:
    """A length (a timedelta, or minutes) in whole minutes, hours and days; the sign is dropped."""
    minutes = length.total_seconds() / 60 if isinstance(length, timedelta) else float(length)
    return _words(int(abs(minutes)), get_language())


@lru_cache(maxsize=8192)
def _words(whole: int, language: str | None) -> str:
    """In the language of the page, which is the key: a list says the same lengths again and again."""
    days, hours, rest = whole // DAY, whole // HOUR % 24, whole % HOUR
    if days >= 3:
        return _unit_of_days(days)
    if days:
        return f"{_unit_of_days(days)}\u00a0{_unit_of_hours(hours)}" if hours else _unit_of_days(days)
    if hours:
        return f"{_unit_of_hours(hours)}\u00a0{_unit_of_minutes(rest)}" if rest else _unit_of_hours(hours)
    return _unit_of_minutes(rest)


def in_hours(length: timedelta | float) -> str:
    """Working time in whole hours and minutes: never days, because a working day is no 24 hours."""
    minutes = length.total_seconds() / 60 if isinstance(length, timedelta) else float(length)
    hours, rest = divmod(int(abs(minutes)), HOUR)
    if hours:
        return f"{_unit_of_hours(hours)}\u00a0{_unit_of_minutes(rest)}" if rest else _unit_of_hours(hours)
    return _unit_of_minutes(rest)


def units() -> dict[str, str]:
    """The patterns that clocks.js keeps ticking with: the same words as above."""
    return {
        "day": pgettext("unit of time", "{n} d"),
        "hour": pgettext("unit of time", "{n} h"),
        "minute": pgettext("unit of time", "{n} min"),
    }


def _unit_of_days(n: int) -> str:
    return pgettext("unit of time", "{n} d").replace("{n}", str(n))


def _unit_of_hours(n: int) -> str:
    return pgettext("unit of time", "{n} h").replace("{n}", str(n))


def _unit_of_minutes(n: int) -> str:
    return pgettext("unit of time", "{n} min").replace("{n}", str(n))

"""The *calendar line* of interfaces.md: a question about working time in, its answer out. Pure; words are English.

`answer` takes what a line of JSON holds and returns {"id", "due"} or {"id", "minutes"} or {"id", "error"}; it never
raises, whatever it is given. `parse_calendar` reads the same {"time_zone", "weekly", "exceptions", "country"} shape
for others (the apply file, stored versions) and raises WrongCalendar with the path of what is wrong.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firstline.calendars.seeds import UnknownCountry, exceptions_of
from firstline.calendars.working_time import (
    FIRST_YEAR,
    HORIZON_YEARS,
    LAST_YEAR,
    MINUTES_OF_DAY,
    Calendar,
    Interval,
    NeverOpen,
    OutOfRange,
    WorkingTime,
)
from firstline.lib.periods import Period, clipped, merged, minus

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CALENDAR_KEYS = {"time_zone", "weekly", "exceptions", "country"}
COUNTRY_YEARS_AHEAD = 3  # the first guess how far a deadline may lie; a later one is computed again with more years

_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class WrongQuestion(ValueError):
    """The question cannot be understood; the words say which part."""


class WrongCalendar(WrongQuestion):
    """The calendar cannot be understood; the words begin with the path of the wrong part."""


def answer_line(line: str) -> str:
    """Answer one line of JSON with one line of JSON."""
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        return json.dumps({"id": None, "error": f"not a line of JSON: {wrong}"})
    return json.dumps(answer(question))  # escaped: half a surrogate pair in an id could not be written otherwise


def answer(question: object) -> dict[str, object]:
    """Answer a question with {"id", "due"}, {"id", "minutes"} or {"id", "error"}; never raises."""
    if not isinstance(question, Mapping):
        return {"id": None, "error": "a question is a JSON object"}
    number = question.get("id")
    try:
        return {"id": number, **_answered(question)}
    except NeverOpen:
        return {"id": number, "error": "the calendar has too little working time to reach that moment"}
    except (WrongQuestion, UnknownCountry, OutOfRange) as wrong:
        return {"id": number, "error": str(wrong)}
    except OverflowError:
        return {"id": number, "error": "minutes: too many"}


def parse_calendar(spec: object, years: Sequence[int] = ()) -> Calendar:
    """Return the calendar that a mapping describes; raise WrongCalendar with the path of what is wrong.

    Where it names a country, that country's days of `years` are exceptions too; dates given by hand win over them.
    """
    if not isinstance(spec, Mapping):
        raise WrongCalendar("calendar: an object with time_zone and weekly is needed")
    strange = [str(key) for key in spec if key not in CALENDAR_KEYS]
    if strange:
        raise WrongCalendar(f"calendar.{strange[0]}: is not known; known are {', '.join(sorted(CALENDAR_KEYS))}")
    weekly = parse_weekly(spec.get("weekly"))
    exceptions: dict[date, tuple[Interval, ...]] = {}
    country = spec.get("country")
    if country:
        if not isinstance(country, str):
            raise WrongCalendar("calendar.country: two letters are needed")
        try:
            exceptions.update(exceptions_of(country, years, weekly))
        except UnknownCountry as unknown:
            raise WrongCalendar(f"calendar.country: {unknown}") from unknown
    exceptions.update(parse_exceptions(spec.get("exceptions")))
    return Calendar(parse_zone(spec.get("time_zone")), weekly, exceptions)


def parse_zone(name: object) -> ZoneInfo:
    """Return the time zone of an IANA name; raise WrongCalendar."""
    if not isinstance(name, str) or not name:
        raise WrongCalendar("calendar.time_zone: a name such as Europe/Sofia is needed")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise WrongCalendar(f"calendar.time_zone: {name!r} is not a time zone") from unknown


def parse_weekly(weekly: object) -> dict[int, tuple[Interval, ...]]:
    """Return weekday → intervals of {"mon": [["09:00", "18:00"]], …}; a missing weekday is closed."""
    if not isinstance(weekly, Mapping):
        raise WrongCalendar("calendar.weekly: an object of weekdays (mon … sun) is needed")
    strange = [str(key) for key in weekly if key not in WEEKDAYS]
    if strange:
        raise WrongCalendar(f"calendar.weekly.{strange[0]}: weekdays are {', '.join(WEEKDAYS)}")
    return {WEEKDAYS.index(key): _intervals(value, f"calendar.weekly.{key}") for key, value in weekly.items()}


def parse_exceptions(exceptions: object) -> dict[date, tuple[Interval, ...]]:
    """Return date → intervals of {"2026-05-01": [], …}; nothing given = none."""
    if exceptions is None:
        return {}
    if not isinstance(exceptions, Mapping):
        raise WrongCalendar("calendar.exceptions: an object of dates is needed")
    return {_date(key): _intervals(value, f"calendar.exceptions.{key}") for key, value in exceptions.items()}


def written_intervals(intervals: Sequence[Interval]) -> list[list[str]]:
    """Return intervals as calendars are stored: [["09:00", "18:00"]]; the opposite of what parse_weekly reads."""
    return [[f"{minute // 60:02d}:{minute % 60:02d}" for minute in interval] for interval in intervals]


def _answered(question: Mapping[str, object]) -> dict[str, object]:
    start = _moment(question.get("start"), "start")
    pauses = _pauses(question.get("pauses"))
    operation = question.get("op")
    if operation == "add":
        calendar, due = _due(question, start, _work(question.get("minutes")), pauses)
        return {"due": due.astimezone(calendar.zone).isoformat()}
    if operation == "between":
        end = _moment(question.get("end"), "end")
        calendar = _calendar(question, start.year - 1, end.year + 1)
        spent = sum((calendar.between(*span) for span in _running(Period(start, end), pauses)), timedelta())
        return {"minutes": _minutes(spent)}
    raise WrongQuestion('op: "add" or "between" is needed')


def _due(
    question: Mapping[str, object], start: datetime, work: timedelta, pauses: list[Period]
) -> tuple[Calendar, datetime]:
    last = start.year + COUNTRY_YEARS_AHEAD
    while True:
        calendar = _calendar(question, start.year - 1, last)
        due = add_with_pauses(calendar, start, work, pauses)
        if due.year < last or last > start.year + HORIZON_YEARS:
            return calendar, due
        last = due.year + COUNTRY_YEARS_AHEAD


def add_with_pauses(calendar: WorkingTime, start: datetime, work: timedelta, pauses: Sequence[Period]) -> datetime:
    """Return the moment at which `work` of open time outside of the pauses has passed since `start`.

    Raises NeverOpen where a pause without an end leaves too little.
    """
    for begin, end in minus([Period(start)], pauses):
        if end is None:
            return calendar.add(begin, work)
        used = calendar.between(begin, end)
        if used and work <= used:
            return calendar.add(begin, work)
        work -= used
    raise NeverOpen(start.isoformat())


def _running(whole: Period, pauses: list[Period]) -> list[tuple[datetime, datetime]]:
    if whole.end is None or whole.end <= whole.start:
        return []
    pieces = minus([whole], clipped(pauses, whole))
    return [(piece.start, piece.end) for piece in pieces if piece.end is not None]


def _calendar(question: Mapping[str, object], first_year: int, last_year: int) -> Calendar:
    spec = question.get("calendar")
    if not (isinstance(spec, Mapping) and spec.get("country")):
        first_year = last_year = 0  # the years only matter to a country: without one the same calendar serves all
    if last_year - first_year > 2 * HORIZON_YEARS:
        raise WrongQuestion(f"the days of a country are known for at most {2 * HORIZON_YEARS} years at once")
    try:
        written = json.dumps(spec)
    except (TypeError, ValueError, RecursionError) as wrong:
        raise WrongCalendar(f"calendar: cannot be written as JSON: {wrong}") from wrong
    return _parsed(written, first_year, last_year)


@lru_cache(maxsize=256)
def _parsed(spec: str, first_year: int, last_year: int) -> Calendar:
    # Thousands of questions about one calendar share its tables.
    calendar = parse_calendar(json.loads(spec), range(first_year, last_year + 1) if last_year else ())
    if not (any(calendar.weekly.values()) or any(calendar.exceptions.values())):
        raise WrongCalendar("calendar.weekly: no day has an hour, so there is nothing to count")
    return calendar


def _intervals(value: object, path: str) -> tuple[Interval, ...]:
    if not _is_list(value):
        raise WrongCalendar(f'{path}: a list of intervals such as [["09:00", "18:00"]] is needed')
    return tuple(_interval(item, path) for item in value)


def _interval(value: object, path: str) -> Interval:
    if not _is_list(value) or len(value) != 2:
        raise WrongCalendar(f'{path}: an interval is a pair such as ["09:00", "18:00"]')
    start, end = (_minute(item, path) for item in value)
    if start == MINUTES_OF_DAY:
        raise WrongCalendar(f"{path}: an interval cannot begin at 24:00")
    if start == end:
        raise WrongCalendar(f"{path}: the interval ends when it begins; the whole day is 00:00 to 24:00")
    return start, end


def _minute(value: object, path: str) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    minute = int(found[1]) * 60 + int(found[2]) if found else MINUTES_OF_DAY + 1
    if minute > MINUTES_OF_DAY:
        raise WrongCalendar(f"{path}: {value!r} is not a time from 00:00 to 24:00")
    return minute


def _date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as wrong:
            raise WrongCalendar(f"calendar.exceptions.{value}: {wrong}") from wrong
    raise WrongCalendar(f"calendar.exceptions.{value}: a date such as 2026-05-01 is needed")


def _moment(value: object, path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise WrongQuestion(f"{path}: a moment such as 2026-05-01T09:00:00+03:00 is needed, not {value!r}")
    if moment.tzinfo is None:
        raise WrongQuestion(f"{path}: {value!r} has no offset to UTC")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise WrongQuestion(f"{path}: {value!r} is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment.astimezone(UTC)


def _work(value: object) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongQuestion(f"minutes: a number is needed, not {value!r}")
    if not math.isfinite(value) or value < 0:
        raise WrongQuestion(f"minutes: {value!r} is not a length of time")
    return timedelta(minutes=value)


def _pauses(value: object) -> list[Period]:
    if value is None:
        return []
    if not _is_list(value):
        raise WrongQuestion("pauses: a list of pairs of moments is needed")
    return merged(_pause(item, f"pauses[{i}]") for i, item in enumerate(value))


def _pause(value: object, path: str) -> Period:
    if not _is_list(value) or len(value) != 2:
        raise WrongQuestion(f"{path}: a pair of moments is needed; null as the second is a pause without an end")
    start = _moment(value[0], path)
    end = None if value[1] is None else _moment(value[1], path)
    if end is not None and end < start:
        raise WrongQuestion(f"{path}: the pause ends before it begins")
    return Period(start, end)


def _minutes(spent: timedelta) -> int | float:
    minutes = round(spent / timedelta(minutes=1), 6)
    return int(minutes) if minutes == int(minutes) else minutes


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, (list, tuple))

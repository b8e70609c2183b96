"""Lengths of working time as people type them: "15 мин", "2 ч 30 мин", "3 дни", "1.5h", "2 нед". Pure: no Django.

A day is a working day of the calendar in question: as many minutes as it is open on most of its days ("3 дня" on a
9–18 calendar are 27 hours, round the clock 72). A week is as many minutes as its week has. What is kept is minutes, so
that nothing depends on what a day meant to whoever typed it; pages show the minutes beside the field.

`written` says a length so that `read` gives the same minutes again, in every language and for every calendar.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

HOUR, ROUND_THE_CLOCK = 60, 1440
LONGEST = 10 * 366 * ROUND_THE_CLOCK  # ten years, by any calendar
_PART = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,4})?)\s*([^\W\d_]*)\.?\s*[,;+]?")
# Every form of the words, as they are typed; a dot after them is allowed.
_UNITS: tuple[tuple[str, str], ...] = (
    (r"m|min|mins|minute|minutes|м|мин|минут|минута|минуты|минуту|минути", "minute"),
    (r"h|hr|hrs|hour|hours|ч|час|часа|часов|часове", "hour"),
    (r"d|day|days|д|дн|день|дня|дней|ден|дни|дена|рд", "day"),
    (r"w|wk|week|weeks|н|нед|неделя|недели|неделю|недель|с|сед|седм|седмица|седмици", "week"),
)


class NoLength(ValueError):
    """What was typed is no length of time; `problem` is one of: empty, unknown unit, not whole, too long, zero."""

    def __init__(self, problem: str, part: str = "") -> None:
        super().__init__(problem)
        self.problem, self.part = problem, part


class Day(NamedTuple):
    """How many minutes a day and a week of a calendar have."""

    minutes: int = ROUND_THE_CLOCK
    week: int = 7 * ROUND_THE_CLOCK


ROUND_THE_CLOCK_DAY = Day()


class Words(NamedTuple):
    """How a language says units: forms for the numbers 1, 2–4 and 5 (Russian), for 1 and all others (the rest)."""

    minute: str
    hour: str
    days: tuple[str, str, str]


_WORDS: Mapping[str, Words] = {
    "ru": Words("мин", "ч", ("день", "дня", "дней")),
    "bg": Words("мин", "ч", ("ден", "дни", "дни")),
    "en": Words("min", "h", ("day", "days", "days")),
}


def day_of(weekly: Mapping[int, Sequence[tuple[int, int]]]) -> Day:
    """The day of a week's hours (intervals in minutes): the length that most open days have, of several the longest."""
    lengths = [sum(end - begin for begin, end in hours) for hours in weekly.values()]
    counted = Counter(length for length in lengths if length > 0)
    if not counted:
        return Day()
    return Day(max(counted, key=lambda length: (counted[length], length)), sum(lengths))


def read(typed: str, day: Day = ROUND_THE_CLOCK_DAY) -> int:
    """The minutes. A bare number is minutes. Raises NoLength."""
    text = typed.replace("\u00a0", " ").replace("\u202f", " ").strip().lower()
    if not text:
        raise NoLength("empty")
    total, place = Fraction(0), 0
    while place < len(text):
        part = _PART.match(text, place)
        if part is None:
            raise NoLength("unknown unit", text[place:].strip())
        total += Fraction(part[1].replace(",", ".")) * _minutes_of(part[2], day)
        place = part.end()
    if total.denominator != 1:
        raise NoLength("not whole")
    if total <= 0:
        raise NoLength("zero")
    if total > LONGEST:
        raise NoLength("too long")
    return int(total)


def written(minutes: int, language: str, day: Day = ROUND_THE_CLOCK_DAY) -> str:
    """The length in the largest units that leave nothing over: "3 дня", "2 ч 30 мин"."""
    words = _WORDS.get(language[:2], _WORDS["en"])
    if minutes >= day.minutes and minutes % day.minutes == 0:
        days = minutes // day.minutes
        return f"{days}\u00a0{words.days[_form(days, language)]}"
    hours, rest = divmod(minutes, HOUR)
    parts = [f"{hours}\u00a0{words.hour}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}\u00a0{words.minute}")
    return " ".join(parts)


def _minutes_of(unit: str, day: Day) -> int:
    if not unit:
        return 1
    for forms, kind in _UNITS:
        if unit in forms.split("|"):
            return {"minute": 1, "hour": HOUR, "day": day.minutes, "week": day.week}[kind]
    raise NoLength("unknown unit", unit)


def _form(number: int, language: str) -> int:
    if language[:2] != "ru":
        return 0 if number == 1 else 1
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2

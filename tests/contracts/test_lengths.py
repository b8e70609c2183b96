"""Lengths as people type them become minutes; what the page writes reads back as the same minutes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.contracts.lengths import LONGEST, Day, NoLength, day_of, read, written

OFFICE = Day(540, 2700)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("15 мин", 15), ("15", 15), ("15мин.", 15), ("2 ч", 120), ("2h", 120), ("1,5 часа", 90), ("1.5h", 90),
        ("2 ч 30 мин", 150), ("3 дня", 1620), ("3 дни", 1620), ("3 days", 1620), ("1 день", 540), ("0.5 d", 270),
        ("1 д 2 ч", 660), ("2 нед", 5400), ("1 седмица", 2700), ("1 week", 2700), ("4\u00a0ч", 240), ("3 ДНЯ", 1620),
    ],
)  # fmt: skip
def test_what_people_type_in_three_languages(typed: str, minutes: int) -> None:
    assert read(typed, OFFICE) == minutes


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "empty"), ("  ", "empty"), ("soon", "unknown unit"),
        ("3 попугая", "unknown unit"), ("2 ч завтра", "unknown unit"),
        ("0", "zero"), ("0 ч", "zero"), ("0.1", "not whole"), ("99999 дней", "too long"), ("-5", "unknown unit"),
    ],
)  # fmt: skip
def test_what_is_no_length_is_refused(typed: str, problem: str) -> None:
    with pytest.raises(NoLength) as refused:
        read(typed, OFFICE)
    assert refused.value.problem == problem


@given(
    minutes=st.integers(1, LONGEST),
    language=st.sampled_from(["ru", "bg", "en", "en-gb"]),
    day=st.integers(1, 1440).map(lambda length: Day(length, 5 * length)),
)
def test_what_is_written_reads_back(minutes: int, language: str, day: Day) -> None:
    assert read(written(minutes, language, day), day) == minutes


@given(days=st.integers(1, 2000), language=st.sampled_from(["ru", "bg", "en"]), day=st.integers(120, 1440))
def test_whole_days_are_written_as_days(days: int, language: str, day: int) -> None:
    assert written(days * day, language, Day(day, 5 * day)).split("\u00a0")[0] == str(days)


@pytest.mark.parametrize(
    ("minutes", "language", "words"),
    [
        (540, "ru", "1 день"), (1080, "ru", "2 дня"), (2700, "ru", "5 дней"), (5940, "ru", "11 дней"),
        (11340, "ru", "21 день"), (540, "bg", "1 ден"), (1080, "bg", "2 дни"), (1620, "en", "3 days"),
        (15, "bg", "15 мин"), (150, "en", "2 h 30 min"), (600, "ru", "10 ч"),
    ],
)  # fmt: skip
def test_how_it_is_written(minutes: int, language: str, words: str) -> None:
    assert written(minutes, language, OFFICE).replace("\u00a0", " ") == words


def test_a_day_is_the_length_that_most_days_of_the_calendar_have() -> None:
    office = {day: [(540, 780), (840, 1080)] for day in range(5)}
    assert day_of(office) == Day(480, 2400)
    assert day_of({**office, 4: [(540, 780)], 5: []}) == Day(480, 4 * 480 + 240)
    assert day_of({day: [(0, 1440)] for day in range(7)}) == Day(1440, 7 * 1440)
    assert day_of({}) == Day(1440, 7 * 1440)

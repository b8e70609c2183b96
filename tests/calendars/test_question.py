"""The calendar line: a question in JSON, its answer in JSON, and words for whatever cannot be answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.calendars import question as questions
from firstline.calendars.question import WrongCalendar, answer, answer_line, parse_calendar, written_intervals

OFFICE = [["09:00", "13:00"], ["14:00", "18:00"]]
WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)
SOFIA = {"time_zone": "Europe/Sofia", "weekly": WEEKDAYS}


def question(**fields: Any) -> dict[str, Any]:
    return {"id": "x", "calendar": SOFIA, "op": "add", "start": "2026-06-12T09:00:00+03:00", "minutes": 480, **fields}


def test_a_deadline_is_given_in_the_calendars_own_time() -> None:
    assert answer(question()) == {"id": "x", "due": "2026-06-12T18:00:00+03:00"}
    assert answer(question(start="2026-06-12T06:00:00Z")) == {"id": "x", "due": "2026-06-12T18:00:00+03:00"}


def test_working_time_between_two_moments_is_given_in_minutes_and_their_fractions() -> None:
    asked = question(op="between", end="2026-06-12T10:00:30+03:00")

    assert answer(asked) == {"id": "x", "minutes": 60.5}
    assert json.loads(answer_line(json.dumps(question(op="between", end="2026-06-15T10:00:00+03:00")))) == {
        "id": "x",
        "minutes": 540,
    }


def test_a_fraction_of_a_minute_can_be_added() -> None:
    assert answer(question(minutes=0.5)) == {"id": "x", "due": "2026-06-12T09:00:30+03:00"}


@pytest.mark.parametrize(
    ("target", "pauses", "due"),
    [
        (720, [["2026-06-12T17:00:00+03:00", "2026-06-15T10:00:00+03:00"]], "2026-06-15T16:00:00+03:00"),
        (450, [["2026-06-12T10:00:00+03:00", "2026-06-12T12:00:00+03:00"]], "2026-06-15T10:30:00+03:00"),
        (60, [["2026-06-12T10:00:00+03:00", None]], "2026-06-12T10:00:00+03:00"),
        (0, [["2026-06-12T08:00:00+03:00", "2026-06-12T13:30:00+03:00"]], "2026-06-12T14:00:00+03:00"),
        (0, [["2026-06-12T08:30:00+03:00", "2026-06-12T11:00:00+03:00"]], "2026-06-12T11:00:00+03:00"),
        (
            60,
            [
                ["2026-06-12T09:00:00+03:00", "2026-06-12T11:00:00+03:00"],
                ["2026-06-12T10:00:00+03:00", "2026-06-12T12:00:00+03:00"],
            ],
            "2026-06-12T13:00:00+03:00",
        ),
    ],
)
def test_a_pause_moves_the_deadline_by_the_working_time_in_it(target: int, pauses: list[list[str]], due: str) -> None:
    start = "2026-06-12T08:00:00+03:00"

    assert answer(question(start=start, minutes=target, pauses=pauses)) == {"id": "x", "due": due}


def test_a_pause_is_not_counted_between() -> None:
    asked = question(
        op="between",
        end="2026-06-12T18:00:00+03:00",
        pauses=[["2026-06-12T12:00:00+03:00", "2026-06-12T15:00:00+03:00"], ["2026-06-12T17:00:00+03:00", None]],
    )

    assert answer(asked) == {"id": "x", "minutes": 300}


def test_a_pause_without_an_end_before_the_deadline_has_no_answer() -> None:
    found = answer(question(minutes=61, pauses=[["2026-06-12T10:00:00+03:00", None]]))

    assert found == {"id": "x", "error": "the calendar has too little working time to reach that moment"}


def test_a_country_brings_its_days_and_a_date_given_by_hand_wins() -> None:
    bulgarian = {**SOFIA, "country": "BG"}
    start = "2026-04-09T16:00:00+03:00"

    assert answer(question(calendar=bulgarian, start=start))["due"] == "2026-04-14T16:00:00+03:00"
    assert answer(question(calendar=SOFIA, start=start))["due"] == "2026-04-10T16:00:00+03:00"
    at_work = {**bulgarian, "exceptions": {"2026-04-10": OFFICE}}
    assert answer(question(calendar=at_work, start=start))["due"] == "2026-04-10T16:00:00+03:00"


def test_the_days_of_a_country_are_known_however_far_the_deadline_lies() -> None:
    bulgarian = {**SOFIA, "country": "BG"}
    due = datetime.fromisoformat(str(answer(question(calendar=bulgarian, minutes=2_000_000))["due"]))
    wide = parse_calendar(bulgarian, range(2026, due.year + 2))

    assert due.year > 2040
    assert wide.between(datetime(2026, 6, 12, 6, tzinfo=UTC), due).total_seconds() == 2_000_000 * 60


def test_an_interval_over_midnight_and_the_end_of_the_day_are_understood() -> None:
    night = {"time_zone": "Europe/Sofia", "weekly": {"mon": [["22:00", "06:00"]], "wed": [["20:00", "24:00"]]}}
    asked = question(calendar=night, op="between", start="2026-06-15T00:00:00+03:00", end="2026-06-22T00:00:00+03:00")

    assert answer(asked) == {"id": "x", "minutes": 12 * 60}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"op": "divide"}, "op:"),
        ({"start": None}, "start:"),
        ({"start": "2026-06-12T09:00:00"}, "no offset"),
        ({"start": "0001-01-01T00:00:00+03:00"}, "years 1900 to 2500"),
        ({"minutes": -1}, "minutes:"),
        ({"minutes": "480"}, "minutes:"),
        ({"minutes": True}, "minutes:"),
        ({"minutes": float("nan")}, "minutes:"),
        ({"minutes": 10**400}, "minutes:"),
        ({"minutes": 10**12}, "too little"),
        ({"op": "between"}, "end:"),
        ({"pauses": 5}, "pauses:"),
        ({"pauses": [["2026-06-12T10:00:00+03:00"]]}, "pauses[0]:"),
        ({"pauses": [["2026-06-12T10:00:00+03:00", "2026-06-12T09:00:00+03:00"]]}, "pauses[0]: the pause ends before"),
        ({"calendar": None}, "calendar:"),
        ({"calendar": {"weekly": {}}}, "calendar.time_zone:"),
        ({"calendar": {"time_zone": "Europe/Sofija", "weekly": {}}}, "not a time zone"),
        ({"calendar": {"time_zone": "Europe", "weekly": {}}}, "not a time zone"),
        ({"calendar": {"time_zone": "../../etc/passwd", "weekly": {}}}, "not a time zone"),
        ({"calendar": {"time_zone": "Europe/Sofia"}}, "calendar.weekly:"),
        ({"calendar": {**SOFIA, "weekly": {"monday": OFFICE}}}, "calendar.weekly.monday:"),
        ({"calendar": {**SOFIA, "weekly": {"mon": ["09:00", "18:00"]}}}, "calendar.weekly.mon:"),
        ({"calendar": {**SOFIA, "weekly": {"mon": [["9:00", "18:00"]]}}}, "'9:00'"),
        ({"calendar": {**SOFIA, "weekly": {"mon": [["09:00", "24:01"]]}}}, "'24:01'"),
        ({"calendar": {**SOFIA, "weekly": {"mon": [["24:00", "09:00"]]}}}, "begin at 24:00"),
        ({"calendar": {**SOFIA, "weekly": {"mon": [["00:00", "00:00"]]}}}, "whole day is 00:00 to 24:00"),
        ({"calendar": {**SOFIA, "exceptions": {"2026-02-30": []}}}, "calendar.exceptions.2026-02-30:"),
        ({"calendar": {**SOFIA, "exceptions": {"1 May": []}}}, "calendar.exceptions.1 May:"),
        ({"calendar": {**SOFIA, "exceptions": []}}, "calendar.exceptions:"),
        ({"calendar": {**SOFIA, "country": "Atlantis"}}, "Atlantis"),
        ({"calendar": {**SOFIA, "country": 5}}, "calendar.country:"),
        ({"calendar": {**SOFIA, "holidays": []}}, "calendar.holidays:"),
        ({"calendar": {**SOFIA, "weekly": {"mon": []}}}, "calendar.weekly: no day has an hour"),
        (
            {
                "calendar": {**SOFIA, "weekly": {}, "exceptions": {"2026-05-01": []}},
                "op": "between",
                "end": "2026-06-13T09:00:00+03:00",
            },
            "calendar.weekly: no day has an hour",
        ),
    ],
)
def test_what_cannot_be_answered_gets_words_that_name_the_part(wrong: dict[str, Any], words: str) -> None:
    found = answer(question(**wrong))

    assert set(found) == {"id", "error"}
    assert found["id"] == "x"
    assert words in str(found["error"])


@pytest.mark.parametrize("line", ["", "nonsense", "[]", "5", "null", "[" * 100_000, '{"id": 1', "\ud800"])
def test_a_line_that_is_no_question_gets_an_answer_too(line: str) -> None:
    found = json.loads(answer_line(line))

    assert found["id"] is None
    assert found["error"]


def test_an_id_of_any_kind_comes_back_and_can_be_written() -> None:
    line = answer_line('{"id": ["\\ud800", {"n": 1.5}]}')

    assert json.loads(line)["id"] == ["\ud800", {"n": 1.5}]
    line.encode("ascii")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["mon", "09:00", "18:00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.just("mon"), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_no_value_at_all_makes_it_raise(value: Any) -> None:
    assert "error" in answer(value)


@settings(max_examples=400, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "id": anything,
            "op": st.sampled_from(["add", "between"]) | anything,
            "start": st.datetimes().map(lambda d: d.isoformat() + "+02:00") | anything,
            "end": st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001
                lambda d: d.isoformat() + "Z"
            )
            | anything,
            "minutes": st.integers(0, 10**6) | st.floats() | anything,
            "pauses": st.lists(st.lists(anything, min_size=2, max_size=2), max_size=2) | anything,
            "calendar": st.fixed_dictionaries(
                {"time_zone": st.sampled_from(["Europe/Sofia", "UTC"]) | anything},
                optional={
                    "weekly": st.dictionaries(st.sampled_from(["mon", "sun"]), st.just(OFFICE) | anything) | anything,
                    "exceptions": anything,
                    "country": st.sampled_from(["BG", "RU"]) | anything,
                },
            )
            | anything,
        },
    )
)
def test_no_question_at_all_makes_it_raise(asked: dict[str, Any]) -> None:
    found = answer(asked)

    assert found["id"] is asked.get("id")
    assert len(set(found) & {"due", "minutes", "error"}) == 1


def test_a_python_value_that_is_no_json_is_refused_in_words() -> None:
    loop: dict[str, Any] = {}
    loop["weekly"] = loop

    assert "calendar" in str(answer(question(calendar=loop))["error"])
    assert "calendar" in str(answer(question(calendar={("a",): 1}))["error"])
    assert "calendar" in str(answer(question(calendar={**SOFIA, "weekly": {"mon": {1, 2}}}))["error"])


def test_many_questions_about_one_calendar_read_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(questions, "parse_calendar", lambda *given: read.append(given) or parse_calendar(*given))
    questions._parsed.cache_clear()
    for minutes in range(1, 1001):
        answer(question(calendar={**SOFIA, "country": "BG"}, minutes=minutes))
    assert len(read) == 1


def test_a_stored_calendar_is_read_back_as_it_was_written() -> None:
    calendar = parse_calendar({**SOFIA, "exceptions": {"2026-06-13": [["22:00", "06:00"], ["10:00", "24:00"]]}})
    stored = {
        "time_zone": calendar.zone.key,
        "weekly": {day: written_intervals(calendar.weekly[n]) for n, day in enumerate(WEEKDAYS)},
        "exceptions": {str(day): written_intervals(hours) for day, hours in calendar.exceptions.items()},
    }

    assert parse_calendar(stored) == calendar


def test_a_wrong_calendar_raises_where_others_parse_it() -> None:
    with pytest.raises(WrongCalendar, match=r"calendar\.weekly\.mon"):
        parse_calendar({"time_zone": "UTC", "weekly": {"mon": "09:00-18:00"}})

"""Every working minute from the creation to the solution is exactly one party's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.sla.attribution import PARTIES, attribute, stage_now
from firstline.sla.facts import Fact
from tests.calendars import walker
from tests.sla.histories import MINUTE, NIGHTS, OFFICE, ROUND_THE_CLOCK, Terms, at, fact, lives

CREATED = fact("created", "2026-06-15 09:00", priority=3, line=1)


def used(facts: list[Any], now: str) -> dict[str, float]:
    found = attribute(facts, OFFICE, at(now))
    assert found is not None
    return {party: length / MINUTE for party, length in found.used.items() if length}


def test_each_has_what_he_used() -> None:
    story = [
        CREATED,
        fact("taken", "2026-06-15 09:10"),
        fact("handed_over", "2026-06-15 09:40", to_line=2),
        fact("waiting", "2026-06-15 10:00", **{"for": "client"}),
        fact("resumed", "2026-06-15 11:00"),
        fact("waiting", "2026-06-15 11:10", **{"for": "vendor"}),
        fact("resumed", "2026-06-15 12:00"),
        fact("handed_over", "2026-06-15 12:05", to_line=3),
        fact("resolved", "2026-06-15 12:30"),
    ]
    assert used(story, "2026-06-16 09:00") == {
        "intake": 10, "line1": 30, "line2": 20 + 10 + 5, "client": 60, "vendor": 50, "line3": 25,
    }  # fmt: skip


def test_closed_hours_are_nobodys_and_not_counted() -> None:
    assert used([CREATED, fact("taken", "2026-06-15 17:30")], "2026-06-16 09:30") == {"intake": 450, "line1": 60}


def test_time_while_solved_is_nobodys_and_after_the_last_solution_nothing_counts() -> None:
    story = [
        CREATED,
        fact("taken", "2026-06-15 09:00"),
        fact("resolved", "2026-06-15 10:00"),
        fact("reopened", "2026-06-15 11:00"),
        fact("resolved", "2026-06-15 11:30"),
        fact("confirmed", "2026-06-15 12:30"),
    ]
    assert used(story, "2026-06-15 17:00") == {"line1": 90, "nobody": 60}


@pytest.mark.parametrize(
    ("party", "whose"),
    [("provider", "line1"), ("client", "client"), ("vendor", "vendor"), ("force_majeure", "nobody")],
)
def test_a_pause_is_the_time_of_whom_its_reason_names(party: str, whose: str) -> None:
    story = [CREATED, fact("taken", "2026-06-15 09:00"), fact("held", "2026-06-15 10:00", until=None, party=party)]
    assert used(story, "2026-06-15 11:00") == ({"line1": 120} if whose == "line1" else {"line1": 60, whose: 60})


def test_a_hold_that_ended_by_itself_gives_the_time_back() -> None:
    until = at("2026-06-15 10:30").isoformat()
    story = [CREATED, fact("taken", "2026-06-15 09:00"), fact("held", "2026-06-15 10:00", until=until)]
    assert used(story, "2026-06-15 12:00") == {"line1": 150, "client": 30}


def test_a_ticket_given_to_a_person_or_moved_to_another_queue() -> None:
    story = [
        CREATED,
        fact("assigned", "2026-06-15 09:10", assignee=None, line=2),
        fact("assigned", "2026-06-15 09:30", assignee="emil", line=2),
    ]
    assert used(story, "2026-06-15 10:00") == {"intake": 30, "line2": 30}


def test_whose_hands_it_is_in() -> None:
    story = [CREATED, fact("taken", "2026-06-15 09:10"), fact("resolved", "2026-06-15 10:00")]
    assert stage_now(story, at("2026-06-15 09:05")) == "intake"
    assert stage_now(story, at("2026-06-15 09:15")) == "line1"
    assert stage_now(story, at("2026-06-15 10:15")) is None


def test_no_history_has_no_users() -> None:
    assert attribute([], OFFICE, at("2026-06-15 10:00")) is None


@settings(max_examples=300, deadline=None)
@given(lives(), st.sampled_from([OFFICE, ROUND_THE_CLOCK, NIGHTS]), st.data())
def test_the_parts_add_up_to_the_working_time_minute_by_minute(
    life: tuple[list[Fact], Terms, datetime], timetable: Any, data: st.DataObject
) -> None:
    facts, _terms, now = life
    facts = [
        Fact(f.kind, f.at, f.learnt_at, {**f.data, "party": data.draw(st.sampled_from(["", "vendor", "provider"]))}, n)
        if f.kind in ("waiting", "held")
        else Fact(f.kind, f.at, f.learnt_at, f.data, n)
        for n, f in enumerate(facts)
    ]

    found = attribute(facts, timetable, now)

    if found is None:
        assert now < facts[0].at
        return
    assert set(found.used) == set(PARTIES)
    assert sum(found.used.values(), timedelta()) == found.total == timetable.between(found.start, found.end)
    open_minutes, minute = 0, found.start
    while minute < found.end:
        open_minutes += walker.is_open(timetable, minute)
        minute += MINUTE
    assert found.total == open_minutes * MINUTE
    assert all(one.end == two.start for one, two in zip(found.stretches, found.stretches[1:], strict=False))

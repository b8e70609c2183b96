"""What a clock shows: the conventions of product.md, one by one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from firstline.calendars.seeds import exceptions_of
from firstline.calendars.working_time import Calendar, Timetable
from firstline.sla.reading import Promise, Reading, Segment, derive, read_clock
from tests.sla.histories import (
    CREATED,
    EIGHT,
    FOUR,
    HOUR,
    OFFICE,
    ONE,
    ROUND_THE_CLOCK,
    SOFIA,
    TERMS,
    Terms,
    at,
    fact,
    read,
)

BULGARIAN = Calendar(SOFIA, OFFICE.weekly, exceptions_of("BG", [2026], OFFICE.weekly))


def clock(target: float, started: str, now: str, **fields: Any) -> Reading:
    return read_clock(target=target * HOUR, timetable=BULGARIAN, started_at=at(started), now=at(now), **fields)


# One clock


@pytest.mark.parametrize(
    ("target", "pause", "due"),
    [
        (12, ("2026-06-12 17:00", "2026-06-15 10:00"), "2026-06-15 16:00"),
        (7.5, ("2026-06-12 10:00", "2026-06-12 12:00"), "2026-06-15 10:30"),
    ],
)
def test_a_pause_moves_the_deadline_by_working_time_not_by_the_wall(target: float, pause: Any, due: str) -> None:
    found = clock(target, "2026-06-12 09:00", "2026-06-15 10:15", pauses=[(at(pause[0]), at(pause[1]))])

    assert (found.state, found.due_at) == ("running", at(due))


def test_a_deadline_does_not_move_while_the_clock_runs() -> None:
    for now in ("2026-06-12 09:00", "2026-06-12 13:30", "2026-06-12 18:00", "2026-06-13 12:00", "2026-06-15 13:00"):
        assert clock(12, "2026-06-12 09:00", now).due_at == at("2026-06-15 13:00")


def test_a_paused_clock_has_no_deadline() -> None:
    found = clock(4, "2026-06-15 09:00", "2026-06-15 16:00", pauses=[(at("2026-06-15 10:00"), None)])

    assert (found.state, found.due_at, found.consumed) == ("paused", None, HOUR)
    assert found.changes_at is None


def test_met_is_a_fact_not_later_than_the_deadline() -> None:
    done = clock(4, "2026-06-15 09:00", "2026-06-20 09:00", stopped_at=at("2026-06-15 13:00"))
    late = clock(4, "2026-06-15 09:00", "2026-06-20 09:00", stopped_at=at("2026-06-15 13:00") + timedelta(seconds=1))

    assert (done.state, done.verdict_at, done.due_at) == ("met", at("2026-06-15 13:00"), at("2026-06-15 13:00"))
    assert (late.state, late.verdict_at, late.due_at) == ("breached", at("2026-06-15 13:00"), at("2026-06-15 13:00"))


def test_a_deadline_exactly_at_closing_time_stays_there() -> None:
    assert clock(8, "2026-06-15 09:00", "2026-06-15 18:00").state == "running"
    assert clock(8, "2026-06-15 09:00", "2026-06-15 18:00").due_at == at("2026-06-15 18:00")
    evening = clock(8, "2026-06-15 09:00", "2026-06-15 20:00", stopped_at=at("2026-06-15 19:00"))
    assert (evening.state, evening.verdict_at) == ("breached", at("2026-06-15 18:00"))


def test_a_clock_that_stood_still_at_its_deadline_is_late_at_its_next_open_moment() -> None:
    pauses = [(at("2026-06-15 12:00"), at("2026-06-15 20:00"))]

    evening = clock(3, "2026-06-15 09:00", "2026-06-15 21:00", pauses=pauses)
    morning = clock(3, "2026-06-15 09:00", "2026-06-16 09:01", pauses=pauses)

    assert (evening.state, evening.due_at) == ("running", at("2026-06-16 09:00"))
    assert (morning.state, morning.verdict_at) == ("breached", at("2026-06-16 09:00"))


def test_time_while_solved_is_not_counted_after_a_reopening() -> None:
    solved = [(at("2026-06-15 10:00"), at("2026-06-16 10:00"))]
    found = clock(4, "2026-06-15 09:00", "2026-06-16 11:00", solved=solved)

    assert (found.state, found.consumed, found.due_at) == ("running", 2 * HOUR, at("2026-06-16 13:00"))


def test_the_warning_comes_when_four_fifths_are_used_up() -> None:
    found = clock(5, "2026-06-15 09:00", "2026-06-15 10:00")

    assert (found.warn_at, found.changes_at) == (at("2026-06-15 13:00"), at("2026-06-15 13:00"))
    assert clock(5, "2026-06-15 09:00", "2026-06-15 14:30").changes_at == at("2026-06-15 15:00")
    assert clock(5, "2026-06-15 09:00", "2026-06-15 10:00", warn_share=0.5).warn_at == at("2026-06-15 11:30")
    paused = clock(5, "2026-06-15 09:00", "2026-06-15 11:00", pauses=[(at("2026-06-15 10:00"), None)])
    assert paused.warn_at is None


def test_a_cancelled_clock_has_no_verdict_but_its_end() -> None:
    found = clock(4, "2026-06-15 09:00", "2026-06-15 20:00", cancelled_at=at("2026-06-15 11:00"))

    assert (found.state, found.verdict_at, found.due_at, found.consumed) == (
        "cancelled", at("2026-06-15 11:00"), None, 2 * HOUR,
    )  # fmt: skip
    late = clock(1, "2026-06-15 09:00", "2026-06-15 20:00", cancelled_at=at("2026-06-15 11:00"))
    assert (late.state, late.verdict_at) == ("breached", at("2026-06-15 10:00"))


def test_a_calendar_that_never_opens_gives_a_running_clock_without_a_deadline() -> None:
    found = read_clock(
        target=HOUR, timetable=Calendar(SOFIA, {}), started_at=at("2026-06-15 09:00"), now=at("2026-06-16 09:00")
    )

    assert (found.state, found.due_at, found.warn_at, found.changes_at) == ("running", None, None, None)


def test_the_segments_tell_the_whole_story() -> None:
    found = read_clock(
        target=8 * HOUR, timetable=BULGARIAN, started_at=at("2026-06-15 08:00"), now=at("2026-06-16 10:30"),
        pauses=[(at("2026-06-15 10:00"), at("2026-06-15 11:00"))],
        solved=[(at("2026-06-15 12:00"), at("2026-06-16 10:00"))],
    )  # fmt: skip

    assert found.segments == [
        Segment(at("2026-06-15 08:00"), at("2026-06-15 09:00"), "closed"),
        Segment(at("2026-06-15 09:00"), at("2026-06-15 10:00"), "ran"),
        Segment(at("2026-06-15 10:00"), at("2026-06-15 11:00"), "paused"),
        Segment(at("2026-06-15 11:00"), at("2026-06-15 12:00"), "ran"),
        Segment(at("2026-06-15 12:00"), at("2026-06-16 10:00"), "solved"),
        Segment(at("2026-06-16 10:00"), at("2026-06-16 10:30"), "ran"),
    ]
    assert [s.minutes for s in found.segments] == [60, 60, 60, 60, 1320, 30]
    assert found.consumed_minutes == 150


# Whole histories


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (fact("message", "2026-06-15 10:00", public=True, by_agent=True), "met"),
        (fact("called", "2026-06-15 10:00"), "met"),
        (fact("message", "2026-06-15 10:00", public=False, by_agent=True), "running"),
        (fact("message", "2026-06-15 10:00", public=True, by_agent=False), "running"),
        (fact("taken", "2026-06-15 10:00"), "running"),
        (fact("assigned", "2026-06-15 10:00"), "running"),
        (fact("resolved", "2026-06-15 10:00"), "met"),
    ],
)
def test_only_an_agents_words_to_the_requester_are_a_first_response(answer: Any, state: str) -> None:
    assert read("first_response", [CREATED, answer], "2026-06-15 12:00").state == state


def test_a_ticket_made_during_a_call_is_answered_at_its_creation() -> None:
    found = read("first_response", [fact("created", "2026-06-14 12:00", priority=3, answered=True)], "2026-06-20 12:00")

    assert (found.state, found.verdict_at, found.consumed) == ("met", at("2026-06-14 12:00"), timedelta())


def test_the_response_clock_never_pauses() -> None:
    waiting = fact("waiting", "2026-06-15 10:00", **{"for": "client"})

    assert read("first_response", [CREATED, waiting], "2026-06-15 12:00").state == "running"
    assert read("first_response", [CREATED, waiting], "2026-06-15 18:01").verdict_at == at("2026-06-15 18:00")
    assert read("resolution", [CREATED, waiting], "2026-06-15 18:01").state == "paused"


def test_a_ticket_that_ended_without_an_answer_has_no_response_to_wait_for() -> None:
    closed = [CREATED, fact("cancelled", "2026-06-15 11:00")]
    reopened = [*closed, fact("reopened", "2026-06-15 12:00")]

    assert read("first_response", closed, "2026-06-20 12:00").state == "cancelled"
    assert read("first_response", reopened, "2026-06-15 12:30").state == "running"
    assert read("first_response", reopened, "2026-06-20 12:30").state == "breached"


@pytest.mark.parametrize(("pauses", "due"), [(False, "2026-06-15 18:00"), (True, None)])
def test_waiting_for_a_vendor_pauses_where_the_contract_says_so(pauses: bool, due: str | None) -> None:
    terms = Terms({3: Promise(8 * HOUR, OFFICE, vendor_waiting_pauses=pauses)})
    waiting = fact("waiting", "2026-06-15 10:00", **{"for": "vendor"})

    assert read("resolution", [CREATED, waiting], "2026-06-15 12:00", terms).due_at == (due and at(due))


@pytest.mark.parametrize("kind", ["resumed", "taken", "handed_over"])
def test_a_wait_ends_with_the_next_move(kind: str) -> None:
    history = [CREATED, fact("waiting", "2026-06-15 10:00", **{"for": "client"}), fact(kind, "2026-06-15 12:00")]

    assert read("resolution", history, "2026-06-15 12:30").due_at == at("2026-06-16 11:00")


def test_an_assignment_or_a_message_does_not_end_a_wait() -> None:
    history = [
        CREATED,
        fact("waiting", "2026-06-15 10:00", **{"for": "client"}),
        fact("assigned", "2026-06-15 11:00"),
        fact("message", "2026-06-15 11:30", public=True, by_agent=True),
    ]

    assert read("resolution", history, "2026-06-15 12:30").state == "paused"


def test_a_hold_ends_at_its_moment_or_at_the_next_move_whichever_is_first() -> None:
    held = fact("held", "2026-06-15 10:00", until=at("2026-06-15 12:00").isoformat())
    early, late = fact("resumed", "2026-06-15 11:00"), fact("resumed", "2026-06-15 15:00")

    during = read("resolution", [CREATED, held], "2026-06-15 11:30")
    assert (during.state, during.due_at, during.wakes_at) == ("paused", None, at("2026-06-15 12:00"))
    assert during.changes_at == at("2026-06-15 12:00")
    assert read("resolution", [CREATED, held], "2026-06-15 12:00").due_at == at("2026-06-16 11:00")
    assert read("resolution", [CREATED, held, late], "2026-06-15 16:00").due_at == at("2026-06-16 11:00")
    assert read("resolution", [CREATED, held, early], "2026-06-15 16:00").due_at == at("2026-06-16 10:00")
    without_end = [CREATED, fact("held", "2026-06-15 10:00", until=None)]
    assert read("resolution", without_end, "2026-07-15 10:00").state == "paused"


def test_resolution_is_met_at_resolved_not_at_closed() -> None:
    history = [CREATED, fact("resolved", "2026-06-15 17:00"), fact("confirmed", "2026-06-19 10:00")]

    found = read("resolution", history, "2026-06-20 10:00")

    assert (found.state, found.verdict_at) == ("met", at("2026-06-15 17:00"))


def test_a_reopened_clock_goes_on_where_it_stood() -> None:
    history = [CREATED, fact("resolved", "2026-06-15 10:00"), fact("reopened", "2026-06-17 10:00")]

    found = read("resolution", history, "2026-06-17 11:00")
    again = read("resolution", [*history, fact("resolved", "2026-06-17 12:00")], "2026-06-20 11:00")

    assert (found.state, found.consumed, found.due_at) == ("running", 2 * HOUR, at("2026-06-17 18:00"))
    assert (again.state, again.verdict_at, again.consumed) == ("met", at("2026-06-17 12:00"), 3 * HOUR)


def test_a_breach_stays_after_reopening_and_solving() -> None:
    history = [CREATED, fact("resolved", "2026-06-16 10:00"), fact("reopened", "2026-06-17 10:00")]

    for facts in (history[:2], history, [*history, fact("resolved", "2026-06-17 10:01")]):
        found = read("resolution", facts, "2026-06-18 10:00")
        assert (found.state, found.verdict_at) == ("breached", at("2026-06-15 18:00"))


def test_a_cancelled_ticket_ends_both_clocks() -> None:
    readings = derive([CREATED, fact("cancelled", "2026-06-15 10:00")], TERMS, at("2026-06-20 10:00"))

    assert [(r.metric, r.state, r.verdict_at) for r in readings] == [
        ("first_response", "cancelled", at("2026-06-15 10:00")),
        ("resolution", "cancelled", at("2026-06-15 10:00")),
    ]


def test_another_priority_gives_the_new_target_from_the_original_start() -> None:
    changed = fact("changed", "2026-06-15 11:00", priority={"from": 3, "to": 2})

    found = read("resolution", [CREATED, changed], "2026-06-15 12:00")

    assert (found.promise, found.consumed, found.due_at) == (FOUR, 3 * HOUR, at("2026-06-15 13:00"))


def test_a_target_that_is_already_used_up_is_breached_at_the_moment_it_was() -> None:
    changed = fact("changed", "2026-06-15 11:00", priority={"from": 3, "to": 1})

    for now in ("2026-06-15 11:00", "2026-06-15 17:00"):
        found = read("resolution", [CREATED, changed], now)
        assert (found.state, found.verdict_at) == ("breached", at("2026-06-15 10:00"))
    assert read("resolution", [CREATED, changed], "2026-06-15 10:59").state == "running"


def test_a_shorter_target_while_paused_is_breached_if_it_was_used_up_before() -> None:
    waiting = fact("waiting", "2026-06-15 11:00", **{"for": "client"})
    changed = fact("changed", "2026-06-15 12:00", priority={"from": 3, "to": 1})

    assert read("resolution", [CREATED, waiting], "2026-06-15 12:00").state == "paused"
    assert read("resolution", [CREATED, waiting, changed], "2026-06-15 12:30").verdict_at == at("2026-06-15 10:00")


def test_a_longer_target_does_not_wipe_out_a_breach() -> None:
    created = fact("created", "2026-06-15 09:00", priority=1)
    changed = fact("changed", "2026-06-15 11:00", priority={"from": 1, "to": 3})

    found = read("resolution", [created, changed], "2026-06-15 12:00")

    assert (found.state, found.verdict_at, found.promise) == ("breached", at("2026-06-15 10:00"), ONE)


def test_what_was_judged_keeps_the_terms_by_which_it_was_judged() -> None:
    resolved = fact("resolved", "2026-06-15 11:00")
    changed = fact("changed", "2026-06-15 12:00", priority={"from": 3, "to": 1})
    answered = fact("message", "2026-06-15 11:00", public=True, by_agent=True)

    found = read("resolution", [CREATED, resolved, changed], "2026-06-18 12:00")
    response = read("first_response", [CREATED, answered, changed], "2026-06-18 12:00")
    reopened = read(
        "resolution", [CREATED, resolved, changed, fact("reopened", "2026-06-15 14:00")], "2026-06-15 15:00"
    )

    assert (found.state, found.promise) == ("met", EIGHT)
    assert (response.state, response.promise) == ("met", EIGHT)
    assert (reopened.state, reopened.verdict_at) == ("breached", at("2026-06-15 10:00")), (
        "a clock that goes on has the new"
    )


def test_another_calendar_counts_again_from_the_original_start() -> None:
    terms = Terms({3: EIGHT, 2: Promise(30 * HOUR, ROUND_THE_CLOCK)})
    changed = fact("changed", "2026-06-16 09:00", priority={"from": 3, "to": 2})
    history = [fact("created", "2026-06-15 17:00", priority=3), changed]

    found = read("resolution", history, "2026-06-16 10:00", terms)

    assert (found.consumed, found.due_at) == (17 * HOUR, at("2026-06-16 23:00"))
    assert sum(s.minutes for s in found.segments if s.kind == "ran") == 17 * 60


def test_where_nothing_is_promised_there_is_no_clock_and_where_no_longer_it_ends() -> None:
    terms = Terms({3: EIGHT, 4: None}, metrics=("resolution",))
    changed = fact("changed", "2026-06-15 11:00", priority={"from": 3, "to": 4})

    assert derive([fact("created", "2026-06-15 09:00", priority=4)], terms, at("2026-06-15 12:00")) == []
    assert [r.metric for r in derive([CREATED], terms, at("2026-06-15 12:00"))] == ["resolution"]
    ended = read("resolution", [CREATED, changed], "2026-06-15 12:00", terms)
    assert (ended.state, ended.verdict_at, ended.due_at) == ("cancelled", at("2026-06-15 11:00"), None)


def test_an_edited_calendar_holds_from_its_day() -> None:
    short = Calendar(SOFIA, dict.fromkeys(range(5), ((540, 600),)))
    terms = Terms({3: Promise(8 * HOUR, Timetable(((None, OFFICE), (date(2026, 6, 16), short))))})

    created = fact("created", "2026-06-15 14:00", priority=3)

    assert read("resolution", [created], "2026-06-15 15:00", terms).due_at == at("2026-06-19 10:00")


def test_a_history_without_its_beginning_has_no_clocks() -> None:
    assert derive([], TERMS, at("2026-06-15 12:00")) == []
    assert derive([CREATED], TERMS, at("2026-06-15 08:00")) == []


def test_moments_in_any_zone_are_the_same_moments() -> None:
    utc = datetime.fromisoformat("2026-06-15T06:00:00+00:00")
    moved = type(CREATED)("created", utc, utc, CREATED.data, 0)

    assert derive([moved], TERMS, at("2026-06-15 12:00")) == derive([CREATED], TERMS, at("2026-06-15 12:00"))

"""Each of the seven metrics: from when it runs, what ends it, and what it leaves to the next time."""

from __future__ import annotations

from typing import Any

import pytest

from firstline.sla.facts import Fact
from firstline.sla.reading import Reading, derive
from tests.sla.histories import CREATED, EIGHT, FOUR, HOUR, OFFICE, ONE, Promise, Terms, at, fact

ALL = ("acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution")
TERMS = Terms({1: ONE, 2: FOUR, 3: EIGHT}, metrics=ALL)
HOURLY = Terms({3: ONE}, metrics=ALL)
QUESTION = {"public": True, "by_agent": False}
ANSWER = {"public": True, "by_agent": True}


def times(metric: str, facts: list[Any], now: str, terms: Terms = HOURLY) -> list[Reading]:
    """Every time that the clock came, oldest first."""
    numbered = [Fact(f.kind, f.at, f.learnt_at, f.data, n) for n, f in enumerate(facts, 1)]
    return [reading for reading in derive(numbered, terms, at(now)) if reading.metric == metric]


def states(readings: list[Reading]) -> list[tuple[str, str | None]]:
    return [
        (one.state, one.verdict_at and one.verdict_at.astimezone(OFFICE.zone).strftime("%H:%M")) for one in readings
    ]


def test_a_new_ticket_runs_every_clock_but_the_one_for_the_next_word() -> None:
    found = derive([CREATED], TERMS, at("2026-06-15 09:30"))
    assert [one.metric for one in found] == [metric for metric in ALL if metric != "next_response"]
    assert {one.state for one in found} == {"running"}


@pytest.mark.parametrize(
    ("deed", "state"),
    [
        (fact("taken", "2026-06-15 09:20"), "met"),
        (fact("message", "2026-06-15 09:20", **ANSWER), "met"),
        (fact("called", "2026-06-15 09:20"), "met"),
        (fact("workaround", "2026-06-15 09:20"), "met"),
        (fact("arrived", "2026-06-15 09:20"), "met"),
        (fact("resolved", "2026-06-15 09:20"), "met"),
        (fact("assigned", "2026-06-15 09:20"), "running"),
        (fact("handed_over", "2026-06-15 09:20"), "running"),
        (fact("message", "2026-06-15 09:20", public=False, by_agent=True), "running"),
        (fact("message", "2026-06-15 09:20", **QUESTION), "running"),
        (fact("cancelled", "2026-06-15 09:20"), "cancelled"),
    ],
)
def test_who_takes_it_or_speaks_first_acknowledges_it(deed: Any, state: str) -> None:
    assert [one.state for one in times("acknowledge", [CREATED, deed], "2026-06-15 09:30")] == [state]


def test_the_acknowledgement_never_pauses() -> None:
    waits = [CREATED, fact("waiting", "2026-06-15 09:10", **{"for": "client"})]
    assert states(times("acknowledge", waits, "2026-06-15 12:00")) == [("breached", "10:00")]


def test_the_next_response_runs_from_the_oldest_unanswered_word() -> None:
    talk = [
        CREATED,
        fact("message", "2026-06-15 09:10", **ANSWER),
        fact("message", "2026-06-15 10:00", **QUESTION),
        fact("message", "2026-06-15 10:40", **QUESTION),
    ]
    (clock,) = times("next_response", talk, "2026-06-15 10:45")
    assert (clock.started_at, clock.due_at) == (at("2026-06-15 10:00"), at("2026-06-15 11:00"))


def test_each_question_has_a_clock_of_its_own_and_earlier_verdicts_stay() -> None:
    talk = [
        CREATED,
        fact("message", "2026-06-15 09:10", **ANSWER),
        fact("message", "2026-06-15 10:00", **QUESTION),
        fact("message", "2026-06-15 10:30", **ANSWER),
        fact("message", "2026-06-15 11:00", **QUESTION),
        fact("called", "2026-06-15 12:30"),
        fact("message", "2026-06-15 14:00", **QUESTION),
    ]
    found = times("next_response", talk, "2026-06-15 14:10")
    assert states(found) == [("met", "10:30"), ("breached", "12:00"), ("running", None)]
    assert [one.opened_by for one in found] == [3, 5, 7]


def test_words_before_the_first_response_are_answered_by_it() -> None:
    talk = [CREATED, fact("message", "2026-06-15 09:10", **QUESTION), fact("message", "2026-06-15 09:20", **ANSWER)]
    assert times("next_response", talk, "2026-06-15 12:00") == []
    assert states(times("first_response", talk, "2026-06-15 12:00")) == [("met", "09:20")]


def test_not_solved_is_a_word_that_wants_an_answer() -> None:
    talk = [CREATED, fact("resolved", "2026-06-15 09:30"), fact("reopened", "2026-06-15 10:00")]
    assert states(times("next_response", talk, "2026-06-15 11:30")) == [("breached", "11:00")]


def test_who_has_closed_is_owed_no_answer() -> None:
    talk = [
        CREATED,
        fact("called", "2026-06-15 09:10"),
        fact("message", "2026-06-15 10:00", **QUESTION),
        fact("cancelled", "2026-06-15 10:10"),
    ]
    assert states(times("next_response", talk, "2026-06-15 12:00")) == [("cancelled", "10:10")]


def test_no_silence_is_longer_than_promised() -> None:
    talk = [
        CREATED,
        fact("message", "2026-06-15 09:50", **ANSWER),
        fact("message", "2026-06-15 11:20", **ANSWER),
        fact("message", "2026-06-15 11:30", public=False, by_agent=True),
        fact("message", "2026-06-15 11:40", **QUESTION),
    ]
    found = times("update", talk, "2026-06-15 12:00")
    assert states(found) == [("met", "09:50"), ("breached", "10:50"), ("running", None)]
    assert found[-1].due_at == at("2026-06-15 12:20")


def test_while_the_client_has_the_ball_and_while_it_is_solved_no_update_is_owed() -> None:
    waits = [CREATED, fact("waiting", "2026-06-15 09:30", **{"for": "client"})]
    assert [one.state for one in times("update", waits, "2026-06-16 17:00")] == ["met", "paused"]
    solved = [CREATED, fact("resolved", "2026-06-15 09:30")]
    assert [one.state for one in times("update", solved, "2026-06-16 17:00")] == ["met"]
    again = [*solved, fact("reopened", "2026-06-15 10:00")]
    assert states(times("update", again, "2026-06-15 11:30")) == [("met", "09:30"), ("breached", "11:00")]


def test_being_there_keeps_the_promise_of_a_visit() -> None:
    visit = [CREATED, fact("arrived", "2026-06-15 09:45")]
    assert states(times("on_site", visit, "2026-06-15 12:00")) == [("met", "09:45")]
    assert states(times("on_site", [CREATED], "2026-06-15 12:00")) == [("breached", "10:00")]


def test_what_is_solved_without_a_visit_has_no_verdict_on_one() -> None:
    assert states(times("on_site", [CREATED, fact("resolved", "2026-06-15 09:30")], "2026-06-15 12:00")) == [
        ("cancelled", "09:30")
    ]
    late = [CREATED, fact("resolved", "2026-06-15 11:30")]
    assert states(times("on_site", late, "2026-06-15 12:00")) == [("breached", "10:00")]


def test_a_visit_waits_with_the_client() -> None:
    away = [
        CREATED,
        fact("waiting", "2026-06-15 09:30", **{"for": "client"}),
        fact("resumed", "2026-06-15 11:30"),
        fact("arrived", "2026-06-15 11:50"),
    ]
    assert states(times("on_site", away, "2026-06-15 12:00")) == [("met", "11:50")]


def test_a_workaround_or_the_solution_ends_the_wait_for_one() -> None:
    given = [CREATED, fact("workaround", "2026-06-15 09:30"), fact("resolved", "2026-06-15 11:30")]
    assert states(times("workaround", given, "2026-06-15 12:00")) == [("met", "09:30")]
    assert states(times("resolution", given, "2026-06-15 12:00")) == [("breached", "10:00")]
    solved = [CREATED, fact("resolved", "2026-06-15 09:50")]
    assert states(times("workaround", solved, "2026-06-15 12:00")) == [("met", "09:50")]


def test_a_workaround_after_reopening_counts_without_the_time_while_solved() -> None:
    life = [
        CREATED,
        fact("resolved", "2026-06-15 09:30"),
        fact("reopened", "2026-06-15 11:30"),
        fact("workaround", "2026-06-15 11:50"),
    ]
    (clock,) = times("workaround", life, "2026-06-15 12:30")
    assert (clock.state, clock.consumed_minutes) == ("met", 50)


def test_time_that_is_the_providers_own_stops_no_clock() -> None:
    waits = [CREATED, fact("held", "2026-06-15 09:30", until=None, party="provider")]
    assert states(times("resolution", waits, "2026-06-15 12:00")) == [("breached", "10:00")]
    vendor = [CREATED, fact("waiting", "2026-06-15 09:30", **{"for": "client", "party": "vendor"})]
    assert states(times("resolution", vendor, "2026-06-15 12:00")) == [("breached", "10:00")]
    nobody = [CREATED, fact("held", "2026-06-15 09:30", until=None, party="force_majeure")]
    assert states(times("resolution", nobody, "2026-06-15 12:00")) == [("paused", None)]


def test_another_target_holds_for_the_clocks_that_are_still_alive() -> None:
    shorter = Terms({3: Promise(2 * HOUR, OFFICE), 1: Promise(HOUR / 2, OFFICE)}, metrics=ALL)
    talk = [
        CREATED,
        fact("called", "2026-06-15 09:10"),
        fact("message", "2026-06-15 09:20", **QUESTION),
        fact("message", "2026-06-15 10:40", **ANSWER),
        fact("changed", "2026-06-15 10:50", priority={"from": 3, "to": 1}),
        fact("message", "2026-06-15 11:00", **QUESTION),
    ]
    found = times("next_response", talk, "2026-06-15 11:20", shorter)
    assert [(one.state, one.target_minutes) for one in found] == [("met", 120), ("running", 30)]


def test_a_recorded_breach_belongs_to_the_time_that_it_names() -> None:
    talk = [
        CREATED,
        fact("called", "2026-06-15 09:10"),
        fact("message", "2026-06-15 09:20", **QUESTION),
        fact("sla_breach", "2026-06-15 10:20", metric="next_response", since=3, due_at=at("2026-06-15 10:20")),
        fact("message", "2026-06-15 11:00", **ANSWER),
        fact("message", "2026-06-15 11:30", **QUESTION),
        fact("message", "2026-06-15 10:00", learnt="2026-06-15 11:40", **ANSWER),
    ]
    found = times("next_response", talk, "2026-06-15 11:45")
    assert [(one.state, one.late_fact and one.late_fact.number) for one in found] == [
        ("breached", 7),
        ("running", None),
    ]


def test_an_older_word_that_is_learnt_late_is_the_same_time_begun_earlier() -> None:
    talk = [
        CREATED,
        fact("called", "2026-06-15 09:10"),
        fact("message", "2026-06-15 10:00", **QUESTION),
        fact("message", "2026-06-15 09:30", learnt="2026-06-15 10:05", **QUESTION),
    ]
    (clock,) = times("next_response", talk, "2026-06-15 10:10")
    assert (clock.started_at, clock.opened_by, clock.openers) == (at("2026-06-15 09:30"), 4, frozenset({3, 4}))

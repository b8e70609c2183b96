"""A fact that is learnt late excuses a recorded breach by itself and never erases it (product.md, rule 3)."""

from __future__ import annotations

from typing import Any

from firstline.sla.reading import Promise
from tests.sla.histories import CREATED, HOUR, OFFICE, Terms, at, fact, read


def test_a_fact_in_time_that_is_learnt_late_makes_a_clock_met_and_says_so() -> None:
    late = fact("resolved", "2026-06-15 17:59", learnt="2026-06-15 18:20")

    before = read("resolution", [CREATED, late], "2026-06-15 18:10", known_at=at("2026-06-15 18:10"))
    after = read("resolution", [CREATED, late], "2026-06-15 18:30")

    assert (before.state, before.verdict_at, before.late_fact) == ("breached", at("2026-06-15 18:00"), None)
    assert (after.state, after.verdict_at) == ("met", at("2026-06-15 17:59"))
    assert after.late_fact is not None
    assert after.late_fact.kind == "resolved"
    in_time = fact("resolved", "2026-06-15 17:00", learnt="2026-06-15 17:30")
    assert read("resolution", [CREATED, in_time], "2026-06-15 18:30").late_fact is None


def recorded(metric: str, learnt: str) -> Any:
    due_at = at("2026-06-15 18:00").isoformat()
    return fact("sla_breach", learnt, learnt=learnt, metric=metric, due_at=due_at)


def test_a_recorded_breach_is_excused_by_a_late_fact_and_not_erased() -> None:
    breach = recorded("resolution", "2026-06-15 18:15")
    late = fact("resolved", "2026-06-15 17:59", learnt="2026-06-15 18:20")

    before = read("resolution", [CREATED, breach], "2026-06-15 18:16")
    after = read("resolution", [CREATED, breach, late], "2026-06-15 18:30")

    assert (before.state, before.late_fact) == ("breached", None)
    assert (after.state, after.verdict_at, after.due_at) == ("breached", at("2026-06-15 18:00"), at("2026-06-15 18:00"))
    assert after.late_fact is not None
    assert (after.late_fact.kind, after.late_fact.learnt_at) == ("resolved", at("2026-06-15 18:20"))
    replayed = read("resolution", [CREATED, breach, late], "2026-06-15 18:16", known_at=1)
    assert replayed == before


def test_a_late_answer_excuses_the_response_and_not_the_resolution() -> None:
    history = [
        CREATED,
        recorded("first_response", "2026-06-15 18:15"),
        recorded("resolution", "2026-06-15 18:15"),
        fact("message", "2026-06-15 17:00", learnt="2026-06-15 18:20", public=True, by_agent=True),
    ]

    response = read("first_response", history, "2026-06-15 19:00")
    resolution = read("resolution", history, "2026-06-15 19:00")

    assert response.late_fact is not None
    assert (response.state, resolution.state, resolution.late_fact) == ("breached", "breached", None)


def test_a_fact_after_the_deadline_excuses_nothing() -> None:
    late = fact("resolved", "2026-06-15 18:01", learnt="2026-06-15 18:20")

    found = read("resolution", [CREATED, recorded("resolution", "2026-06-15 18:15"), late], "2026-06-15 18:30")

    assert (found.state, found.late_fact) == ("breached", None)


def test_a_recorded_breach_stays_unexcused_when_only_the_terms_say_otherwise_now() -> None:
    kinder = Terms({3: Promise(80 * HOUR, OFFICE)})
    answer = fact("message", "2026-06-16 09:00", public=True, by_agent=True)

    found = read(
        "resolution", [CREATED, recorded("resolution", "2026-06-15 18:15"), answer], "2026-06-16 10:00", kinder
    )

    assert (found.state, found.verdict_at, found.late_fact) == ("breached", at("2026-06-15 18:00"), None)


def test_a_wait_that_is_learnt_late_excuses_a_recorded_breach_too() -> None:
    late = fact("waiting", "2026-06-15 12:00", learnt="2026-06-15 18:20", **{"for": "client"})

    found = read("resolution", [CREATED, recorded("resolution", "2026-06-15 18:15"), late], "2026-06-15 18:30")

    assert found.state == "breached"
    assert found.late_fact is not None
    assert found.late_fact.kind == "waiting"


def test_what_is_learnt_at_the_deadline_itself_is_not_learnt_late() -> None:
    # Eight hours from nine with an hour of lunch: due at six.
    solved = fact("resolved", "2026-06-15 12:00", learnt="2026-06-15 18:00")
    assert read("resolution", [CREATED, solved], "2026-06-16 09:00").late_fact is None
    later = fact("resolved", "2026-06-15 12:00", learnt="2026-06-15 18:01")
    assert read("resolution", [CREATED, later], "2026-06-16 09:00").late_fact is not None


def test_what_was_done_at_the_deadline_itself_and_learnt_later_excuses_the_breach() -> None:
    late = fact("resolved", "2026-06-15 18:00", learnt="2026-06-15 18:20")
    found = read("resolution", [CREATED, recorded("resolution", "2026-06-15 18:15"), late], "2026-06-15 18:30")
    assert (found.state, found.late_fact and found.late_fact.kind) == ("breached", "resolved")

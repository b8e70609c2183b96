"""A clock reads what somebody finds who goes through the ticket's history minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.sla.facts import Fact
from firstline.sla.reading import Promise, Reading, derive
from tests.sla.histories import MINUTE, Terms, lives, walk

SOME = settings(max_examples=250, deadline=None)


def resolution(facts: list[Fact], terms: Terms, now: datetime) -> Reading:
    found = {reading.metric: reading for reading in derive(facts, terms, now)}
    return found["resolution"]


@SOME
@given(lives())
def test_the_resolution_clock_reads_what_the_walker_finds(life: tuple[list[Fact], Terms, datetime]) -> None:
    facts, terms, now = life
    expected = walk(facts, terms, now)

    found = resolution(facts, terms, now)

    assert found.state == expected.state
    if expected.state != "cancelled":
        assert (found.verdict_at, found.consumed) == (expected.verdict_at, expected.consumed * MINUTE)
        assert found.promise is expected.promise


@SOME
@given(lives())
def test_the_segments_that_ran_add_up_to_what_was_consumed_and_leave_no_gap(
    life: tuple[list[Fact], Terms, datetime],
) -> None:
    for reading in derive(*life):
        segments = reading.segments
        ran = sum((s.end - s.start for s in segments if s.kind == "ran"), timedelta())

        assert ran == reading.consumed
        assert sum(s.minutes for s in segments if s.kind == "ran") * MINUTE == reading.consumed
        assert all(earlier.end == later.start for earlier, later in pairwise(segments))
        if segments:
            assert segments[0].start == reading.started_at
            assert segments[-1].end <= reading.read_at


@SOME
@given(lives())
def test_a_running_clock_is_breached_right_after_its_deadline_and_not_at_it(
    life: tuple[list[Fact], Terms, datetime],
) -> None:
    facts, terms, now = life
    found = resolution(facts, terms, now)
    if found.state != "running" or found.due_at is None:
        return
    history = [fact for fact in facts if fact.at <= now]

    assert found.due_at >= now
    assert resolution(history, terms, found.due_at).state == "running"
    later = resolution(history, terms, found.due_at + timedelta(microseconds=1))
    assert (later.state, later.verdict_at) == ("breached", found.due_at)
    solved_in_time = [*history, Fact("resolved", found.due_at, found.due_at, {}, 99)]
    assert resolution(solved_in_time, terms, found.due_at + timedelta(days=9)).state == "met"


@SOME
@given(lives(), st.integers(0, 5000))
def test_a_breach_stays_whatever_happens_later(life: tuple[list[Fact], Terms, datetime], later: int) -> None:
    facts, terms, now = life
    found = resolution(facts, terms, now)
    if found.state == "breached":
        then = resolution(facts, terms, now + later * MINUTE)

        assert (then.state, then.verdict_at) == ("breached", found.verdict_at)


@SOME
@given(lives())
def test_the_order_in_which_we_learn_things_changes_nothing_in_the_end(
    life: tuple[list[Fact], Terms, datetime],
) -> None:
    facts, terms, now = life

    assert derive(facts[::-1], terms, now) == derive(facts, terms, now)


@SOME
@given(lives(), st.integers(0, 8))
def test_known_at_an_event_number_is_the_history_up_to_it(
    life: tuple[list[Fact], Terms, datetime], number: int
) -> None:
    facts, terms, now = life

    assert derive(facts, terms, now, known_at=number) == derive([f for f in facts if f.number <= number], terms, now)


@SOME
@given(lives())
def test_a_change_to_the_same_promise_changes_nothing(life: tuple[list[Fact], Terms, datetime]) -> None:
    facts, terms, now = life
    only: Promise | None = terms.by_priority[1]
    same = Terms(dict.fromkeys((1, 2, 3, 4), only))
    unchanged = [fact for fact in facts if fact.kind != "changed"]

    assert [replace(r, late_fact=None) for r in derive(facts, same, now)] == derive(unchanged, same, now)

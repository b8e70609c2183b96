"""Clocks of tickets that are merged, and separated again (product.md, "Conventions")."""

from __future__ import annotations

from tests.sla.histories import CREATED, at, fact, read

MERGED = fact("merged", "2026-06-15 11:00", into=2)
UNMERGED = fact("unmerged", "2026-06-15 12:00", out_of=2)
WAITING = fact("waiting", "2026-06-15 10:00", **{"for": "client"})


def test_the_clocks_of_the_source_end_as_cancelled() -> None:
    for metric in ("first_response", "resolution"):
        reading = read(metric, [CREATED, MERGED], "2026-06-15 15:00")
        assert (reading.state, reading.verdict_at) == ("cancelled", at("2026-06-15 11:00"))


def test_a_clock_that_was_kept_stays_kept() -> None:
    solved = fact("resolved", "2026-06-15 10:00")
    assert read("resolution", [CREATED, solved, MERGED], "2026-06-15 15:00").state == "met"


def test_a_merge_that_was_undone_has_not_been() -> None:
    for history in ([CREATED], [CREATED, WAITING]):
        before = read("resolution", history, "2026-06-15 12:30")
        after = read("resolution", [*history, MERGED, UNMERGED], "2026-06-15 12:30")
        assert (after.state, after.due_at, after.consumed) == (before.state, before.due_at, before.consumed)


def test_while_it_is_merged_it_is_known_as_cancelled() -> None:
    history = [CREATED, MERGED, UNMERGED]
    assert read("resolution", history, "2026-06-15 12:30", known_at=1).state == "cancelled"
    assert read("resolution", history, "2026-06-15 12:30", known_at=2).state == "running"


def test_the_target_takes_the_older_start_and_gives_it_back() -> None:
    here = fact("merged_here", "2026-06-15 11:00", source=1, began_at=at("2026-06-12 16:00").isoformat())
    away = fact("unmerged_here", "2026-06-15 12:00", source=1)
    own = read("resolution", [CREATED], "2026-06-15 12:30")
    older = read("resolution", [CREATED, here], "2026-06-15 12:30")
    assert older.started_at == at("2026-06-12 16:00")
    assert older.consumed_minutes == own.consumed_minutes + 120
    assert older.due_at is not None
    assert own.due_at is not None
    assert older.due_at < own.due_at
    undone = read("resolution", [CREATED, here, away], "2026-06-15 12:30")
    assert (undone.started_at, undone.due_at) == (own.started_at, own.due_at)


def test_the_target_keeps_its_start_where_the_source_began_later() -> None:
    here = fact("merged_here", "2026-06-15 11:00", source=1, began_at=None)
    assert read("resolution", [CREATED, here], "2026-06-15 12:30").started_at == at("2026-06-15 09:00")


def test_of_two_merges_the_one_that_stands_counts() -> None:
    one = fact("merged_here", "2026-06-15 10:00", source=1, began_at=at("2026-06-12 10:00").isoformat())
    two = fact("merged_here", "2026-06-15 10:30", source=2, began_at=at("2026-06-12 16:00").isoformat())
    away = fact("unmerged_here", "2026-06-15 11:00", source=1)
    assert read("resolution", [CREATED, one, two], "2026-06-15 12:30").started_at == at("2026-06-12 10:00")
    assert read("resolution", [CREATED, one, two, away], "2026-06-15 12:30").started_at == at("2026-06-12 16:00")

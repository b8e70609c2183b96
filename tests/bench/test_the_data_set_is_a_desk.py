"""What the benchmarks measure is a desk as the verbs would have made it, and the same one each time."""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bench import lives
from bench import place as places
from bench.place import COMMAND, Place

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk() -> Iterator[Place]:
    """Sixty tickets of the benchmark beside the demo company, on a database of its own: twenty lives, three of each."""
    place = places.make("sqlite", None)
    try:
        place.facts = place.run(sys.executable, "-m", "bench.dataset", "--tickets", "60", "--lives", "20")[-1]
        yield place
    finally:
        place.close()


def test_the_integrity_check_finds_nothing(desk: Place) -> None:
    assert desk.run(COMMAND, "check-integrity") == []


def test_every_number_points_at_something(desk: Place) -> None:
    """Foreign keys are not looked at while it is built."""
    with sqlite3.connect(desk.home / "firstline.sqlite3") as lite:
        assert lite.execute("PRAGMA foreign_key_check").fetchall() == []
        assert lite.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'bench_%'").fetchone() == (0,)


def test_an_index_that_was_away_is_there_again(desk: Place) -> None:
    with sqlite3.connect(desk.home / "firstline.sqlite3") as lite:
        indexes = {row[0] for row in lite.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert {"ticket_queue", "ticket_of_requester", "event_of_ticket", "clock_due"} <= indexes


def test_each_copy_has_its_own_numbers_and_letters(desk: Place) -> None:
    with sqlite3.connect(desk.home / "firstline.sqlite3") as lite:
        for number, subject in lite.execute("SELECT id, subject FROM tickets_ticket WHERE subject LIKE '%(%)%'"):
            assert f"({number})" in subject
        for number, mail, raw in lite.execute(
            "SELECT ticket_id, mail_id, raw FROM intake_inbound WHERE source_key LIKE 'bench-%'"
        ):
            assert mail == f"<{number}@bench>"
            assert mail.encode() in raw


def test_the_clocks_are_what_the_history_says(desk: Place) -> None:
    assert desk.run(COMMAND, "sla", "replay", "--all") == []


def test_the_verbs_go_on_where_the_data_set_ends(desk: Place) -> None:
    assert desk.inside("statements")["acceptance"] <= 2
    assert desk.run(COMMAND, "check-integrity") == []


def test_it_is_the_same_on_every_run() -> None:
    first = list(lives.lives(200, NOW, random.Random(20)))
    assert first == list(lives.lives(200, NOW, random.Random(20)))
    assert sum("resolved" not in [step.kind for step in life.steps] for life in first) == 10
    assert all(step.at <= NOW for life in first for step in life.steps)
    assert all(sum(bool(step.words) for step in life.steps) >= 3 for life in first)

"""What an answer's time is made of: its own work, the processor that others had, and the rest."""

from __future__ import annotations

import os

from bench.effort import Waiting, parts_of, queued_of


def test_what_is_neither_work_nor_want_of_a_processor_is_locks_and_disk() -> None:
    parts = parts_of([0.1, 0.3], worked=0.05, queued=0.2)
    assert {name: round(value) for name, value in parts.items()} == {
        "own_ms": 25, "no_processor_ms": 100, "locks_and_disk_ms": 75,
    }  # fmt: skip


def test_work_beside_the_answers_makes_no_part_negative() -> None:
    assert parts_of([0.1], worked=0.2, queued=0.1)["locks_and_disk_ms"] == 0.0
    assert parts_of([], worked=0.0, queued=0.0)["own_ms"] == 0.0


def test_a_living_process_can_be_asked() -> None:
    assert queued_of([os.getpid()]) >= 0.0
    assert set(Waiting(os.getpid()).parts([0.1])) == {"own_ms", "no_processor_ms", "locks_and_disk_ms"}

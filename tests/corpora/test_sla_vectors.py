"""The 61 questions about business time that other people's test suites answer (data README, sla-vectors)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from firstline.calendars.question import answer_line

COUNT = 61

pytestmark = pytest.mark.corpora


def lines(corpora: Path) -> list[str]:
    return (corpora / "sla-vectors" / "vectors.jsonl").read_text(encoding="utf-8").splitlines()


def test_all_vectors_are_here(corpora: Path) -> None:
    assert len(lines(corpora)) == COUNT


@pytest.mark.parametrize("number", range(COUNT))
def test_the_calendar_line_answers_as_the_vector_expects(corpora: Path, number: int) -> None:
    line = lines(corpora)[number]
    question = json.loads(line)

    found = json.loads(answer_line(line))

    assert found["id"] == question["id"]
    if "due" in question["expect"]:
        assert datetime.fromisoformat(found["due"]) == datetime.fromisoformat(question["expect"]["due"])
    else:
        assert found["minutes"] == pytest.approx(question["expect"]["minutes"], abs=1 / 60)

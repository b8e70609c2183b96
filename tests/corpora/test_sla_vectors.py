"""The 61 questions about business time that other people's test suites answer (data README, sla-vectors)."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from firstline.calendars.question import answer_line

CORPORA = Path(os.environ.get("FIRSTLINE_CORPORA", Path(__file__).parents[3] / "shared" / "data"))
VECTORS = CORPORA / "sla-vectors" / "vectors.jsonl"
COUNT = 61

if not VECTORS.exists():
    pytest.skip("the corpora are not here (FIRSTLINE_CORPORA)", allow_module_level=True)

LINES = [line for line in VECTORS.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_all_vectors_are_here() -> None:
    assert len(LINES) == COUNT


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(json.loads(line)["id"]))
def test_the_calendar_line_answers_as_the_vector_expects(line: str) -> None:
    question: dict[str, Any] = json.loads(line)

    found = json.loads(answer_line(line))

    assert found["id"] == question["id"]
    if "due" in question["expect"]:
        assert datetime.fromisoformat(found["due"]) == datetime.fromisoformat(question["expect"]["due"])
    else:
        assert found["minutes"] == pytest.approx(question["expect"]["minutes"], abs=1 / 60)

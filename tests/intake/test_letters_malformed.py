"""A broken letter is still a letter: at least 46 breakages, one by one, and none of them raises (I4)."""

from __future__ import annotations

import json

import pytest

from firstline.intake import inspect_letter
from firstline.intake.reading import letters
from tests.intake.malformed_headers import HEADERS
from tests.intake.malformed_parts import PARTS

MALFORMED = {**HEADERS, **PARTS}


def test_there_are_more_breakages_than_the_research_counted() -> None:
    assert len(MALFORMED) >= 46


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_known_of_a_broken_letter_is_right(name: str) -> None:
    raw, is_right = MALFORMED[name]
    read = letters.read(raw)
    assert is_right(read), read


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["crlf", "cr"])
def test_the_same_broken_letter_is_read_with_other_line_ends(name: str, end: bytes) -> None:
    read = letters.read(MALFORMED[name][0].replace(b"\r\n", b"\n").replace(b"\n", end))
    assert read.from_email == letters.read(MALFORMED[name][0].replace(b"\r\n", b"\n")).from_email


@pytest.mark.parametrize("name", MALFORMED)
def test_a_broken_letter_gives_exactly_one_line_of_json(name: str) -> None:
    line = json.dumps(inspect_letter.line(name, MALFORMED[name][0]))
    assert "\n" not in line
    assert "\\u0000" not in line

"""Real bounces, complaints and absence notes, against what Sisimai says of them (data README: 97 %, 90 %, 85 %)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firstline.intake.reading import letters

pytestmark = pytest.mark.corpora

MACHINES = {"bounce", "feedback-report", "auto-reply"}


def expected(corpora: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(
        (corpora / "sisimai-set-of-emails" / "expected.json").read_text()
    )
    return found


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_machines_are_recognised_and_their_reports_understood(corpora: Path, end: bytes) -> None:
    known = hard = status = 0
    files = expected(corpora)
    for name, records in files.items():
        raw = (corpora / "sisimai-set-of-emails" / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end)
        read = letters.read(raw)
        known += read.auto in MACHINES
        hard += bool(read.bounce and read.bounce.hard) == records[0]["hard_bounce"]
        status += ((read.bounce.status if read.bounce else None) or "") == records[0]["status"]
    assert known / len(files) >= 0.97
    assert hard / len(files) >= 0.90
    assert status / len(files) >= 0.85


def test_line_ends_change_nothing_in_any_report(corpora: Path) -> None:
    for name in expected(corpora):
        raw = (corpora / "sisimai-set-of-emails" / name).read_bytes().replace(b"\r\n", b"\n")
        if b"\r" in raw:
            continue
        first = letters.read(raw)
        for end in (b"\r\n", b"\r"):
            read = letters.read(raw.replace(b"\n", end))
            assert (read.auto, read.bounce) == (first.auto, first.bounce), name


def test_most_reports_name_the_letter_they_are_about(corpora: Path) -> None:
    named = total = 0
    for name in expected(corpora):
        raw = (corpora / "sisimai-set-of-emails" / name).read_bytes()
        body = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n", 1)[-1]
        if b"\nmessage-id: <" in body.lower():
            total += 1
            read = letters.read(raw)
            named += bool(read.bounce and read.bounce.original_message_id)
    assert total > 150
    assert named / total >= 0.95

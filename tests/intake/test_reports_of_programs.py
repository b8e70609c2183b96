"""Reports, receipts and absence notes of the programs that people really use are known as what they are."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from firstline.intake.reading import letters

HEAD = b"To: desk@firstline.example\nDate: Fri, 20 Nov 2026 14:10:00 +0300\nMessage-ID: <report@client.example>\n"


class Report(NamedTuple):
    """A letter, and what it is: ``hard`` and ``status`` only where it is a bounce."""

    name: str
    kind: str | None
    hard: bool
    status: str
    raw: bytes


def _read(block: str) -> Report:
    head, _, raw = block.strip("\n").partition("\n")
    name, kind, hard, status = (piece.strip() for piece in head.split("|"))
    return Report(name, None if kind == "None" else kind, hard == "hard", status, HEAD + raw.encode())


REPORTS = [
    _read(block) for block in (Path(__file__).parent / "reports.txt").read_text(encoding="utf-8").split("\n====\n")
]
BOUNCES = [report for report in REPORTS if report.kind == "bounce"]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_the_kind_of_a_letter_is_known(report: Report) -> None:
    assert letters.read(report.raw).auto == report.kind


@pytest.mark.parametrize("report", BOUNCES, ids=lambda report: report.name)
def test_a_report_says_whether_to_try_again_and_why(report: Report) -> None:
    bounce = letters.read(report.raw).bounce
    assert bounce is not None
    assert (bounce.hard, bounce.status) == (report.hard, report.status), bounce.reason


@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["crlf", "cr"])
def test_line_ends_change_nothing(end: bytes) -> None:
    for report in REPORTS:
        first, other = letters.read(report.raw), letters.read(report.raw.replace(b"\n", end))
        assert (other.auto, other.bounce) == (first.auto, first.bounce), report.name


def test_the_recipient_is_named_wherever_the_report_names_one() -> None:
    silent = {"gmail inactive"}
    for report in BOUNCES:
        if report.name in silent or b"ivan" not in report.raw:
            continue
        bounce = letters.read(report.raw).bounce
        assert bounce is not None
        assert bounce.recipient is not None, report.name


def test_our_letter_is_named_wherever_its_headers_come_back() -> None:
    named = [report for report in BOUNCES if b"<out-" in report.raw]
    assert len(named) >= 5
    for report in named:
        bounce = letters.read(report.raw).bounce
        assert bounce is not None
        assert (bounce.original_message_id or "").startswith("<out-"), report.name

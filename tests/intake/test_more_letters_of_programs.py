"""Answers, pages and reports as programs of other houses write them, each a letter of its own.

In the files a line that begins with ``+`` is the writer's own, ``.`` is everything else, ``<`` is HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import NamedTuple

import pytest

from firstline.intake.reading import letters, replies
from firstline.intake.reading.addresses import Address
from firstline.lib import html

HERE = Path(__file__).parent
HEAD = b"To: desk@firstline.example\nDate: Fri, 20 Nov 2026 14:10:00 +0300\nMessage-ID: <report@client.example>\n"


class Answer(NamedTuple):
    """A letter and what its writer added."""

    name: str
    sender: Address
    subject: str
    text: str
    page: str
    own: str


def answers(file: str) -> Iterator[Answer]:
    for block in re.split(r"(?m)^# ", (HERE / file).read_text(encoding="utf-8"))[1:]:
        head, _, body = block.partition("\n")
        name, sender, subject = (piece.strip() for piece in head.split(" | "))
        lines = body.rstrip("\n").split("\n")
        yield Answer(
            name,
            Address(*parseaddr(sender)),
            subject,
            "\n".join(line[1:] for line in lines if line[:1] in "+."),
            "\n".join(line[1:] for line in lines if line[:1] == "<"),
            "\n".join(line[1:] for line in lines if line[:1] == "+"),
        )


def fold(text: str) -> str:
    return " ".join(text.split())


ANSWERS = [
    answer
    for file in (
        "more_replies.txt",
        "more_pages.txt",
        "replies_by_client.txt",
        "replies_of_the_east.txt",
        "pages_of_the_east.txt",
    )
    for answer in answers(file)
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_only_what_the_writer_added_is_left(answer: Answer) -> None:
    tree = html.tidied(answer.page) if answer.page else None
    text = html.text(answer.page) if answer.page else answer.text
    assert fold(replies.strip(text, tree, answer.subject, answer.sender).text) == fold(answer.own)


class Report(NamedTuple):
    """A machine's letter, and what it is; ``hard`` only where it is a bounce."""

    name: str
    kind: str | None
    hard: bool
    raw: bytes


def reports(file: str) -> Iterator[Report]:
    for block in (HERE / file).read_text(encoding="utf-8").strip("\n").split("\n====\n"):
        head, _, raw = block.partition("\n")
        name, kind, hard = (piece.strip() for piece in head.split("|"))
        yield Report(name, None if kind == "None" else kind, hard == "hard", HEAD + raw.encode())


REPORTS = [
    report
    for file in ("more_reports.txt", "reports_by_server.txt", "machines_of_the_east.txt")
    for report in reports(file)
]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_machines_letter_is_known_and_says_whether_to_try_again(report: Report) -> None:
    letter = letters.read(report.raw)
    assert letter.auto == report.kind
    if report.kind == "bounce":
        assert letter.bounce is not None
        assert letter.bounce.hard == report.hard, letter.bounce
        assert letter.bounce.recipient

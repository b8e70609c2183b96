"""Reasons and flags of the intake, and refusals of values, in the person's words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from firstline.intake import inspect_letter
from firstline.intake.reading import letters
from firstline.lib import html
from firstline.tickets.refusals import WrongValue
from firstline.web import defect_words, intake_words, refusals


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("its sender cannot be read: no-from", "Its sender cannot be read (no sender is written)"),
        ("its content cannot be read", "Its content cannot be read"),
        ("the same bytes as intake 17", "The same bytes came before, as no. 17"),
        ("follows up #1042", "It follows up #1042"),
        ("reading it went over a limit (memory)", "Reading it took too much time or memory"),
        ("reading it failed: ValueError: x", "It is built so that it could not be read"),
        ("cannot be registered: subject: empty", "It could be read, but no ticket can be made of it as it is"),
        ("registering it failed 2 times: KeyError", "It could be read, but making a ticket of it failed"),
        ("5.1.1 userunknown", "A letter of ours was not delivered (5.1.1, there is no such address)"),
        ("no status mailboxfull", "A letter of ours was not delivered (the mailbox is full)"),
        ("5.0.0 undefined", "A letter of ours was not delivered (5.0.0)"),
        ("5.1.1 User unknown", "A letter of ours was not delivered (5.1.1 User unknown)"),
        ("no status ", "A letter of ours was not delivered"),
        ("something new", "something new"),
        ("", ""),
    ],
)
def test_a_reason_is_said_in_words_and_never_hidden(written: str, said: str) -> None:
    assert intake_words.reason(written) == said


def test_defects_of_a_letter_are_one_flag_with_its_detail() -> None:
    assert intake_words.flags(["empty", "claims #7", "no-date", "base64-damaged", "charset-guessed"]) == [
        ("no text", ""),
        ("names #7, where its sender takes no part", ""),
        ("not everything could be read", "a part is damaged, its alphabet was guessed"),
    ]
    assert intake_words.flags(["encrypted-smime", "base64-damaged"]) == [
        ("encrypted (S/MIME)", "a part is encrypted with S/MIME: only the owner of the key can open it"),
        ("not everything could be read", "a part is damaged"),
    ]
    assert intake_words.flags(["no-date", "no-message-id"]) == [], "who reads it misses nothing"


def test_every_defect_of_the_reader_has_words_of_its_own() -> None:
    folder = Path(letters.__file__).parent
    read = [folder / f"{name}.py" for name in ("content", "closed", "mime", "headers", "letters")]
    source = "".join(file.read_text() for file in (*read, Path(inspect_letter.__file__), Path(html.__file__)))
    said = r"(?:note\((?:out, )?|defects\.append\(|return (?:body|plain), |reason = |return )"
    noted = re.findall(said + r'f?"([a-z0-9-]+)', source)
    codes = {code for code in noted if "-" in code} | {"no-from", "from-unreadable", "no-date", "date-unreadable"}
    assert len(codes) > 15
    assert codes - set(defect_words.DEFECTS) == set()


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("empty", "Something has to stand here."),
        ("1 to 1440", "A whole number from 1 to 1440."),
        ("one of remote, phone", "There is no such thing: choose one of the list."),
        ("at most 25 MB a file", "At most 25 MB a file."),
        ("longer than 300 characters", "At most 300 characters."),
        ("who knows", "who knows"),
    ],
)
def test_a_wrong_value_is_said_in_words(problem: str, said: str) -> None:
    assert refusals.problem_in_words(WrongValue("x", problem)) == said

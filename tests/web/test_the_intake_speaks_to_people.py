"""Reasons and flags of the intake, and refusals of values, in the person's words."""

from __future__ import annotations

import pytest
from django.utils import translation

from firstline.tickets.refusals import WrongValue
from firstline.web import intake_words, refusals


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("its sender cannot be read: no-from", "Its sender cannot be read (no-from)"),
        ("its content cannot be read", "Its content cannot be read"),
        ("the same bytes as intake 17", "The same bytes came before, as no. 17"),
        ("follows up #1042", "It follows up #1042"),
        ("something new", "something new"),
        ("", ""),
    ],
)
def test_a_reason_is_said_in_words_and_never_hidden(written: str, said: str) -> None:
    assert intake_words.reason(written) == said


def test_defects_of_a_letter_are_one_flag_with_its_detail() -> None:
    assert intake_words.flags(["empty", "claims #7", "no-date", "charset-guessed"]) == [
        ("no text", ""),
        ("names #7, where its sender takes no part", ""),
        ("not everything could be read", "no-date, charset-guessed"),
    ]


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

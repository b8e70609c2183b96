"""The outbox names every kind of letter in words, and knows no kind that is never written."""

from __future__ import annotations

from firstline.notices import wording
from firstline.web.agent import outbox


def test_the_outbox_has_words_for_exactly_the_letters_that_are_written() -> None:
    assert set(outbox.KINDS) == set(wording.LETTERS)

"""How many segments a text message takes, and how it is shortened to fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.lib import sms_text

LINK = "https://desk.example/s/1042.0123456789abcdef/"


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("я" * 70, 1), ("я" * 71, 2), ("я" * 134, 2), ("я" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2),
        ("a" * 152 + "€" + "a" * 152, 3), ("a" * 160 + "я", 3),
    ],
)  # fmt: skip
def test_segments(text: str, segments: int) -> None:
    assert sms_text.segments(text) == segments


def test_what_is_too_long_is_cut_at_a_word_and_keeps_its_link() -> None:
    made = sms_text.fitted("Заявка решена. " * 40, LINK, 3)
    assert made.endswith(f"…\n{LINK}")
    assert sms_text.segments(made) <= 3
    assert sms_text.segments(made) == 3
    assert "Заявка реш…" not in made


def test_quotes_and_dashes_do_not_double_what_it_costs() -> None:
    assert sms_text.fitted("It’s “done” – at last…", "", 1) == 'It\'s "done" - at last...'
    assert "«" in sms_text.fitted("Заявка «решена»", "", 1)


@given(st.text(max_size=700), st.sampled_from(["", LINK]), st.integers(1, 6))
def test_it_always_fits_and_the_link_is_always_whole(words: str, link: str, most: int) -> None:
    made = sms_text.fitted(words, link, most)
    assert sms_text.segments(made) <= most
    assert made.endswith(link)

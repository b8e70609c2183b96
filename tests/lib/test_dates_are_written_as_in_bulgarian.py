"""Dates on the screens and in the letters are Bulgarian ones, not English ones with Bulgarian words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import formats, translation

AT = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("DATE_FORMAT", "20 ноември 2026 г."),
        ("DATETIME_FORMAT", "20 ноември 2026 г., 14:05"),
        ("SHORT_DATETIME_FORMAT", "20.11.2026, 14:05"),
        ("MONTH_DAY_FORMAT", "20 ноември"),
        ("D d.m.Y H:i", "пт 20.11.2026 14:05"),
    ],
)
def test_a_bulgarian_date_has_its_order_and_a_small_letter(pattern: str, written: str) -> None:
    with translation.override("bg"):
        assert formats.date_format(AT, pattern) == written


def test_the_other_languages_keep_theirs() -> None:
    with translation.override("ru"):
        assert formats.date_format(AT, "DATETIME_FORMAT") == "20 ноября 2026 г. 14:05"

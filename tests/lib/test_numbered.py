"""A number is understood however people write it."""

from __future__ import annotations

import pytest

from firstline.lib import numbered


@pytest.mark.parametrize(
    ("typed", "number", "is_marked"),
    [("1042", 1042, False), (" 1042 ", 1042, False), ("#1042", 1042, True), ("# 1042", 1042, True),
     ("№ 1042", 1042, True), ("№\u00a01042", 1042, True), ("№1042", 1042, True), ("No. 1042", 1042, True),
     ("no 1042", 1042, True)],
)  # fmt: skip
def test_a_number_with_and_without_its_mark(typed: str, number: int, is_marked: bool) -> None:
    assert numbered.read(typed) == (number, is_marked)
    assert numbered.bare(typed) == str(number)


@pytest.mark.parametrize("typed", ["", "#", "№", "нет", "1042 1043", "١٠٤٢", "1042abc", "no1042", "1" * 16])
def test_what_is_no_number(typed: str) -> None:
    assert numbered.read(typed) is None

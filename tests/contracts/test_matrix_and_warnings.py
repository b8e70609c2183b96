"""The page's matrix and its words for warning points lose nothing on the way there and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.contracts import matrix, warning_words
from firstline.contracts.terms_shape import TOLD, canonical, warning_problems

SHARES = st.integers(1, 9999).map(lambda n: f"{n / 10000:.4f}".rstrip("0"))
WARNINGS = st.lists(
    st.fixed_dictionaries({"share": SHARES, "tell": st.sets(st.sampled_from(TOLD)).map(sorted)}),
    max_size=4, unique_by=lambda one: one["share"],
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {"metric": st.sampled_from(matrix.METRICS), "minutes": st.integers(1, 10**6)},
    optional={
        "priority": st.sampled_from([1, 2, 3, 4]), "type": st.sampled_from(["incident", "order"]),
        "service": st.sampled_from(["mail", "pos"]), "calendar": st.sampled_from(["office", "always"]),
        "goal": st.sampled_from(["95", "99.5"]), "warnings": WARNINGS,
    },
)  # fmt: skip


def name(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["metric"], row.get("priority"), row.get("type"), row.get("service")


@given(st.lists(ROWS, max_size=12, unique_by=name))
def test_targets_are_the_same_after_the_matrix(rows: list[dict[str, Any]]) -> None:
    assert canonical({"target": matrix.rows(matrix.lines(rows))}) == canonical({"target": rows})


@given(WARNINGS, st.sampled_from(["ru", "bg", "en"]))
def test_warning_points_read_back_as_they_were_written(warnings: list[dict[str, Any]], language: str) -> None:
    read = warning_words.read(warning_words.written(warnings, language))
    assert canonical({"warnings": read}) == canonical({"warnings": warnings})
    assert warning_problems(read) == []


@pytest.mark.parametrize(
    "typed", ["скоро", "80 % начальник", "0 % ответственный", "180 %", "80 % ответственный руководитель"]
)
def test_what_is_no_warning_point_is_refused(typed: str) -> None:
    with pytest.raises(warning_words.NoWarning):
        warning_words.read(typed)


def test_the_row_that_wins_is_found() -> None:
    rows = [
        {"metric": "resolution", "minutes": 480}, {"metric": "resolution", "minutes": 240, "priority": 1},
        {"metric": "resolution", "minutes": 120, "service": "pos"},
    ]  # fmt: skip
    winners = [
        matrix.winner(rows, metric="resolution", priority=priority, type="incident", service=service)
        for priority, service in ((1, "pos"), (1, "mail"), (2, ""))
    ]
    assert winners == [rows[2], rows[1], rows[0]]
    assert matrix.winner(rows, metric="update", priority=1, type="incident", service="") is None

"""Which days a version really holds on, and what is different between two: pure rules."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from firstline.contracts.differences import Change, between
from firstline.contracts.validity import Holds, Span, gap_after, gap_before, holding, overlap

JAN, MAR, JUN, JUL, DEC = (date(2026, *day) for day in ((1, 1), (3, 31), (6, 30), (7, 1), (12, 31)))
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


def test_a_version_holds_until_the_next_one_begins() -> None:
    assert holding([Span(1, JAN, DEC), Span(2, JUL)]) == {1: Holds(1, JAN, JUN, by=2), 2: Holds(2, JUL, None)}


def test_a_correction_from_the_same_day_leaves_the_corrected_one_no_day() -> None:
    assert holding([Span(1, JAN), Span(2, JAN)]) == {1: Holds(1, None, None, by=2), 2: Holds(2, JAN, None)}


def test_gaps_and_overlaps_are_found() -> None:
    later = Span(2, JUL)
    assert gap_before(later, [Span(1, JAN, MAR)]) == (date(2026, 4, 1), JUN)
    assert gap_before(later, [Span(1, JAN, JUN)]) is None
    assert gap_before(later, []) is None
    assert gap_after(Span(1, JAN, MAR), [later]) == (date(2026, 4, 1), JUN)
    assert overlap([Span(1, JAN, JUL), later]) == (Span(1, JAN, JUL), later)
    assert overlap([Span(1, JAN), later]) is None, "without an end it holds until the next one begins"


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 60)), min_size=1, max_size=6), DAYS)
def test_at_most_one_version_holds_on_a_day_and_it_is_the_last_that_began(
    given_spans: list[tuple[date, int | None]], day: date
) -> None:
    spans = [
        Span(number, since, None if length is None else since + timedelta(days=length))
        for number, (since, length) in enumerate(given_spans, start=1)
    ]
    holds = [
        one.number
        for one in holding(spans).values()
        if one.since is not None and one.since <= day and (one.to is None or day <= one.to)
    ]
    begun = [span for span in spans if span.since <= day]
    last = max(begun, key=lambda span: (span.since, span.number), default=None)
    expected = [last.number] if last is not None and (last.to is None or day <= last.to) else []
    assert holds == expected


TERMS = {
    "calendar": "office", "services": ["mail"], "monthly_fee": "100", "currency": "EUR",
    "target": [{"metric": "first_response", "minutes": 30, "priority": 1}, {"metric": "resolution", "minutes": 480}],
    "duty": [{"slug": "access", "side": "client", "name": "Доступ"}],
}  # fmt: skip


def test_the_same_terms_have_no_difference_however_they_are_written() -> None:
    again = {
        **TERMS, "monthly_fee": "100.00", "vendor_pauses": False, "excluded": [], "target": [
            {"minutes": 480, "metric": "resolution", "service": None},
            {"metric": "first_response", "priority": 1, "minutes": 30, "type": ""},
        ],
        "warnings": [{"share": "0.80", "tell": ["assignee"]}],
    }  # fmt: skip
    assert between(TERMS, again) == []


def test_each_difference_is_named() -> None:
    now = {
        **TERMS, "monthly_fee": "120", "services": ["mail", "network"],
        "target": [{"metric": "first_response", "minutes": 15, "priority": 1}, {"metric": "update", "minutes": 60}],
        "duty": [],
    }  # fmt: skip
    changes = between(TERMS, now)
    assert [(one.table, one.key, one.was, one.now) for one in changes if not one.table] == [
        ("", "services", [], ["network"]), ("", "monthly_fee", "100", "120"),
    ]  # fmt: skip
    targets = [one for one in changes if one.table == "target"]
    first, gone, new = targets
    assert (first.key, first.was, first.now, first.of["priority"]) == ("minutes", 30, 15, 1)
    assert (gone.is_gone, gone.of["metric"]) == (True, "resolution")
    assert (new.is_new, new.of["metric"]) == (True, "update")
    assert [one for one in changes if one.table == "duty"] == [
        Change("duty", "", {"slug": "access", "side": "client", "name": "Доступ"}, None, TERMS["duty"][0])
    ]

"""Of the targets that fit a ticket the most specific one holds, in an order that is written down."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from firstline.contracts.targets import Target, doubles, most_specific

TICKET: dict[str, Any] = {"metric": "resolution", "priority": 1, "type": "incident", "service": "mail"}

# From the least to the most specific, all fitting TICKET.
LADDER = [
    Target("resolution", 100),
    Target("resolution", 90, priority=1),
    Target("resolution", 80, type="incident"),
    Target("resolution", 70, service="mail"),
    Target("resolution", 60, priority=1, type="incident"),
    Target("resolution", 50, priority=1, service="mail"),
    Target("resolution", 40, type="incident", service="mail"),
    Target("resolution", 30, priority=1, type="incident", service="mail"),
]


@pytest.mark.parametrize("steps", range(1, len(LADDER) + 1))
def test_each_step_of_the_ladder_wins_over_those_below_whatever_its_minutes(steps: int) -> None:
    below = LADDER[:steps]
    turned = [Target(t.metric, 1000 - t.minutes, t.priority, t.type, t.service) for t in below]

    assert most_specific(below, **TICKET) == below[-1]
    assert most_specific(reversed(turned), **TICKET) == turned[-1]


@pytest.mark.parametrize(
    "other",
    [
        {"metric": "first_response"},
        {"priority": 2},
        {"priority": None},
        {"type": "question"},
        {"service": None},
        {"service": "print"},
    ],
)
def test_a_target_that_names_what_the_ticket_has_not_does_not_fit(other: dict[str, Any]) -> None:
    assert most_specific([LADDER[-1]], **{**TICKET, **other}) is None


def test_nothing_promised_is_no_target() -> None:
    assert most_specific([], **TICKET) is None


def test_of_two_for_the_very_same_the_stricter_one_is_kept_in_any_order() -> None:
    twins = [Target("resolution", minutes, priority=1) for minutes in (240, 60, 120)]

    assert {most_specific(order, **TICKET) for order in permutations(twins)} == {twins[1]}


def test_targets_for_the_very_same_are_found_before_a_ticket_is() -> None:
    first, again = Target("resolution", 60, priority=1), Target("resolution", 90, priority=1, calendar="round")
    other = Target("first_response", 60, priority=1)

    assert doubles([first, other, again]) == [again]
    assert doubles([first, other]) == []


def test_the_calendar_of_a_target_comes_with_it() -> None:
    by_night = Target("resolution", 60, priority=1, calendar="round-the-clock")

    found = most_specific([LADDER[0], by_night], **TICKET)

    assert found is not None
    assert found.calendar == "round-the-clock"

"""Strategies: who is asked, in which order, and why nobody is."""

from __future__ import annotations

import pytest

from firstline.lines import strategies
from firstline.lines.strategies import Candidate, Order, Wish


def test_in_turn_asks_him_first_who_was_given_something_longest_ago() -> None:
    people = [Candidate(1, last=30), Candidate(2, last=10), Candidate(3, last=20, weight=0)]
    assert strategies.in_order(people, Wish("round_robin")).people == (2, 3, 1)


def test_work_weighs_by_priority_and_what_waits_weighs_a_quarter() -> None:
    assert strategies.weight_of([(1, "new", 1)]) == strategies.weight_of([(4, "in_progress", 8)])
    assert strategies.weight_of([(3, "waiting_for_client", 4)]) == strategies.weight_of([(3, "new", 1)])


def test_the_least_loaded_is_asked_first() -> None:
    people = [Candidate(1, weight=8, count=1), Candidate(2, weight=2, count=2)]
    assert strategies.in_order(people, Wish("least_loaded")).people == (2, 1)


def test_who_knows_just_enough_comes_before_who_knows_most() -> None:
    people = [
        Candidate(1, skills={"pos": 3}),
        Candidate(2, skills={"pos": 2}, weight=9),
        Candidate(3, skills={"pos": 1}),
    ]
    assert strategies.in_order(people, Wish("skill", "pos", 2)).people == (2, 1)


def test_whom_the_requester_knows_comes_first_if_he_may_take_it() -> None:
    people = [Candidate(1), Candidate(2, weight=9), Candidate(3, is_here=False)]
    asked = strategies.in_order(people, Wish("least_loaded", known=(3, 2)))
    assert asked.people == (2, 1)
    assert asked.is_known


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ([], strategies.NOBODY),
        ([Candidate(1, is_here=False)], strategies.ABSENT),
        ([Candidate(1, sees=False), Candidate(2, is_here=False)], strategies.UNSEEN),
        ([Candidate(1, skills={"pos": 1})], strategies.UNSKILLED),
        ([Candidate(1, skills={"pos": 2}, most=0)], strategies.FULL),
        ([Candidate(1, skills={"pos": 2}, most=3, count=3)], strategies.FULL),
    ],
)
def test_why_nobody_gets_it_is_said(people: list[Candidate], why: str) -> None:
    assert strategies.in_order(people, Wish("skill", "pos", 2)) == Order(why_nobody=why)

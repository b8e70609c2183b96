"""Whose turn it is: the people who may take a ticket, in the order in which a strategy asks them. Pure.

Open work weighs by its priority and by who has the next move: what waits for somebody else weighs a quarter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

OF_PRIORITY = {1: 8, 2: 4, 3: 2, 4: 1}
OF_WAITING = 0.25
WAITING = frozenset({"waiting_for_client", "waiting_for_vendor", "on_hold"})
# Why nobody gets it, the first that is true of everybody who is left.
NOBODY, ABSENT, UNSEEN, UNSKILLED, FULL = "nobody", "absent", "unseen", "unskilled", "full"


@dataclass(frozen=True)
class Candidate:
    """`last`: the number of the event by which he was given something last. `most`: his cap, None for none."""

    person: int
    is_here: bool = True
    sees: bool = True
    count: int = 0
    weight: float = 0.0
    most: int | None = None
    last: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What is asked: by which strategy, for which skill from which level, and whom the requester knows already."""

    strategy: str
    skill: str = ""
    level: int = 1
    known: tuple[int, ...] = ()


@dataclass(frozen=True)
class Order:
    """Who is asked, first to last; where there is nobody, why. `is_known`: the first is whom the requester knows."""

    people: tuple[int, ...] = ()
    why_nobody: str = ""
    is_known: bool = False


def weight_of(work: Iterable[tuple[int, str, int]]) -> float:
    """How much (priority, status, how many) weighs."""
    return sum(
        OF_PRIORITY.get(priority, 1) * (OF_WAITING if status in WAITING else 1.0) * count
        for priority, status, count in work
    )


def in_order(candidates: Sequence[Candidate], wish: Wish) -> Order:
    left: Sequence[Candidate] = candidates
    if not left:
        return Order(why_nobody=NOBODY)
    for why, stays in (
        (ABSENT, [one for one in left if one.is_here]),
        (UNSEEN, [one for one in left if one.is_here and one.sees]),
        (UNSKILLED, [one for one in left if one.is_here and one.sees and _knows(one, wish)]),
        (FULL, [one for one in left if one.is_here and one.sees and _knows(one, wish) and _has_room(one)]),
    ):
        if not stays:
            return Order(why_nobody=why)
        left = stays
    asked = sorted(left, key=lambda one: _rank(one, wish))
    known = [one for person in wish.known for one in asked if one.person == person]
    return Order(
        tuple(dict.fromkeys(one.person for one in (*known, *asked))), is_known=bool(known)
    )  # fmt: skip


def _has_room(one: Candidate) -> bool:
    return one.most is None or one.count < one.most


def _knows(one: Candidate, wish: Wish) -> bool:
    return not wish.skill or one.skills.get(wish.skill, 0) >= wish.level


def _rank(one: Candidate, wish: Wish) -> tuple[float, ...]:
    if wish.strategy == "round_robin":
        return (one.last, one.person)
    if wish.strategy == "skill":
        # Who knows just enough goes first: the best are kept for what only they can do.
        return (one.skills.get(wish.skill, 0), one.weight, one.last, one.person)
    return (one.weight, one.last, one.person)

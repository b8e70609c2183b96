"""One deed on many things: each in its own transaction, and what became of each is said. One stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 200  # more in one request would take longer than anybody waits


@dataclass(frozen=True)
class Many(Generic[T]):
    """Which things were done (as they are now), and which could not be, with why."""

    done: list[T] = field(default_factory=list)
    refused: list[tuple[str, Exception]] = field(default_factory=list)


def each(
    numbers: Iterable[str], deed: Callable[[str], T], *, troubles: tuple[type[Exception], ...], most: int = MOST
) -> Many[T]:
    """Does the deed for each number once, in the given order; only `troubles` are expected, all else is raised."""
    made: Many[T] = Many()
    for number in list(dict.fromkeys(numbers))[:most]:
        try:
            made.done.append(deed(number))
        except troubles as trouble:
            made.refused.append((number, trouble))
    return made

"""A form of the administration as a list of fields: each knows its words, its value and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = str | Promise
PROBLEMS: dict[str, Words] = {
    "empty": gettext_lazy("Something has to stand here."),
    "too long": gettext_lazy("That is too long."),
    "no address": gettext_lazy("This is not a mail address."),
    "taken": gettext_lazy("Somebody else has this already."),
    "unknown": gettext_lazy("Choose one from the list."),
    "no short name": gettext_lazy("Latin letters, digits and hyphens, at most 60."),
    "no domain": gettext_lazy("One of these is not a mail domain such as firm.example."),
    "too many": gettext_lazy("These are too many."),
    "last administrator": gettext_lazy("This is the last administrator: make another one first."),
    "yourself": gettext_lazy("Nobody deactivates himself: ask another administrator."),
    "not active": gettext_lazy("He cannot sign in now, so no link helps him."),
    "merged": gettext_lazy("This record was merged into another one and stays closed."),
    "not of the desk": gettext_lazy("Only people of the desk are in a team."),
    "people of a client cannot be in the reserve": gettext_lazy("People of a client cannot be in the reserve."),
}


@dataclass(frozen=True)
class Field:
    """`how`: text, email, tel, select, several, flag, long; `options`: (value, words) of those to choose from."""

    name: str
    label: Words
    value: str = ""
    how: str = "text"
    options: Sequence[tuple[str, str]] = ()
    chosen: frozenset[str] = frozenset()
    hint: Words = ""
    problem: Words = ""
    most: int = 200
    required: bool = False
    wide: bool = False


def in_words(problems: Iterable[tuple[str, str]]) -> dict[str, Words]:
    """The first problem of each field, as it is said to people."""
    said: dict[str, Words] = {}
    for name, problem in problems:
        said.setdefault(name, PROBLEMS.get(problem, problem))
    return said


def lines_of(typed: str) -> tuple[str, ...]:
    """What was typed one a line, or with commas between."""
    return tuple(one.strip() for one in typed.replace(",", "\n").replace(";", "\n").splitlines() if one.strip())

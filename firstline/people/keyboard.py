"""The keys of the desk (ui.md §9), and how somebody arranges them for himself.

A key has one name wherever it works; whoever moves it moves it everywhere. `arranged` refuses what would leave two
deeds of one page on one key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

EVERYWHERE, LIST, TICKET, INBOX, QUARANTINE = "everywhere", "list", "ticket", "inbox", "quarantine"
KEYS: dict[str, tuple[str, ...]] = {
    EVERYWHERE: (
        "mod+k", "/", "?", "c", "g q", "g m", "g h", "g e", "g i", "g k", "g b", "g r", "g a", "g w", "g v", "g u",
        "g c", "g s", "g z", "[", "alt+t", "z", "shift+n", "escape",
    ),
    LIST: (
        "j", "k", "enter", "space", "x", "shift+j", "shift+k", "mod+a", "a", "shift+a", "e", "s", "p", "l", "#", "w",
        "m", "shift+m", "shift+r", "f", "v", "shift+v",
    ),
    TICKET: (
        "r", "n", "t", "a", "shift+a", "e", "shift+r", "w", "m", "shift+m", "s", "p", "y", "u", "l", "#", "shift+c",
        "shift+h", "j", "k", ".", "shift+.", "1", "2", "3", "4", "5", "mod+enter", "mod+shift+enter",
    ),
    INBOX: ("j", "k", "enter", "i", "shift+i"),
    QUARANTINE: ("j", "k", "enter", "x", "mod+a", "t", "r", "a", "s", "i"),
}  # fmt: skip
_FIXED = re.compile(r"mod\+|enter$|escape$|space$|[1-5]$")
_KEY = r"(?:alt\+)?(?:shift\+)?[a-z0-9./,;'\[\]#?\\=-]"
_CHOSEN = re.compile(rf"{_KEY}(?: [a-z])?")
LONGEST = 12


class WrongKey(Exception):
    """A wish that cannot be: `key` was to be moved, `problem` is "unknown", "no key" or "taken" (`by` has it)."""

    def __init__(self, key: str, problem: str, by: str = "") -> None:
        super().__init__(f"{key}: {problem}")
        self.key, self.problem, self.by = key, problem, by


def may_move(key: str) -> bool:
    """What browsers and fields need as it is stays where it is."""
    return not _FIXED.match(key)


def movable() -> list[str]:
    """Each key once, in the order in which it is shown."""
    return [key for key in dict.fromkeys(key for keys in KEYS.values() for key in keys) if may_move(key)]


def arranged(wishes: Mapping[str, str]) -> dict[str, str]:
    """What of the wishes differs from what is usual; an empty wish switches a key off. Raises WrongKey."""
    known = set(movable())
    kept: dict[str, str] = {}
    for key, wish in wishes.items():
        chosen = " ".join(wish.lower().split())
        if key not in known:
            raise WrongKey(key, "unknown")
        if chosen and (len(chosen) > LONGEST or not _CHOSEN.fullmatch(chosen)):
            raise WrongKey(key, "no key")
        if chosen != key:
            kept[key] = chosen
    for place in KEYS:
        _demand_apart({key: kept.get(key, key) for key in (*KEYS[EVERYWHERE], *KEYS[place])}, kept)
    return kept


def _demand_apart(keys: Mapping[str, str], moved: Mapping[str, str]) -> None:
    for one, other in combinations(keys, 2):
        first, second = keys[one], keys[other]
        if first and second and (first == second or _begins(first, second) or _begins(second, first)):
            key, by = (one, other) if one in moved else (other, one)
            raise WrongKey(key, "taken", by)


def _begins(short: str, long: str) -> bool:
    """The first key of two is no deed by itself."""
    return long.startswith(f"{short} ")

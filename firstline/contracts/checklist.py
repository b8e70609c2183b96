"""The checklist of a service: what is to be done on each of its tickets. Pure.

It is a text by language, one item a line; "! " at its beginning makes an item one without which the ticket is not
solved. The same line of every language is the same item: its key comes of the words in the language that has most
items, so that a line moved elsewhere keeps its tick, and one that is written anew in all of them is another one. Which
language that is may change as translations come; `still` finds the item again by the words of any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firstline.lib.language import CODES, picked

GATE = "!"
MOST, LONGEST = 40, 200


@dataclass(frozen=True)
class Item:
    """One thing to do; `gates`: the ticket is not solved before it is ticked."""

    key: str
    words: dict[str, str]
    gates: bool

    def label(self, language: str | None = None) -> str:
        return picked(self.words, next(iter(self.words.values()), ""), language)


def items_of(texts: Mapping[str, str]) -> list[Item]:
    """In their order; a line said twice is said once."""
    lines = {code: lines_of(texts[code]) for code in CODES if texts.get(code)}
    if not lines:
        return []
    first = max(lines, key=lambda code: len({_words(line) for line in lines[code]}))
    made: dict[str, Item] = {}
    for place, line in enumerate(lines[first]):
        words = {code: _words(one[place]) for code, one in lines.items() if place < len(one)}
        key = _key(_words(line))
        made.setdefault(
            key, Item(key, words, any(one[place : place + 1] and _gates(one[place]) for one in lines.values()))
        )
    return list(made.values())


def still(items: Sequence[Item], key: str, words: Mapping[str, str]) -> Item | None:
    """Which of today's items it is that once had this key and these words; None where none or several may be meant."""
    said = {key, *(_key(one) for one in words.values())}
    found = (
        [item for item in items if item.key == key]
        or [item for item in items if item.key in said]
        or [item for item in items if any(_key(one) in said for one in item.words.values())]
    )
    return found[0] if len(found) == 1 else None


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if _words(line)]


def problem_of(texts: Mapping[str, str]) -> str:
    """What is wrong with it as a whole, "" where nothing is."""
    lines = [line for text in texts.values() for line in lines_of(text)]
    if any(len(lines_of(text)) > MOST for text in texts.values()):
        return f"at most {MOST} items"
    return f"an item is longer than {LONGEST} characters" if any(len(line) > LONGEST for line in lines) else ""


def _key(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _gates(line: str) -> bool:
    return line.strip().startswith(GATE)


def _words(line: str) -> str:
    return " ".join(line.strip().removeprefix(GATE).split())

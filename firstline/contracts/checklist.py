"""The checklist of a service: what is to be done on each of its tickets. Pure.

It is a text by language, one item a line; "! " at its beginning makes an item one without which the ticket is not
solved. The same line of every language is the same item: its key comes of the words in the language that has most
items, so that a line moved elsewhere keeps its tick, and one that is written anew is another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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
    first = max(lines, key=lambda code: len(lines[code]))
    made: dict[str, Item] = {}
    for place, line in enumerate(lines[first]):
        words = {code: _words(one[place]) for code, one in lines.items() if place < len(one)}
        key = hashlib.sha256(_words(line).encode()).hexdigest()[:12]
        made.setdefault(
            key, Item(key, words, any(one[place : place + 1] and _gates(one[place]) for one in lines.values()))
        )
    return list(made.values())


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if _words(line)]


def problem_of(texts: Mapping[str, str]) -> str:
    """What is wrong with it as a whole, "" where nothing is."""
    lines = [line for text in texts.values() for line in lines_of(text)]
    if any(len(lines_of(text)) > MOST for text in texts.values()):
        return f"at most {MOST} items"
    return f"an item is longer than {LONGEST} characters" if any(len(line) > LONGEST for line in lines) else ""


def _gates(line: str) -> bool:
    return line.strip().startswith(GATE)


def _words(line: str) -> str:
    return " ".join(line.strip().removeprefix(GATE).split())

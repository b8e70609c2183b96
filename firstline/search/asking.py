"""What somebody typed, read as a question: words, filters (`status:open`), words that must not be there, a number.

Filters are understood in all three languages; what is no filter of ours is a word like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from firstline.lib import numbered
from firstline.search.question import ALL, Group, Question
from firstline.search.words import Piece, composed, folded, pieces

LONGEST, MOST_WORDS = 300, 10
_SHORTEST_BEGINNING = 2
_FILTER = re.compile(r'(?<!\S)([^\W\d_]+):("[^"]*"|\S+)')
_UNWANTED = re.compile(r"(?<!\S)-(?=[^\W_])(\S+)")
FILTERS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "статус", "состояние"),
    "client": ("client", "клиент"),
    "assignee": ("assignee", "исполнитель", "изпълнител"),
    "line": ("line", "линия", "ниво"),
    "priority": ("priority", "приоритет"),
    "team": ("team", "команда", "екип"),
    "from": ("from", "requester", "от", "заявитель", "заявител"),
    "in": ("in", "где", "в"),
}
NAMES = {word: name for name, words in FILTERS.items() for word in words}


@dataclass(frozen=True)
class Asked:
    """A question as it was read; `text` is what is left without the filters."""

    text: str
    words: tuple[Piece, ...] = ()
    unwanted: tuple[Piece, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None
    beginning: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.filters and self.number is None

    @property
    def terms(self) -> frozenset[str]:
        """Everything that is marked where it is found."""
        return frozenset[str]().union(*(word.terms for word in self.words))

    def question(
        self, fields: tuple[str, ...] = ALL, facts: tuple[frozenset[str], ...] = (), *, some: bool = False
    ) -> Question:
        """Every word in one of the fields; with `some`, one is enough."""
        groups = [Group(word.terms) for word in self.words]
        if groups and self.beginning:
            groups[-1] = replace(groups[-1], beginning=self.beginning)
        unwanted = tuple(Group(word.terms) for word in self.unwanted)
        return Question(tuple(groups), fields, facts, unwanted, some)

    def unbroken(self, fields: tuple[str, ...] = ALL, facts: tuple[frozenset[str], ...] = ()) -> Question | None:
        """Codes, addresses and numbers as a whole: what has them so stands first."""
        wholes = sorted({word.whole for word in self.words if word.whole})
        if not wholes:
            return None
        rest = [Group(word.terms) for word in self.words if not word.whole]
        return Question((*(Group(frozenset({whole})) for whole in wholes), *rest), fields, facts)


def read(typed: str, *, growing: bool = False) -> Asked:
    """`growing`: it is still being typed, so that the last word may be the beginning of one."""
    text = composed(typed.replace("\x00", " "))[:LONGEST]
    filters: dict[str, str] = {}

    def taken(found: re.Match[str]) -> str:
        name = NAMES.get(folded(found[1]))
        if name is None:
            return found[0]
        filters.setdefault(name, found[2].strip('"'))
        return " "

    text = _FILTER.sub(taken, text)
    unwanted = " ".join(_UNWANTED.findall(text))
    text = " ".join(_UNWANTED.sub(" ", text).split())
    words = words_of(text)
    last = text.split()[-1] if text else ""
    beginning = ""
    if growing and words and len(last) >= _SHORTEST_BEGINNING and not typed.endswith((" ", ":")):
        beginning = words[-1].text if folded(last).endswith(words[-1].text) else ""
    number = numbered.read(text)
    return Asked(text, words, words_of(unwanted), filters, number[0] if number else None, beginning)


def words_of(text: str) -> tuple[Piece, ...]:
    """The pieces that are asked for: a telephone number instead of its parts."""
    found = list(pieces(text))
    spans = [(piece.start, piece.end) for piece in found if piece.whole.startswith("tel")]
    kept = [
        piece
        for piece in found
        if piece.whole.startswith("tel") or not any(start <= piece.start < end for start, end in spans)
    ]
    return tuple(sorted(kept, key=lambda piece: piece.start))[:MOST_WORDS]

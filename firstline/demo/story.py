"""The stories of the full demo company, and what their words become when one of them is told. Pure.

A story is what happens again and again at an outsourcer's: how people ask (`asks`: subject, words), what is said and
done then (`talk`, a line each), how it is solved (`done`). A line begins with what it is:

    > to the client    < by the client     # a note            ! a call: what was said
    ^2 symptom | tried | reason: handed over to line 2          v why it is sent back
    ? what the client is asked for          ~ hours | until when it is held
    @ vendor | subject | words              @< what the vendor answers
    + why a colleague is asked in           = how it is solved (and then it comes back)
    x why the desk cancels it               X why the client does

Words may hold [this/or that], {he|she} by who speaks, {a} (the Russian ending of a woman) and the facts of the telling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

MARKS = (">", "<", "#", "!", "^", "v", "?", "~", "@<", "@", "+", "=", "x", "X")
MEN_IN_A = frozenset({"Никита", "Илья", "Никола", "Сава"})
_CHOICE = re.compile(r"\[([^\[\]]*/[^\[\]]*)\]")
_GENDER = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_FACT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Line:
    mark: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """`who`: one client's alone. `road`: one channel's alone. `pace`: how much slower than usual. `when`: "last month",
    "now", or anywhere. `twin`: the same, told by a colleague, to be merged. `children`: those whom it hit too."""

    number: int
    language: str
    about: str
    asks: tuple[tuple[str, str], ...]
    talk: tuple[Line, ...] = ()
    done: tuple[str, ...] = ()
    who: str = ""
    road: str = ""
    kind: str = "incident"
    impact: str = "medium"
    urgency: str = "medium"
    article: str = ""
    thing: str = ""
    file: str = ""
    pace: float = 1
    when: str = ""
    visit: bool = False
    twin: tuple[str, str] | None = None
    children: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voice:
    """Somebody who speaks: his name decides the endings."""

    name: str

    @property
    def is_she(self) -> bool:
        first = self.name.split()[0]
        return first[-1] in "ая" and first not in MEN_IN_A


@dataclass(frozen=True)
class Setting:
    """Where and with whom a story is told."""

    rng: Random
    facts: Mapping[str, str] = field(default_factory=dict)

    def words(self, text: str, voice: Voice) -> str:
        """The words as this person says them now."""
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda found: self.rng.choice(found[1].split("/")), text)
        text = text.replace("{a}", "{|а}")
        text = _GENDER.sub(lambda found: found[2] if voice.is_she else found[1], text)
        return _FACT.sub(lambda found: self.facts[found[1]], text)


def read(rows: Sequence[Mapping[str, Any]], language: str, first: int) -> list[Story]:
    """The stories of one file, numbered from `first`."""
    return [_read(row, language, first + place) for place, row in enumerate(rows)]


def _read(row: Mapping[str, Any], language: str, number: int) -> Story:
    told: dict[str, Any] = {**row, "number": number, "language": row.get("language", language)}
    told["talk"] = tuple(line_of(line) for line in row.get("talk", "").strip().splitlines() if line.strip())
    told["asks"] = tuple((ask[0], ask[1]) for ask in row["asks"])
    told["children"] = tuple((ask[0], ask[1]) for ask in row.get("children", ()))
    told["done"] = tuple(row.get("done", ()))
    told["tags"] = tuple(row.get("tags", ()))
    if "twin" in row:
        told["twin"] = (row["twin"][0], row["twin"][1])
    return Story(**told)


def line_of(text: str) -> Line:
    """One line of a talk. Raises ValueError."""
    mark = next((one for one in MARKS if text.startswith(one)), None)
    if mark is None:
        raise ValueError(f"no mark: {text}")
    words = text[len(mark) :].strip()
    return Line(mark, tuple(part.strip() for part in words.split("|")) if mark in "^~@" else (words,))


def dear(name: str, language: str) -> str:
    """How one is addressed at work: by name in Russian and English, by family name in Bulgarian."""
    first, *rest = name.split()
    if language != "bg" or not rest:
        return first
    return f"{'г-жо' if Voice(name).is_she else 'г-н'} {rest[-1]}"

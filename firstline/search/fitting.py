"""Whether what somebody types names a thing that has names: a deed, a section, a client. The beginnings of words are
enough, in any of its names, and as the same keys type them in another layout."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firstline.search.layouts import retyped
from firstline.search.words import folded

_WORD = re.compile(r"[^\W_]+")


def fits(typed: str, names: Iterable[str]) -> bool:
    """Every word that was typed begins a word of one of the names; nothing typed fits everything."""
    known = [_WORD.findall(folded(name)) for name in names]
    return any(_begins(_WORD.findall(folded(text)), words) for text in _spellings(typed) for words in known)


def _spellings(typed: str) -> list[str]:
    small = typed.lower().strip()
    return [small, *(other for other in retyped(small) if _WORD.search(other))]


def _begins(asked: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in asked)

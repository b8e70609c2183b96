"""A number as people write it: 1042, #1042, № 1042, No. 1042."""

from __future__ import annotations

import re

_MARKED = re.compile(r"\s*(?P<mark>#|№|[Nn][Oo](?:\.|\s))?\s*(?P<number>[0-9]{1,15})\s*")
_MARK = re.compile(r"^\s*(?:#|№|[Nn][Oo](?:\.|\s))\s*")


def bare(typed: str) -> str:
    """What was typed, without the mark before the number and blanks around it."""
    return _MARK.sub("", typed).strip()


def read(typed: str) -> tuple[int, bool] | None:
    """The number, and whether a mark says that it is one; None where something else was typed."""
    found = _MARKED.fullmatch(typed)
    return None if found is None else (int(found["number"]), found["mark"] is not None)

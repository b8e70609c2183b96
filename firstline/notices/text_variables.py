"""Texts of letters that a house writes itself: `{number}` and the like are replaced, nothing else is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_VARIABLE = re.compile(r"\{([a-z_]{1,20})\}")
_BRACE = re.compile(r"[{}]")


def problems(text: str, known: Sequence[str]) -> list[str]:
    """What in the text is no variable: names that are not known, and braces that are none."""
    unknown = [f"{{{name}}}" for name in dict.fromkeys(_VARIABLE.findall(text)) if name not in known]
    rest = _VARIABLE.sub("", text)
    return unknown + [text[max(0, at - 10) : at + 11] for at in _stray(text)] if _BRACE.search(rest) else unknown


def filled(text: str, values: Mapping[str, str]) -> str:
    """With the values in their places, once: what stands in a value is never read as a variable."""
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), text)


def _stray(text: str) -> list[int]:
    inside = {at for found in _VARIABLE.finditer(text) for at in range(found.start(), found.end())}
    return [found.start() for found in _BRACE.finditer(text) if found.start() not in inside][:3]

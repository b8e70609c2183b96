"""What the rows of an exported file have in common: what says nothing is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]


def said(**values: Any) -> Row:
    """Those that say something: an empty text, list or table, false and nothing at all are what a file means by
    leaving the key out."""
    return {key: one for key, one in values.items() if one not in (None, "", [], {}, (), False)}


def texts(name: str, names: Mapping[str, str]) -> str | dict[str, str]:
    """A name as the file writes it: by language where it has several."""
    return dict(names) if names else name


def slug_of(one: Any) -> str:
    return str(one.slug) if one is not None else ""

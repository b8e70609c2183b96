"""The three languages, and picking the right word of a name that has one for each."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = (("ru", "Русский"), ("bg", "Български"), ("en", "English"))
CODES = tuple(code for code, _ in LANGUAGES)


def picked(names: Mapping[str, str], default: str, language: str | None) -> str:
    """The name in `language` (`ru-ru` counts as `ru`), else the default."""
    return names.get((language or "")[:2], "") or default

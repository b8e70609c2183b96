"""The three languages, and picking the right word of a name that has one for each."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = (("ru", "Русский"), ("bg", "Български"), ("en", "English"))
CODES = tuple(code for code, _ in LANGUAGES)


def picked(names: Mapping[str, str], default: str, language: str | None) -> str:
    """The name in `language` (`ru-ru` counts as `ru`), else the default."""
    return names.get((language or "")[:2], "") or default


def named(value: str | Mapping[str, str], language: str) -> tuple[str, dict[str, str]]:
    """The default name and the names of a text, or of a table of texts by language; `language` is the desk's own."""
    if isinstance(value, str):
        return value, {}
    return value.get(language) or next(iter(value.values()), ""), dict(value)


def filled(names: Mapping[str, str]) -> dict[str, str]:
    """The texts that say something, without the blanks around them."""
    return {code: text.strip() for code, text in names.items() if text.strip()}


def kept(name: str, names: Mapping[str, str], language: str) -> dict[str, str]:
    """The texts of a thing that has this name and these names: one that is none of them is in the desk's own language;
    the opposite of `named`."""
    return dict(names) if not name or name in names.values() else {language: name, **names}

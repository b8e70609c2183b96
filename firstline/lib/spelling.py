"""A word whatever its case, for databases whose LIKE knows the case of Latin letters only (SQLite)."""

from __future__ import annotations


def spellings(word: str) -> list[str]:
    """As typed, in small letters, in capitals, with a capital first; each once."""
    return sorted({word, word.lower(), word.upper(), word.capitalize()})

"""simplemma's dictionaries as tries in files that every process maps: eleven megabytes, shared, for ru, bg and en.

Loaded as they come they cost 200 MB in each process. The files are made once (half a minute) beside the libraries, or
in the data folder where that place cannot be written to.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import marisa_trie
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.dictionary_factory import DecodedStrMapping, DefaultDictionaryFactory

LANGUAGES = ("ru", "bg", "en")
MODULE = "firstline.search.dictionaries"  # by its name: run as a script it would be called __main__
VERSION = f"simplemma-{version('simplemma')}"


class _Trie(DecodedStrMapping):
    """One language, looked up in its mapped file."""

    __slots__ = ("_trie",)

    def __init__(self, file: Path) -> None:
        self._trie = marisa_trie.BytesTrie()
        self._trie.mmap(str(file))

    def _lookup(self, key: str) -> str | None:
        found = self._trie.get(key)
        return found[0].decode() if found else None

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._trie.keys())

    def __len__(self) -> int:
        return len(self._trie)


class _Mapped:
    """What simplemma asks for a dictionary."""

    __slots__ = ()

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        return _trie(lang)


@cache
def _trie(language: str) -> _Trie:
    return _Trie(files()[language])


@cache
def _strategy() -> DefaultStrategy:
    return DefaultStrategy(dictionary_factory=_Mapped())


def lemma(word: str, language: str) -> str | None:
    """The dictionary form of a word, or None where the language does not know it."""
    return _strategy().get_lemma(word, language)


def knows(word: str) -> bool:
    """Whether any of the languages has exactly this form."""
    return any(word in _trie(language) for language in LANGUAGES)


def files() -> dict[str, Path]:
    """The files, made if need be: by a process of its own, so that what they are made of is forgotten with it."""
    for folder in _places():
        found = {language: folder / f"{VERSION}-{language}.trie" for language in LANGUAGES}
        if all(file.exists() for file in found.values()):
            return found
    folder = next((place for place in _places() if _is_writable(place)), _places()[-1])
    subprocess.run([sys.executable, "-m", MODULE, str(folder)], check=True)
    return {language: folder / f"{VERSION}-{language}.trie" for language in LANGUAGES}


def make(folder: Path) -> None:
    """Writes the files; several processes may do so at once, the last one wins."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        words = DefaultDictionaryFactory().get_dictionary(language)
        trie = marisa_trie.BytesTrie((word, words[word].encode()) for word in words)
        made = folder / f"{VERSION}-{language}.trie"
        fresh = made.with_suffix(f".{os.getpid()}")
        trie.save(str(fresh))
        fresh.replace(made)


def _places() -> tuple[Path, Path]:
    home = Path(os.environ.get("FIRSTLINE_HOME", "var"))
    return Path(sys.prefix) / "share" / "firstline", home / "dictionaries"


def _is_writable(folder: Path) -> bool:
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make(Path(sys.argv[1]))
    else:
        files()

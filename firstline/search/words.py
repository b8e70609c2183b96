"""Words as they are looked for: one normaliser for what is indexed and for what is asked.

A word of letters becomes the stems of its dictionary forms, Russian first and Bulgarian first, so that each finds the
other ("принтерът" and "принтеры" are both "принтер"). What has digits or signs in it (an error code, an address, a
file) is kept whole beside its parts; a telephone number is its last nine digits, however it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from firstline.search import dictionaries

LONGEST_WORD, LONGEST_WHOLE = 40, 80
_ROUND = re.compile(r"\w+(?:[.@:/+\\\-]+\w+)*")
_PART = re.compile(r"[^\W_]+")
_TELEPHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d ().\-]{7,20}\d(?!\w)")
_CYRILLIC = re.compile(r"[а-я]")
_TELEPHONE_DIGITS = range(9, 16)
_TELEPHONE_END = 9
# Letters that look alike: in a code nobody knows which were typed ("Е15", "1С").
_LOOKS = str.maketrans("авекмнорстух", "abekmhopctyx")
# As a Bulgarian article stands at the end of a word that no dictionary knows; the longest first.
_ARTICLES = (
    "ищата", "овете", "ията", "ъът", "ият", "ите", "ата", "ята", "ото", "ето", "ът", "ят", "та", "то", "те",
)  # fmt: skip
_COMMON_WORDS = """
    и в во на не ни но а с со к ко о об от до по за из у же ли бы то это как что для при или он она они его её мне мы вы
    се си да ще е са съм при със във към но ли че ме ми ти го им ги този това тази или за от на по до
    the a an of to in on at is are was be it and or not for with from by as that this i we you my
"""
COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True)
class Piece:
    """A piece of a text, from `start` to `end`; any one of `terms` stands for it. `whole` is it unbroken, if it is more
    than a word."""

    start: int
    end: int
    text: str
    terms: frozenset[str]
    whole: str = ""


def folded(text: str) -> str:
    """Small letters in their usual form, ё as е; as long as the text was, so that places in it stay."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return small.replace("ё", "е")


def composed(text: str) -> str:
    """Letters and their marks as one ("й" may come as two)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=100_000)
def terms_of(word: str) -> frozenset[str]:
    """What stands for a folded word of letters or digits; nothing for the commonest words."""
    if word in COMMON or len(word) > LONGEST_WORD:
        return frozenset()
    if any(letter.isdigit() for letter in word):
        return frozenset({word.translate(_LOOKS)})
    if _CYRILLIC.search(word):
        stems = {_stem(_russian_first(word)), _stem(_bulgarian_first(word))}
        # Its own stem, too: dictionaries have slips ("сканер" is "сканнер" in one).
        return frozenset(stems if word.endswith(_ARTICLES) else {*stems, _stem(word)})
    return frozenset({folded(dictionaries.lemma(word, "en") or word)})


def pieces(text: str) -> Iterator[Piece]:
    """Everything in a composed text that can be looked for, in order; telephone numbers beside their digits."""
    low = folded(text)
    yield from _telephones(low)
    for found in _ROUND.finditer(low):
        yield from _of_one(found[0], found.start())


def _telephones(low: str) -> Iterator[Piece]:
    for found in _TELEPHONE.finditer(low):
        digits = re.sub(r"\D", "", found[0])
        if len(digits) in _TELEPHONE_DIGITS:
            number = f"tel{digits[-_TELEPHONE_END:]}"
            yield Piece(found.start(), found.end(), found[0], frozenset({number}), number)


def _of_one(written: str, start: int) -> Iterator[Piece]:
    parts = list(_PART.finditer(written))
    whole = whole_of(written)
    extra = frozenset({whole, *({_joined(written)} if "-" in written else ())}) if whole else frozenset[str]()
    owned = [(part, terms_of(part[0])) for part in parts]
    nothing = not any(own for _part, own in owned)
    for part, own in owned:
        if own or (extra and nothing):
            yield Piece(start + part.start(), start + part.end(), part[0], own | extra, whole)


def whole_of(written: str) -> str:
    """A code, an address or a name with signs in it, unbroken; empty for a plain word."""
    if len(written) > LONGEST_WHOLE or written.isalpha():
        return ""
    return written.translate(_LOOKS) if any(letter.isdigit() for letter in written) else written


def all_terms(text: str, most: int = 20_000) -> set[str]:
    """Every term of a text: those of `pieces`, each written word looked at once however often it stands there."""
    low = folded(composed(text))
    found = {piece.whole for piece in _telephones(low)}
    for written in dict.fromkeys(_ROUND.findall(low)):
        found |= _terms_as_written(written)
        if len(found) > most:
            break
    return found


@lru_cache(maxsize=50_000)
def _terms_as_written(written: str) -> frozenset[str]:
    return frozenset[str]().union(*(piece.terms for piece in _of_one(written, 0)))


def plain_words(text: str, shortest: int = 4) -> set[str]:
    """The words of letters as they are written: what a mistyped word is compared with."""
    return {
        word
        for word in _PART.findall(folded(composed(text)))
        if shortest <= len(word) <= LONGEST_WORD and word.isalpha() and word not in COMMON
    }


def _joined(written: str) -> str:
    return "".join(_PART.findall(written))


def _russian_first(word: str) -> str:
    return dictionaries.lemma(word, "ru") or _known(word, "bg") or _without_article(word)


def _bulgarian_first(word: str) -> str:
    return _known(word, "bg") or dictionaries.lemma(word, "ru") or _without_article(word)


def _known(word: str, language: str) -> str | None:
    """A rule may give a word back as it is, article and all: that says nothing."""
    found = dictionaries.lemma(word, language)
    return None if found == word and word.endswith(_ARTICLES) else found


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        if word.endswith(article) and len(word) - len(article) >= 3:
            return word[: -len(article)]
    return word


def _stem(word: str) -> str:
    small = folded(word).split("-(")[0]
    stem: str = _RUSSIAN.stemWord(small)
    return stem


_RUSSIAN = snowballstemmer.stemmer("russian")

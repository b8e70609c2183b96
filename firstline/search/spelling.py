"""Mistyped words: those of the desk's own words that are written almost alike."""

from __future__ import annotations

from rapidfuzz.distance import DamerauLevenshtein

from firstline.search import dictionaries
from firstline.search.models import Word

SHORTEST = 4
MOST = 5
_LONG = 6  # from here on two letters may be wrong


def unheard_of(words: set[str]) -> set[str]:
    """Those that neither a dictionary knows nor anybody wrote here; short ones and codes are not judged. One statement
    at most. Only to spare questions that would find nothing."""
    judged = {word for word in words if len(word) >= SHORTEST and word.isalpha() and not dictionaries.knows(word)}
    return judged - set(Word.objects.filter(word__in=judged).values_list("word", flat=True)) if judged else set()


def alike(word: str, most: int = MOST) -> list[str]:
    """Words within one letter, or two for longer words, the nearest first; not the word itself.

    They come from everybody's words: whoever shows one must see to it that it stands in what the person may read.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return []
    wrong = 2 if len(word) >= _LONG else 1
    firsts = {word[0], word[1]}  # the first two may have changed places
    near = Word.objects.filter(first__in=firsts, length__gte=len(word) - wrong, length__lte=len(word) + wrong)
    found = []
    for other in near.values_list("word", flat=True):
        distance = DamerauLevenshtein.distance(word, other, score_cutoff=wrong)
        if 0 < distance <= wrong:
            found.append((distance, abs(len(other) - len(word)), other))
    return [other for _distance, _longer, other in sorted(found)[:most]]

"""Addresses of articles from their titles, Cyrillic in Latin letters: a link that can be read aloud. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
LONGEST = 80


def of(title: str) -> str:
    """`ne-pechataet-printer`, at most 80 characters; `article` where no letter is left."""
    latin = "".join(_LETTERS.get(letter, letter) for letter in title.lower())
    return _NOT_IN_A_SLUG.sub("-", latin).strip("-")[:LONGEST].strip("-") or "article"


def free(title: str, is_taken: Callable[[str], bool]) -> str:
    """The slug of the title, with the first number behind it that makes it free."""
    wanted = of(title)
    slug, number = wanted, 1
    while is_taken(slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug

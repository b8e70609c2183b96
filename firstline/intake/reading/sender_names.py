"""The sender's own name where it stands below a letter, in whichever alphabet. Pure."""

import re

_WORDS = re.compile(r"[^\W\d_]{3,}")


def occur(text: str, tokens: frozenset[str]) -> bool:
    """Whether the line is the sender's name (perhaps with a title or an address), not a sentence in which it occurs."""
    words = _WORDS.findall(text.replace("#", " "))
    sentence = sum(
        1 for word in re.findall(r"(?<![\w@.])[^\W\d_]{2,}(?![\w@])", text.split("@")[0]) if word[0].islower()
    )
    return any(folded(word) in tokens for word in words) and sentence <= 1


def tokens(name: str, email: str) -> frozenset[str]:
    return frozenset(folded(word) for word in _WORDS.findall(f"{name} {email.split('@')[0]}"))


_LATIN = str.maketrans("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыэюя", "abvggdeeezziiiiklmnoprstufhccssaieua", "ь")
_ALIKE = (
    *(("zh", "z"), ("sh", "s"), ("ch", "c"), ("kh", "h"), ("ts", "c"), ("y", "i"), ("j", "i"), ("w", "v"), ("ii", "i")),
    *(("iu", "u"), ("ia", "a"), ("ie", "e"), ("x", "ks")),
)


def folded(word: str) -> str:
    """A name as it is alike in both alphabets: "Dimitrov" is "Димитров", roughly."""
    latin = word.lower().translate(_LATIN)
    for pair, single in _ALIKE:
        latin = latin.replace(pair, single)
    return latin

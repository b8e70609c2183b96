"""Display names that pretend: a name of ours over another's address, an address inside a name, a domain that looks
like one we know.

Only signs are found here; what follows from them is decided where the letter is registered. Who shares a name with
somebody of the desk is no criminal: he is only shown with his address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NAME_OF_OURS = "name-of-the-desk"
ADDRESS_IN_NAME = "address-in-name"
LOOKS_LIKE = "looks-like"
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Sign:
    """What pretends: a kind, and whose name, which address or which domain it plays."""

    kind: str
    plays: str


# Letters that eyes take for a Latin one, by the Latin one.
_TWINS = {
    "a": "аα", "b": "вьβ", "c": "сϲ", "d": "ԁ", "e": "еёє", "h": "һнη", "i": "іıι", "j": "јϳ", "k": "кκ", "l": "ӏ",
    "m": "мμ", "n": "пո", "o": "оοσ0", "p": "рρ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υս", "v": "ѵν", "w": "ԝω",
    "x": "хχ", "y": "уүγ", "l1": "1",
}  # fmt: skip
_TWIN_OF = {ord(twin): latin[0] for latin, twins in _TWINS.items() for twin in twins}
_PAIRS = (("rn", "m"), ("vv", "w"))
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "і": "i", "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
_SPELLINGS = (
    ("shch", "sht"), ("kh", "h"), ("ya", "ia"), ("yu", "iu"), ("yo", "e"), ("ye", "e"), ("y", "i"), ("j", "i"),
    ("ii", "i"),
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@«»„“”']{1,64}@([^\s<>()\[\],;:\"@«»„“”'/]{1,253}\.[^\W_]{2,63})")


def signs(
    name: str,
    email: str,
    *,
    names: Iterable[str] = (),
    addresses: Iterable[str] = (),
    domains: Iterable[str] = (),
) -> list[Sign]:
    """What pretends in a sender's name and address. `names` and `addresses` are the desk's, `domains` those of the desk
    and its clients."""
    name = " ".join(name[:LONGEST_NAME].split())
    found: list[Sign] = []
    ours = {address.lower() for address in addresses}
    for inside in _ADDRESS.finditer(name):
        if inside[0].lower() != email.lower():
            found.append(Sign(ADDRESS_IN_NAME, inside[0]))
            break
    if email.lower() not in ours and (played := _whose_name(name, names)):
        found.append(Sign(NAME_OF_OURS, played))
    if like := _lookalike(email.rpartition("@")[2].lower(), domains):
        found.append(Sign(LOOKS_LIKE, like))
    return found


def _whose_name(name: str, names: Iterable[str]) -> str:
    """The name of the desk that this one plays, however it is spelled."""
    looks, sounds = _looks(name), _sounds(name)
    if not looks:
        return ""
    for one in names:
        if (known := _looks(one)) and (known <= looks or _sounds(one) <= sounds):
            return one
    return ""


def _looks(name: str) -> frozenset[str]:
    """Its words as eyes see them, in any order. A single word is nobody's name."""
    words = frozenset(skeleton(word) for word in _WORD.findall(_folded(name)))
    return words if len(words) > 1 else frozenset()


def _sounds(name: str) -> frozenset[str]:
    """Its words in Latin letters: "Olga Smirnova" is the name of Ольга Смирнова too."""
    return frozenset(_spelled(word) for word in _WORD.findall(_folded(name)))


def _spelled(word: str) -> str:
    latin = "".join(_LATIN.get(letter, letter) for letter in word)
    for written, one in _SPELLINGS:
        latin = latin.replace(written, one)
    return latin


def _lookalike(domain: str, domains: Iterable[str]) -> str:
    """The known domain that this one is taken for at a glance; "" for a known one and for an honest other."""
    known = {one.lower() for one in domains}
    if domain in known or any(domain.endswith(f".{one}") for one in known):
        return ""
    seen = skeleton(_shown(domain)).replace("-", "")
    return next((one for one in sorted(known) if skeleton(one).replace("-", "") == seen), "")


def _shown(domain: str) -> str:
    """With its letters instead of "xn--"."""
    labels = []
    for label in domain.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


def skeleton(text: str) -> str:
    """Equal for texts that look the same."""
    looks = _folded(text).translate(_TWIN_OF)
    for pair, one in _PAIRS:
        looks = looks.replace(pair, one)
    return looks


def _folded(text: str) -> str:
    """Small letters without what is not seen: accents, joiners, marks of direction."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")

"""What fits into a text message: which alphabet it needs, how many segments it takes, and how it is shortened. Pure.

A message in the GSM 7-bit alphabet (3GPP TS 23.038) has 160 characters, or 153 in each segment of several; one that
needs another character is UCS-2 and has 70, or 67. A character outside of the basic plane counts as two there.
"""

from __future__ import annotations

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_TWICE = frozenset("^{}\\[~]|€\f")  # of the extension table: an escape before each
ONE_GSM7, MORE_GSM7 = 160, 153
ONE_UCS2, MORE_UCS2 = 70, 67
ELLIPSIS = "…"
# Typographic characters for which the small alphabet has a plain one: they must not double what a message costs.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})


def is_gsm7(text: str) -> bool:
    """Whether every character is of the small alphabet."""
    return all(one in GSM7 or one in GSM7_TWICE for one in text)


def segments(text: str) -> int:
    """How many messages a gateway sends and bills for it; an empty one is one."""
    if is_gsm7(text):
        return _pieces([2 if one in GSM7_TWICE else 1 for one in text], ONE_GSM7, MORE_GSM7)
    return _pieces([2 if ord(one) > 0xFFFF else 1 for one in text], ONE_UCS2, MORE_UCS2)


def plain(text: str) -> str:
    """The same words with plain quotes and dashes, where these alone would ask for the large alphabet."""
    simple = text.translate(_PLAIN).replace(ELLIPSIS, "...")
    return simple if is_gsm7(simple) else text


def fitted(words: str, tail: str, most: int) -> str:
    """`words`, then `tail` on a line of its own, in at most `most` segments: the words are shortened, the tail (a
    link) never. Where the tail alone is too long it goes alone."""
    words = "\n".join(" ".join(line.split()) for line in words.strip().splitlines() if line.strip())
    whole = plain(_joined(words, tail))
    if segments(whole) <= most:
        return whole
    fits, too_long = 0, len(words)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if segments(plain(_joined(words[:middle].rstrip() + ELLIPSIS, tail))) <= most:
            fits = middle
        else:
            too_long = middle
    return plain(_joined(_at_a_word(words[:fits]) + ELLIPSIS, tail)) if fits else tail


def _joined(words: str, tail: str) -> str:
    return f"{words}\n{tail}" if words and tail else words or tail


def _at_a_word(cut: str) -> str:
    """Not in the middle of a word, where that costs little."""
    before, space, rest = cut.rpartition(" ")
    return before.rstrip(" ,;:") if space and len(rest) < 20 else cut


def _pieces(sizes: list[int], alone: int, each: int) -> int:
    """A character is never divided between two segments."""
    if sum(sizes) <= alone:
        return 1
    pieces, room = 1, each
    for size in sizes:
        if size > room:
            pieces, room = pieces + 1, each
        room -= size
    return pieces

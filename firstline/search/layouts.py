"""Words typed with the wrong keyboard layout: Russian, the two Bulgarian ones, and Latin, either way."""

from __future__ import annotations

from collections.abc import Iterator

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю."
_BDS = "`,уеишщксдзц;ьяаогжтвнмчюйъэфхпрлб"
_PHONETIC = "чявертъуиопшщасдфгхйкл;'зьцжбнм,./"
_TABLES = tuple(
    table
    for cyrillic in (_RUSSIAN, _PHONETIC, _BDS)
    for table in (
        {ord(a): b for a, b in zip(_LATIN, cyrillic, strict=True)},
        {ord(b): a for a, b in zip(_LATIN, cyrillic, strict=True)},
    )
) + tuple(
    {ord(a): b for a, b in zip(wrong, right, strict=True)}
    for wrong, right in ((_RUSSIAN, _BDS), (_BDS, _RUSSIAN), (_RUSSIAN, _PHONETIC), (_PHONETIC, _RUSSIAN))
)


def retyped(text: str) -> Iterator[str]:
    """What the same keys give with other layouts; only what reads as words, each once."""
    seen = {text}
    for table in _TABLES:
        other = text.translate(table)
        if other not in seen and any(letter.isalpha() for letter in other):
            seen.add(other)
            yield other

"""In which language a letter is written: enough for a rule, by letters and the smallest words. Pure.

A short or mixed text names none: a rule that asks for a language then does not hold.
"""

from __future__ import annotations

import re
from collections import Counter

LOOKED_AT = 4_000
FEWEST_LETTERS = 12
_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS: dict[str, frozenset[str]] = {
    "ru": _words("и в не на что с как это по но мы вы у из за от для здравствуйте добрый день пожалуйста уже"),
    "bg": _words("и в не на че с как това по но ние вие от за до да се е са ще си здравейте добър ден моля вече"),
    "uk": _words("і в не на що з як це по але ми ви у із за від для добрий день будь ласка вже та й"),
    "en": _words("the and to of in is it you that for on with we are this hello please have not can our"),
    "de": _words("der die das und ist nicht mit ein eine wir sie ich für auf von zu den hallo bitte"),
}
# A letter that only one of them has.
_LETTERS: dict[str, str] = {"ru": "ыэё", "uk": "іїєґ", "de": "äöüß"}
_CYRILLIC = frozenset({"ru", "bg", "uk"})
# What a text in another of these languages does not have: small words that no neighbour shares, and signs within words.
_ONLY_HERE: dict[str, re.Pattern[str]] = {
    "ru": re.compile(
        r"[ыэё]|\b(?:что|это|эта|этот|мы|вы|нас|вас|мне|меня|нет|есть|только|или|если|уже|когда|очень|работает|"
        r"здравствуйте|добрый|пожалуйста|спасибо)\b"
    ),
    # In Russian ъ stands only before е, ё, ю, я.
    "bg": re.compile(
        r"ъ(?![еёюя])|\b(?:е|са|се|ще|си|че|съм|сме|ние|вие|ми|има|няма|може|моля|това|този|тази|който|която|което|"
        r"които|вече|сега|когато|защото|здравейте|благодаря|благодарим|поздрави|работи)\b"
    ),
    "uk": re.compile(r"[іїєґ]|\b(?:що|це|як|або|є|чи|немає|дякую|будь|працює)\b"),
    "en": re.compile(r"\b(?:the|and|to|of|is|it|you|that|for|with|we|are|this|hello|please|have|not|can|our|my|hi)\b"),
    "de": re.compile(r"[äöüß]|\b(?:der|die|das|und|ist|nicht|mit|ein|eine|wir|sie|ich|auf|von|zu|den|hallo|bitte)\b"),
}
CLEARLY = 2  # how many more signs of its own a language needs before it is taken for another than the usual one


def guessed(text: str) -> str:
    """`ru`, `bg`, `uk`, `en`, `de`, or empty."""
    sample = text[:LOOKED_AT].lower()
    letters = [one for one in sample if one.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return ""
    cyrillic = sum("\u0400" <= one <= "\u04ff" for one in letters) * 2 > len(letters)
    words = Counter(_WORD.findall(sample))
    scores: dict[str, float] = {}
    for language, small in _WORDS.items():
        if (language in _CYRILLIC) is not cyrillic:
            continue
        own = sum(sample.count(letter) for letter in _LETTERS.get(language, ""))
        scores[language] = sum(words[word] for word in small) + own
    if cyrillic and not any(letter in sample for letter in "ыэёіїєґ"):
        scores["bg"] += sample.count("ъ") + 0.5  # a Russian text of any length has ы or э
    best = max(scores, key=lambda language: scores[language])
    rivals = [language for language in scores if scores[language] == scores[best]]
    return best if scores[best] > 0 and rivals == [best] else ""


def written_in(text: str, usual: str) -> str:
    """The language in which a text clearly is; `usual` where it may be that one, or says too little."""
    sample = text[:LOOKED_AT].lower()
    letters = [one for one in sample if one.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return usual
    cyrillic = sum("\u0400" <= one <= "\u04ff" for one in letters) * 2 > len(letters)
    signs = {
        language: len(pattern.findall(sample)) if (language in _CYRILLIC) is cyrillic else 0
        for language, pattern in _ONLY_HERE.items()
    }
    best = max(signs, key=lambda language: signs[language])
    return best if signs[best] >= signs.get(usual, 0) + CLEARLY else usual

"""In which character set do these bytes read as words? Statistics for text that came without, or with a wrong,
declaration.
"""

import math
import re

from charset_normalizer import from_bytes

CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859_5", "mac_cyrillic", "koi8-u", "cp1125")
_RARE_SET = {"mac_cyrillic": 0.1, "iso8859_5": 0.3, "cp866": 0.2, "cp1125": 0.2}
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 20_000

# Share of each letter in Russian text in per cent (corpus figures), with room for the letters of its neighbours.
_FREQUENCY = """
о 10.9 е 8.4 а 8.0 и 7.3 н 6.7 т 6.2 с 5.4 р 4.7 в 4.5 л 4.4 к 3.5 м 3.2 д 3.0 п 2.8 у 2.6 я 2.0 ы 1.9 ь 1.7 г 1.7 з 1.6
б 1.6 ч 1.4 й 1.2 х 1.0 ж 0.9 ш 0.7 ю 0.6 ц 0.5 щ 0.4 э 0.4 ф 0.4 ъ 0.8 ё 0.3 і 0.5 ї 0.1 є 0.2 ґ 0.2 ў 0.5
""".split()  # noqa: SIM905 a table reads better than forty quoted words
_WEIGHT = {
    letter: math.log(float(share) / 100) for letter, share in zip(_FREQUENCY[::2], _FREQUENCY[1::2], strict=True)
}
_PAIRS = """
ст но то на ен ов ни ра во ко ро по пр ре ли не ел ал та го от ер ор ос ти те ле ет ит ан ло ны де ка ла ма за
ом да об ат ва ск ся ри ви ии ия ие ой ый ая ки ди ес ве мо ол ил ас ам ис со ту бо до тр ог ар ед ми чт же ть
ши ча ще ив ът ъл ят ме ем им ин од он пи из вы ци ок ак ке че ей дн нн бл ру су ну ку ющ ют ае ую
""".split()  # noqa: SIM905
_COMMON_PAIRS = frozenset(_PAIRS)
_CONSONANTS = frozenset("бвгґджзйклмнпрстфхцчшщ")
_COMMON_SIGNS = frozenset("\u00a0«»„“”‘’–—…№•·©°")


def strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def plausibility(data: bytes, codec: str) -> float:
    """Mean plausibility of one non-ASCII character as Russian, Bulgarian or Ukrainian text: about -2.5 for real
    text, below -4 for noise.
    """
    text = data[:_SAMPLE].decode(codec, "replace")
    total, count, before = 0.0, 0, " "
    for letter in text:
        if letter > "\x7f":
            count += 1
            total += _letter_score(letter, before)
        elif letter.isalpha() and before > "\x7f" and before.isalpha():
            total -= 3.0
        before = letter
    return total / count - _RARE_SET.get(codec, 0.0) if count else -9.0


def _letter_score(letter: str, before: str) -> float:
    lower = letter.lower()
    weight = _WEIGHT.get(lower)
    if lower == "ў" and before.lower() in _CONSONANTS:
        weight = None  # in Belarusian it follows a vowel; here stands the і of cp1125 read as cp866
    if weight is None:
        return -3.0 if letter in _COMMON_SIGNS else -8.0
    if lower != letter:
        # A capital inside a word of small letters is the mark of koi8-r read as cp1251, and the other way round.
        weight -= 5.0 if before.islower() and before > "\x7f" else 0.4
    if before.isascii() and before.isalpha():
        weight -= 3.0
    return weight + (0.7 if before.lower() + lower in _COMMON_PAIRS else 0.0)


def cyrillic(data: bytes) -> str | None:
    """The Cyrillic set in which the bytes read as words, or None where they do not look Cyrillic at all."""
    runs = _HIGH_RUN.findall(data[:_SAMPLE])
    high = sum(map(len, runs))
    together = sum(len(run) for run in runs if len(run) > 1)
    if not high or together < high * 0.6 or high < 2:
        return None
    scores = {codec: plausibility(data, codec) for codec in CYRILLIC}
    best = max(CYRILLIC, key=lambda codec: scores[codec])
    if best == "cp1251" and is_of_a_mac(data):
        best = "mac_cyrillic"
    return best if scores[best] > -3.9 else None


# What a Mac's letter looks like in cp1251: the small letters but я are the same, so that only few signs speak.
_MAC_AS_1251 = re.compile("[а-ю]Я(?![А-ЯЁ])|(?<![а-яё])[ЂЃЉЊЌЋЏђљњќћџ][а-ю]{2}")
_NOT_OF_A_MAC = re.compile("[яј]")  # a Russian я that is right, or a language that has those capitals


def is_of_a_mac(data: bytes) -> bool:
    """Is it mac_cyrillic, though it says cp1251?"""
    text = data[:_SAMPLE].decode("cp1251", "replace")
    if _NOT_OF_A_MAC.search(text) or not _MAC_AS_1251.search(text):
        return False
    return plausibility(data, "mac_cyrillic") > plausibility(data, "cp1251")


_COMMON_HANZI = re.compile(
    "[的一是不了在有人我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生件信通知请公司您好邮发]"
)


def asian(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    if len(_HIGH_RUN.findall(sample)) == 0:
        return None
    best, best_score = None, 0.0
    for codec in ("gb18030", "cp932", "euc_jp", "cp949", "cp950"):
        text = strict(sample, codec)
        if text is None:
            continue
        wide = [letter for letter in text if letter > "\x7f"]
        good = sum(1 for letter in wide if "\u3041" <= letter <= "\u30fe" or "\uac00" <= letter <= "\ud7a3")
        if len(wide) < 3:
            continue
        # Hanzi of GB 2312's first level (lead byte B0..D7) are the common ones.
        common = sum(1 for letter in wide if codec == "gb18030" and b"\xb0" <= letter.encode("gb18030")[:1] <= b"\xd7")
        traditional = sum(1 for letter in wide if codec == "cp950" and b"\xa4" <= letter.encode("cp950")[:1] <= b"\xc6")
        points = (good + 0.9 * common + 0.85 * traditional + 0.2 * len(_COMMON_HANZI.findall(text))) / max(1, len(wide))
        if points > best_score:
            best, best_score = codec, points
    return best if best_score > 0.6 else None


def latin(data: bytes) -> str:
    """West European unless a longer text says otherwise: the statistics of charset-normalizer are worthless below
    some lines.
    """
    if len(_HIGH_RUN.findall(data[:_SAMPLE])) < 6:
        return "cp1252"
    found = from_bytes(
        data[:_SAMPLE], cp_isolation=["cp1252", "cp1250", "iso8859_2", "cp1254", "cp1253", "cp1255", "cp1256", "cp1257"]
    ).best()
    return found.encoding if found is not None else "cp1252"

"""Bytes of a letter into text, whatever its headers claim.

The declared character set is believed only while it gives plausible text: letters from Russia and Bulgaria come in koi8-r, cp1251
or cp866 with no declaration, with ``us-ascii`` or ``iso-8859-1``, and UTF-8 comes under any name. A wrong guess is worse than an
honest mark, so a declared set is overruled only where another one is clearly better.
"""

import codecs
import math
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

# What people write, and the superset that real mail needs (WHATWG "Encoding", labels section; Python's codec names).
_SUPERSET = {
    "ascii": None, "us-ascii": None, "ansi_x3.4-1968": None, "x-unknown": None, "unknown": None, "unknown-8bit": None,
    "8bit": None, "default": None, "x-user-defined": None, "binary": None, "none": None, "utf-8mb4": "utf-8", "utf8mb4": "utf-8",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "windows-874": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "euc-cn": "gb18030", "cp936": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "x-windows-949": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "big5": "cp950", "x-big5": "cp950", "big5-hkscs": "big5hkscs", "x-euc-jp": "euc_jp", "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-cp1251": "cp1251",
    "x-cp1252": "cp1252", "win-1251": "cp1251", "win1251": "cp1251", "windows1251": "cp1251", "ansi-1251": "cp1251",
    "koi8": "koi8-r", "x-koi8-r": "koi8-r", "koi8-ru": "koi8-u", "dos-866": "cp866", "cp-866": "cp866", "ibm866": "cp866",
    "cp-850": "cp850", "unicode": "utf-16", "ucs-2": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_NOT_TEXT = {"rot13", "rot_13", "hex", "base64", "bz2", "zlib", "zip", "uu", "quopri", "punycode", "idna", "undefined", "mbcs", "oem",
             "unicode_escape", "raw_unicode_escape"}  # fmt: skip
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859_5", "mac_cyrillic", "koi8-u")
_LATIN = {"cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1254", "iso8859-9", "mac-roman", "mac_roman", "cp850", "cp437", "cp1257"}
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_RARE_SET = {"mac_cyrillic": 0.5, "iso8859_5": 0.3, "cp866": 0.2}
_SAMPLE = 20_000

# Share of each letter in Russian text in per cent (corpus figures, rounded), with room for Bulgarian ъ and Ukrainian letters.
_FREQUENCY = dict(zip(
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїє",
    (10.9, 8.4, 8.0, 7.3, 6.7, 6.2, 5.4, 4.7, 4.5, 4.4, 3.5, 3.2, 3.0, 2.8, 2.6, 2.0, 1.9, 1.7, 1.7, 1.6, 1.6, 1.4, 1.2, 1.0, 0.9, 0.7,
     0.6, 0.5, 0.4, 0.4, 0.4, 0.8, 0.3, 0.5, 0.1, 0.2), strict=True))  # fmt: skip
_WEIGHT = {letter: math.log(share / 100) for letter, share in _FREQUENCY.items()}
_PAIRS = frozenset(
    "ст но то на ен ов ни ра во ко ро по пр ре ли не ел ал та го от ер ор ос ти те ле ет ит ан ло ны де ка ла ма за ом да об ат ва "
    "ск ся ри ви ии ия ие ой ый ая ки ди ес ве мо ол ил ас ам ис со ту бо до ис тр ог ар ед ми чт же ть ст ши ча ще ив ще ът ъл ят "
    "те ме ем им ин ед од ро он пи ен ра ус из вы ци ок ак ке че ой ей дн нн бл ру су ну ку ющ ют ае ую ру".split())  # fmt: skip
_COMMON_SIGNS = frozenset("\u00a0«»„“”‘’–—…№•·©°")


class Decoded(NamedTuple):
    """``text`` without NUL, control characters or lone surrogates; ``charset`` that was used; ``guessed``: not the declared one."""

    text: str
    charset: str
    guessed: bool


def clean(text: str) -> str:
    """The text without NUL, other control characters (tab and line end stay) and lone surrogates; line ends become ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():
        return text
    return text.translate(_REMOVED)


_REMOVED: dict[int, str | None] = {code: None for code in range(32) if code not in (9, 10)}
_REMOVED.update({127: None, 0xFEFF: None, 0xFFFE: None, 0xFFFF: None, 0x85: "\n"})
_REMOVED.update(dict.fromkeys(range(0x80, 0x85)))
_REMOVED.update(dict.fromkeys(range(0x86, 0xA0)))
_REMOVED.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))


def known(name: str | None) -> str | None:
    """The codec for a declared character set, or None: not declared, not known, or declared as 7-bit ASCII (which proves nothing)."""
    if not name:
        return None
    label = name.strip().strip("\"'<>;,").lower().removeprefix("charset=").strip("\"'")
    if label in _SUPERSET:
        return _SUPERSET[label]
    if not label or len(label) > 40 or label.replace("-", "_") in _NOT_TEXT:
        return None
    try:
        found = codecs.lookup(label)
    except (LookupError, ValueError, UnicodeError):
        return None
    # A codec that does not give text (bytes to bytes) is no character set.
    return _SUPERSET.get(found.name, found.name) if getattr(found, "_is_text_encoding", True) else None


def decode(data: bytes, declared: str | None = None, hint: str | None = None) -> Decoded:
    """Text of ``data``. ``hint`` is a set that other parts of the same letter turned out to use; it wins over statistics on little text."""
    codec = known(declared)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0:
        return Decoded(clean(data.decode("utf-16", "replace")), "utf-16", codec != "utf-16")
    if codec is not None and codec.startswith(("utf-16", "utf-32")):
        return _wide(data, codec)
    if codec is not None and codec.replace("_", "").replace("-", "").startswith(("iso2022", "hz", "utf7")):
        return _seven_bit(data, codec)
    if data.isascii():
        if b"\x1b$" in data or b"\x1b(J" in data:
            return _seven_bit(data, "iso2022_jp")
        return Decoded(clean(data.decode("ascii")), codec or "ascii", False)
    unicode = _strict(data, "utf-8")
    if unicode is not None and (codec in (None, "utf-8") or not _is_multibyte(codec)):
        return Decoded(clean(unicode), "utf-8", codec not in (None, "utf-8"))
    if codec == "utf-8":
        return _broken_utf8(data, hint)
    if codec is None:
        return _guess(data, hint)
    return _declared(data, codec, unicode, hint)


def _declared(data: bytes, codec: str, unicode: str | None, hint: str | None) -> Decoded:
    text = _strict(data, codec)
    if text is None:
        if unicode is not None:
            return Decoded(clean(unicode), "utf-8", True)
        text = data.decode(codec, "replace")
        bad = text.count("\ufffd")
        if _is_multibyte(codec) and bad <= max(2, len(text) // 20):
            return Decoded(clean(text), codec, False)
        guess = _guess(data, hint)
        return guess if "\ufffd" not in guess.text else Decoded(clean(text), codec, False)
    if codec in _LATIN or codec.replace("_", "-") in _LATIN:
        best = _best_cyrillic(data)
        if best is not None:
            return Decoded(clean(data.decode(best, "replace")), best, True)
    elif codec in _CYRILLIC or codec.replace("-", "_") in _CYRILLIC:
        best = _best_cyrillic(data)
        if best is not None and _score(data, best) - _score(data, codec) > 0.6:
            return Decoded(clean(data.decode(best, "replace")), best, True)
    return Decoded(clean(text), codec, False)


def _guess(data: bytes, hint: str | None) -> Decoded:
    usable = known(hint)
    if usable is not None and usable != "utf-8" and usable not in _LATIN and len(_HIGH_RUN.sub(b"", data)) >= len(data) - 40:
        text = _strict(data, usable)
        if text is not None and (usable not in _CYRILLIC or _score(data, usable) > -4.6):
            return Decoded(clean(text), usable, True)
    best = _best_cyrillic(data)
    if best is not None:
        return Decoded(clean(data.decode(best, "replace")), best, True)
    asian = _best_asian(data)
    if asian is not None:
        return Decoded(clean(data.decode(asian, "replace")), asian, True)
    latin = usable if usable in _LATIN else _best_latin(data)
    text = _strict(data, latin)
    if text is None:
        latin, text = "latin-1", data.decode("latin-1")
    return Decoded(clean(text), latin, True)


def _broken_utf8(data: bytes, hint: str | None) -> Decoded:
    text = data.decode("utf-8", "replace")
    high = sum(len(run) for run in _HIGH_RUN.findall(data))
    # Mostly valid: a character was cut or damaged. Mostly invalid: the declaration is wrong.
    kept = sum(1 for letter in text if letter > "\x7f" and letter != "\ufffd")
    if kept * 2 >= high * 0.5:
        return Decoded(clean(text), "utf-8", False)
    guess = _guess(data, hint)
    return guess if "\ufffd" not in guess.text else Decoded(clean(text), "utf-8", False)


def _wide(data: bytes, codec: str) -> Decoded:
    # Many letters say "utf-16" or "unicode" and are not: no NUL and plain ASCII is proof.
    if b"\x00" not in data[:2000] and data[:2000].isascii():
        return Decoded(clean(data.decode("ascii", "replace")), "ascii", True)
    if codec == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16-le" if data[1:400:2].count(0) >= data[0:400:2].count(0) else "utf-16-be"
    text = data.decode(codec, "replace")
    if text.count("\ufffd") > len(text) // 10:
        return decode(data.replace(b"\x00", b""), None)
    return Decoded(clean(text), codec, False)


_SHIFT = re.compile(rb"\x1b(\$[@B]|\([BJI]|\$\([DOPQ])")


def _seven_bit(data: bytes, codec: str) -> Decoded:
    text = _strict(data, codec)
    if text is not None:
        return Decoded(clean(text), codec, False)
    if not data.isascii() and b"\x1b" not in data:
        for unlabelled in ("utf-8", "euc_jp", "cp932") if codec.startswith("iso2022") else ("utf-8",):
            text = _strict(data, unlabelled)
            if text is not None:
                return Decoded(clean(text), unlabelled, True)
        return _guess(data, None)
    if not codec.startswith("iso2022_jp") and not codec.startswith("iso2022jp"):
        return Decoded(clean(data.decode(codec, "replace")), codec, False)
    # Vendors put row 13 (circled digits) under plain JIS; EUC-JIS-2004 knows it, the ISO-2022-JP codec does not.
    out, mode = [], b"(B"
    pieces = _SHIFT.split(data)
    out.append(pieces[0].decode("ascii", "replace"))
    for mode, chunk in zip(pieces[1::2], pieces[2::2], strict=True):
        if mode.startswith(b"$"):
            head, _, tail = chunk.partition(b"\n")
            out.append(bytes(byte | 0x80 for byte in head).decode("euc_jis_2004", "replace"))
            out.append(("\n" + tail.decode("ascii", "replace")) if tail else "")
        else:
            out.append(chunk.decode("ascii", "replace"))
    return Decoded(clean("".join(out)), codec, False)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _is_multibyte(codec: str) -> bool:
    return codec.startswith(("gb", "cp93", "cp94", "cp95", "big5", "euc", "shift", "johab", "hz", "iso2022"))


def _score(data: bytes, codec: str) -> float:
    """Mean plausibility of one non-ASCII character as Russian, Bulgarian or Ukrainian text: about -2.5 for real text, below -4 for noise."""
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
    if weight is None:
        return -3.0 if letter in _COMMON_SIGNS else -8.0
    if lower != letter:
        # A capital inside a word of small letters is the mark of koi8-r read as cp1251, and the other way round.
        weight -= 5.0 if before.islower() and before > "\x7f" else 0.4
    if before.isascii() and before.isalpha():
        weight -= 3.0
    return weight + (0.7 if before.lower() + lower in _PAIRS else 0.0)


def _best_cyrillic(data: bytes) -> str | None:
    """The Cyrillic set in which the bytes read as words, or None where they do not look Cyrillic at all."""
    runs = _HIGH_RUN.findall(data[:_SAMPLE])
    high = sum(map(len, runs))
    together = sum(len(run) for run in runs if len(run) > 1)
    if not high or together < high * 0.6 or high < 2:
        return None
    scores = {codec: _score(data, codec) for codec in _CYRILLIC}
    best = max(_CYRILLIC, key=lambda codec: scores[codec])
    return best if scores[best] > -3.9 else None


_COMMON_HANZI = re.compile("[的一是不了在有人我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生件信通知请公司您好邮发]")


def _best_asian(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    if len(_HIGH_RUN.findall(sample)) == 0:
        return None
    best, best_score = None, 0.0
    for codec in ("gb18030", "cp932", "euc_jp", "cp949", "cp950"):
        text = _strict(sample, codec)
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


def _best_latin(data: bytes) -> str:
    """West European unless a longer text says otherwise: the statistics of charset-normalizer are worthless below some lines."""
    if len(_HIGH_RUN.findall(data[:_SAMPLE])) < 6:
        return "cp1252"
    found = from_bytes(data[:_SAMPLE], cp_isolation=["cp1252", "cp1250", "iso8859_2", "cp1254", "cp1253", "cp1255", "cp1256", "cp1257"]).best()
    return found.encoding if found is not None else "cp1252"

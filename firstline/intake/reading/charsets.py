"""Bytes of a letter into text, whatever its headers claim.

The declared character set is believed only while it gives plausible text: letters from Russia and Bulgaria come in
koi8-r, cp1251 or cp866 with no declaration, with ``us-ascii`` or ``iso-8859-1``, and UTF-8 comes under any name. A
wrong guess is worse than an honest mark, so a declared set is overruled only where another one is clearly better.
"""

import codecs
import re
from typing import NamedTuple

from firstline.intake.reading import charset_guess

# What people write, after the codec real mail needs for it: mostly a superset (WHATWG "Encoding", labels).
# "-" is a name that proves nothing.
_WRITTEN = """
-: ascii us-ascii ansi_x3.4-1968 x-unknown unknown unknown-8bit 8bit default x-user-defined binary none
utf-8: utf-8mb4 utf8mb4
utf-7: unicode-1-1-utf-7
utf-16: unicode ucs-2
utf-16-le: utf-16le
utf-16-be: utf-16be
cp1252: iso-8859-1 iso8859-1 latin1 latin-1 x-cp1252
cp1254: iso-8859-9
cp874: iso-8859-11 windows-874 tis-620
iso-8859-8: iso-8859-8-i
gb18030: gb2312 gbk x-gbk gb_2312-80 euc-cn cp936
cp949: ks_c_5601-1987 ks_c_5601-1989 euc-kr ksc5601 x-windows-949
cp932: shift_jis shift-jis sjis x-sjis windows-31j ms_kanji
cp950: big5 x-big5
big5hkscs: big5-hkscs
euc_jp: x-euc-jp
mac_cyrillic: x-mac-cyrillic
mac_roman: x-mac-roman macintosh
cp1251: x-cp1251 win-1251 win1251 windows1251 ansi-1251
koi8-r: koi8 x-koi8-r
koi8-u: koi8-ru
cp866: dos-866 cp-866 ibm866
cp1125: ibm1125 cp866u cp866nav ruscii
cp850: cp-850
"""
_SUPERSET: dict[str, str | None] = {
    written: None if codec == "-" else codec
    for codec, _, names in (line.partition(":") for line in _WRITTEN.strip().splitlines())
    for written in names.split()
}
_NOT_TEXT = {
    "rot13",
    "rot_13",
    "hex",
    "base64",
    "bz2",
    "zlib",
    "zip",
    "uu",
    "quopri",
    "punycode",
    "idna",
    "undefined",
    "mbcs",
    "oem",
    "unicode_escape",
    "raw_unicode_escape",
}
_LATIN = frozenset(
    ["cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1254", "iso8859-9", "mac-roman", "mac_roman", "cp850"]
)
_WITH_UKRAINIAN = ({"koi8-r", "koi8-u"}, {"cp866", "cp1125"})
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


class Decoded(NamedTuple):
    """``text`` without NUL, control characters or lone surrogates; ``charset`` that was used; ``guessed``: not the
    declared one.
    """

    text: str
    charset: str
    guessed: bool


def clean(text: str) -> str:
    """The text without NUL, other control characters (tab and line end stay) and lone surrogates; line ends become
    ``\\n``.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return _REMOVED.sub("", _LONE.sub("\ufffd", text)).replace("\x85", "\n")


_REMOVED = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff]+")
_LONE = re.compile("[\ud800-\udfff]")


def known(name: str | None) -> str | None:
    """The codec for a declared character set, or None: not declared, not known, or declared as 7-bit ASCII (which
    proves nothing).
    """
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


def decode(data: bytes, declared: str | None = None, hint: str | None = None, guessing: bool = True) -> Decoded:
    """Text of ``data``. ``hint`` is a set that other parts of the same letter turned out to use; it wins over
    statistics on little text. Without ``guessing`` the declaration is believed, whatever comes out.
    """
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
    unicode = charset_guess.strict(data, "utf-8")
    if unicode is not None and (codec is None or codec == "utf-8" or not _is_multibyte(codec)):
        repaired = _twice_encoded(unicode) if guessing else None
        if repaired is not None:
            return Decoded(clean(repaired), "utf-8", True)
        return Decoded(clean(unicode), "utf-8", codec not in (None, "utf-8"))
    if not guessing:
        return Decoded(clean(data.decode(codec or "latin-1", "replace")), codec or "latin-1", False)
    if codec == "utf-8":
        return _broken_utf8(data, hint)
    if codec is None:
        return _guess(data, hint)
    return _declared(data, codec, unicode, hint)


_MANGLED = re.compile("[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{3,}")


def _twice_encoded(text: str) -> str | None:
    """Cyrillic that a gateway took for Latin and encoded again ("Ð¿Ñ€Ð¸", "Ïðè"), as it was; None for all else."""
    if not _MANGLED.search(text[:20_000]) or len(text) > 200_000:
        return None
    raw = bytearray()
    for sign in text:
        try:
            raw += sign.encode("latin-1") if sign < "\u0100" else sign.encode("cp1252")
        except UnicodeError:
            return None
    inner = charset_guess.strict(bytes(raw), "utf-8")
    if inner is not None:
        letters = [sign for sign in inner if sign > "\x7f"]
        cyrillic = sum(1 for sign in letters if "\u0400" <= sign <= "\u04ff")
        return inner if len(letters) >= 3 and cyrillic * 2 > len(letters) else None
    if sum(1 for byte in raw if byte > 127) < 6:
        return None
    best = charset_guess.cyrillic(bytes(raw))
    return (
        raw.decode(best, "replace")
        if best is not None and charset_guess.plausibility(bytes(raw), best) > -3.3
        else None
    )


def _declared(data: bytes, codec: str, unicode: str | None, hint: str | None) -> Decoded:
    text = charset_guess.strict(data, codec)
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
        best = charset_guess.cyrillic(data)
        if best is not None:
            return Decoded(clean(data.decode(best, "replace")), best, True)
    elif codec in charset_guess.CYRILLIC or codec.replace("-", "_") in charset_guess.CYRILLIC:
        if codec == "cp1251" and charset_guess.is_of_a_mac(data):
            return Decoded(clean(data.decode("mac_cyrillic", "replace")), "mac_cyrillic", True)
        best = charset_guess.cyrillic(data)
        # Ukrainian letters under the Russian name are common, and no guess: the two differ in nothing else.
        margin = 0.0 if {best, codec} in _WITH_UKRAINIAN else 0.6
        if (
            best is not None
            and charset_guess.plausibility(data, best) - charset_guess.plausibility(data, codec) > margin
        ):
            return Decoded(clean(data.decode(best, "replace")), best, True)
    return Decoded(clean(text), codec, False)


def _guess(data: bytes, hint: str | None) -> Decoded:
    usable = known(hint)
    best = charset_guess.cyrillic(data)
    if usable is not None and usable != "utf-8" and usable not in _LATIN and not _is_better(data, best, usable):
        text = charset_guess.strict(data, usable)
        if text is not None and (
            usable not in charset_guess.CYRILLIC or charset_guess.plausibility(data, usable) > -4.6
        ):
            return Decoded(clean(text), usable, True)
    if best is not None:
        return Decoded(clean(data.decode(best, "replace")), best, True)
    asian = charset_guess.asian(data)
    if asian is not None:
        return Decoded(clean(data.decode(asian, "replace")), asian, True)
    latin = usable if usable in _LATIN else charset_guess.latin(data)
    text = charset_guess.strict(data, latin)
    if text is None:
        latin, text = "latin-1", data.decode("latin-1")
    return Decoded(clean(text), latin, True)


def _is_better(data: bytes, best: str | None, hint: str) -> bool:
    """Whether the statistics speak clearly against what the letter's other parts turned out to be."""
    if best is None or best == hint:
        return False
    return hint not in charset_guess.CYRILLIC or (
        charset_guess.plausibility(data, best) - charset_guess.plausibility(data, hint) > 0.6
    )


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
    text = charset_guess.strict(data, codec)
    if text is not None:
        return Decoded(clean(text), codec, False)
    if not data.isascii() and b"\x1b" not in data:
        for unlabelled in ("utf-8", "euc_jp", "cp932") if codec.startswith("iso2022") else ("utf-8",):
            text = charset_guess.strict(data, unlabelled)
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


def _is_multibyte(codec: str) -> bool:
    return codec.startswith(("gb", "cp93", "cp94", "cp95", "big5", "euc", "shift", "johab", "hz", "iso2022"))

"""Header lines of a letter or of one of its parts: split, unfold, decode (RFC 5322, 2047, 2231 and what programs really
send).

Bounded by construction (reliability_security.md §4.2): at most 500 header lines of 64 KB each are kept, every
expression works on a capped string. Nothing here raises on any bytes.
"""

import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from itertools import pairwise

from firstline.intake.reading import charsets

MOST_HEADERS = 500
LONGEST_HEADER = 65_536
LONGEST_NAME = 4_096

_FIELD = re.compile(rb"([!-9;-~]{1,128})[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?i)(from|to|cc|bcc|date|subject|sender|reply-to|message-id|in-reply-to|references|mime-version|"
    rb"content-[a-z-]+|received|"
    rb"return-path|delivered-to|x-[!-9;-~]{1,60}|dkim-signature|list-[a-z-]+|precedence|auto-submitted)[ \t]*:"
)
_BLANK = re.compile(rb"\r*\n[ \t]*\r*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Headers:
    """Field names in lower case with unfolded raw values, in their order; ``body`` is the offset where the body
    begins.
    """

    fields: tuple[tuple[str, bytes], ...]
    body: int
    defects: tuple[str, ...] = ()
    index: dict[str, list[bytes]] = field(default_factory=dict)

    def raw(self, name: str) -> bytes:
        """The first value that is not empty, or ``b""``."""
        for value in self.index.get(name, ()):
            if value.strip():
                return value
        return b""

    def all(self, name: str) -> list[bytes]:
        return self.index.get(name, [])

    def text(self, name: str, hint: str | None = None) -> str:
        """The first value, decoded and folded to one line."""
        return decode_words(self.raw(name), hint)


def split(data: bytes, start: int = 0, end: int | None = None, *, is_letter: bool = False) -> Headers:
    """The header block that begins at ``start``: never looks beyond ``end``, never fails; what is no header begins
    the body. Before the headers of a letter (not of a part) there may be lines that are none.
    """
    end = len(data) if end is None else end
    block = _Block(data, end, is_letter=is_letter)
    position = start
    while position < end:
        stop = data.find(b"\n", position, end)
        following = end if stop < 0 else stop + 1
        line = data[position : min(following, position + LONGEST_HEADER)].rstrip(b"\r\n").replace(b"\x00", b"")
        if not line.strip():
            position = following
            # A line of blanks inside a folded header is not the end of the block; an empty line is.
            if line and block.name is not None and _goes_on(data, following, end):
                continue
            break
        if len(block.fields) >= MOST_HEADERS:
            block.defects.append("too-many-headers")
            position = _body_after(data, position, end)
            break
        if not block.take(line, following):
            break
        if following - position > LONGEST_HEADER:
            block.defects.append("header-too-long")
        position = following
    return block.headers(min(position, end))


_EMPTY_LINE = re.compile(rb"\n\r*\n")


def _body_after(data: bytes, position: int, end: int) -> int:
    """Where the body begins behind headers nobody reads."""
    found = _EMPTY_LINE.search(data, position, end)
    return found.end() if found else end


class _Block:
    """The header that is being read, and those before it."""

    def __init__(self, data: bytes, end: int, *, is_letter: bool) -> None:
        self.data = data
        self.end = end
        self.is_letter = is_letter
        self.fields: list[tuple[str, bytes]] = []
        self.defects: list[str] = []
        self.name: str | None = None
        self.value: list[bytes] = []
        self.size = 0

    def take(self, line: bytes, following: int) -> bool:
        """Take one line; False where it is the body's first."""
        if line[:1] in b" \t":
            if self.name is not None:
                self.extend(b" " + line.lstrip())
                return True
            line = line.lstrip()
        found = _FIELD.match(line)
        if found is not None:
            self.keep()
            self.name = found.group(1).decode("ascii").lower()
            self.value = [line[found.end() :]]
            self.size = len(line)
            return True
        if line.startswith((b"From ", b">From ")):
            return True
        if self.is_letter and not self.fields and self.name is None and _letter_begins(self.data, following, self.end):
            self.defects.append("header-line-without-colon")  # what a program wrote before the letter
            return True
        if self.name is not None and self.header_soon(following):
            self.defects.append("header-line-without-colon")
            self.extend(b" " + line)
            return True
        if self.name is not None:
            self.defects.append("body-without-blank-line")
        return False

    def header_soon(self, following: int) -> bool:
        # Without a sender so far, a badly folded header is likelier than a body.
        return _header_soon(self.data, following, self.end, 4 if any(name == "from" for name, _ in self.fields) else 30)

    def extend(self, line: bytes) -> None:
        if self.size + len(line) > LONGEST_HEADER:
            self.defects.append("header-too-long")
            self.size = LONGEST_HEADER
            return
        self.value.append(line)
        self.size += len(line)

    def keep(self) -> None:
        if self.name is None:
            return
        self.fields.append((self.name, b"".join(self.value).strip()))
        self.name = None

    def headers(self, body: int) -> Headers:
        self.keep()
        index: dict[str, list[bytes]] = {}
        for name, content in self.fields:
            index.setdefault(name, []).append(content)
        return Headers(tuple(self.fields), body, tuple(dict.fromkeys(self.defects)), index)


def _goes_on(data: bytes, position: int, end: int) -> bool:
    """Whether a line of blanks, which is not the empty line that ends the block, is followed by a header or by
    folded text before one.
    """
    line = data[position : min(end, position + 200)].split(b"\n", 1)[0]
    if _KNOWN_FIELD.match(line):
        return True
    return line[:1] in (b" ", b"\t") and bool(line.strip()) and _header_soon(data, position + len(line) + 1, end)


def _header_soon(data: bytes, position: int, end: int, lines: int = 4) -> bool:
    """Whether one of the next lines, before an empty one, is a header everybody knows: then the odd line was
    folded badly.
    """
    window = data[position : min(end, position + 250 * lines)]
    for line in window.split(b"\n")[:lines]:
        if not line.strip():
            return False
        if _KNOWN_FIELD.match(line):
            return True
    return False


_LINES_BEFORE = 4


def _letter_begins(data: bytes, position: int, end: int) -> bool:
    """Whether one of the next lines, before an empty one, is a header everybody knows, and a header follows it."""
    lines = data[position : min(end, position + 250 * _LINES_BEFORE)].split(b"\n")[: _LINES_BEFORE + 1]
    for line, next_line in pairwise(lines):
        if not line.strip():
            return False
        if _KNOWN_FIELD.match(line):
            return next_line[:1] in (b" ", b"\t") or _FIELD.match(next_line) is not None
    return False


# ---- RFC 2047 --------------------------------------------------------------------------------------

_WORD = re.compile(r"=\?([A-Za-z0-9][^?\s]{0,60})\?([bBqQ])\?([^\r\n]{0,4000}?)(?:\?=|(?<=[A-Za-z0-9+/=_])\?\Z|\Z)")
_GAP = re.compile(r"\s*")


def decode_words(raw: bytes, hint: str | None = None) -> str:
    """A header value as one line of text: raw 8-bit bytes guessed, encoded words of one set joined before they are
    decoded.
    """
    raw = raw[:LONGEST_HEADER]
    text = raw.decode("latin-1") if b"=?" in raw else ""
    if "=?" not in text:
        return _one_line(charsets.decode(raw, None, hint).text)
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    position = 0
    for found in _WORD.finditer(text):
        between = text[position : found.start()]
        if between.strip() or not pending:
            out.append(_flush(pending, hint))
            pending = []
            out.append(_plain(between, hint))
        pending.append((found.group(1).split("*")[0].lower(), _word_bytes(found.group(2), found.group(3))))
        position = found.end()
    out.append(_flush(pending, hint))
    out.append(_plain(text[position:], hint))
    result = "".join(out)
    # Some gateways encode what was encoded: one more turn, never more.
    if "=?" in result and result != text and _WORD.search(result):
        result = _WORD.sub(
            lambda word: _flush(
                [(word.group(1).split("*")[0].lower(), _word_bytes(word.group(2), word.group(3)))], hint
            ),
            result,
        )
    return _one_line(result)


def _plain(text: str, hint: str | None) -> str:
    return text if text.isascii() else charsets.decode(text.encode("latin-1", "replace"), None, hint).text


def _flush(words: list[tuple[str, bytes]], hint: str | None) -> str:
    """Neighbouring words: those of the same set are joined first, because programs cut in the middle of a character."""
    out = []
    index = 0
    while index < len(words):
        name, data = words[index]
        index += 1
        chunks = [data]
        while index < len(words) and words[index][0] == name and not name.startswith("iso-2022"):
            chunks.append(words[index][1])
            index += 1
        out.append(charsets.decode(b"".join(chunks), name, hint).text)
    return "".join(out)


_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})")


def _word_bytes(kind: str, payload: str) -> bytes:
    data = payload.encode("latin-1", "replace")
    if kind in "qQ":
        return _QUOTED.sub(lambda pair: bytes([int(pair.group(1), 16)]), data.replace(b"_", b" "))
    return base64_bytes(data)[0]


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_PADDING_INSIDE = re.compile(rb"=+\s*(?=[^=\s])")


def base64_bytes(data: bytes) -> tuple[bytes, bool]:
    """Bytes of any base64, however broken, and whether it was clean. Several padded blocks one after another are
    all read.
    """
    try:
        return binascii.a2b_base64(data, strict_mode=False) if b"=" not in data.rstrip(b"=\r\n \t") else _blocks(
            data
        ), True
    except (binascii.Error, ValueError):
        pass
    body = _NOT_BASE64.sub(b"", data)
    body = body[: len(body) - (len(body) % 4 == 1)]
    try:
        return binascii.a2b_base64(body + b"=" * (-len(body) % 4)), False
    except (binascii.Error, ValueError):
        return b"", False


def _blocks(data: bytes) -> bytes:
    out = []
    for block in _PADDING_INSIDE.split(data):
        body = _NOT_BASE64.sub(b"", block)
        body = body[: len(body) - (len(body) % 4 == 1)]
        out.append(binascii.a2b_base64(body + b"=" * (-len(body) % 4)))
    return b"".join(out)


_SPACES = re.compile(r"\s+")


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", charsets.clean(text)).strip()


# ---- dates and identifiers -------------------------------------------------------------------------


# Zones that Python's parser does not know by name but letters of our clients bear, and months in their languages.
_ZONES = {
    "MSK": "+0300",
    "EET": "+0200",
    "EEST": "+0300",
    "CET": "+0100",
    "CEST": "+0200",
    "WET": "+0000",
    "BST": "+0100",
}
_ZONE_NAME = re.compile(r"\b(" + "|".join(_ZONES) + r")\b\)?\s*$")
_ZONE_COLON = re.compile(r"([+-]\d\d):(\d\d)\b(?=\s*(?:\(|$))")
_MONTHS = dict(
    zip(
        "янв фев мар апр май мая июн юни июл юли авг сен сеп окт ноя ное дек".split(),  # noqa: SIM905 in order
        "Jan Feb Mar Apr May May Jun Jun Jul Jul Aug Sep Sep Oct Nov Nov Dec".split(),  # noqa: SIM905
        strict=True,
    )
)
_MONTH_NAME = re.compile(r"(?i)\b(" + "|".join(_MONTHS) + r")[а-я]*\.?")


def date(raw: bytes) -> datetime | None:
    """The moment of a Date header with its offset (UTC where it names none), or None where nobody could say which
    moment it is.
    """
    text = raw[:200].decode("latin-1").strip().strip('"')
    if not text.isascii():
        local = charsets.decode(raw[:200]).text
        text = _MONTH_NAME.sub(lambda name: _MONTHS[name.group(1).lower()], local)
    if not re.search(r"[+-]\d{4}", text):
        text = _ZONE_NAME.sub(lambda name: _ZONES[name.group(1)], _ZONE_COLON.sub(r"\1\2", text))
    try:
        parts = parsedate_tz(text)
        if parts is not None:
            year, offset = parts[0], parts[9] or 0
            zone = timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else UTC
            moment = datetime(year, *parts[1:5], min(parts[5], 59), tzinfo=zone)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        return None
    return moment if 1970 <= moment.year <= 2200 else None


_IDENTIFIER = re.compile(r"<([^<>\s]{1,996})>")


def identifiers(raw: bytes, most: int = 100) -> tuple[str, ...]:
    """Message identifiers ``<…>`` of a header, in order, without doubles. One without brackets is taken where
    nothing else is there.
    """
    text = charsets.clean(raw[:LONGEST_HEADER].decode("utf-8", "replace")).replace("\n", " ")
    if "=?" in text:
        text = decode_words(
            raw[:LONGEST_HEADER]
        )  # programs that fold long identifiers into encoded words (Python's own does)
    found = [f"<{each}>" for each in _IDENTIFIER.findall(text)]
    if not found:
        # Outlook and gateways leave brackets away or fold inside them.
        folded = text.replace(" ", "").replace("\t", "")
        found = [f"<{each}>" for each in _IDENTIFIER.findall(folded)]
    if not found:
        found = [f"<{word.strip('<>')}>" for word in text.split() if "@" in word[1:-1]]
    return tuple(dict.fromkeys(found))[:most]

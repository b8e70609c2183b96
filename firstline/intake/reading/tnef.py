"""What Outlook packed into a winmail.dat: files and words ([MS-OXTNEF]).

One pass over the attributes, with offsets that only grow; names and files are bounded in number, nothing raises.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from firstline.intake.reading import charsets, rtf

_SIGNATURE = b"\x78\x9f\x3e\x22"
_MOST_FILES = 200
_MOST_ATTRIBUTES = 5_000
_MOST_PROPERTIES = 2_000

_BODY, _CODEPAGE, _MESSAGE_PROPERTIES = 0x0002800C, 0x00069007, 0x00069003
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_PLAIN, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_LONG_NAME, _NAME, _DATA, _KIND, _CONTENT_ID = 0x3707, 0x3704, 0x3701, 0x370E, 0x3712
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_NESTED_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


@dataclass(slots=True)
class File:
    """A file inside: ``kind`` may be empty, ``content_id`` too."""

    name: str = ""
    kind: str = ""
    content: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Opened:
    """``text`` and ``page`` (HTML) are empty where it holds none."""

    text: str = ""
    page: str = ""
    files: list[File] = field(default_factory=list)


def opened(data: bytes) -> Opened | None:
    """What the bytes hold; None where they are no TNEF."""
    if not data.startswith(_SIGNATURE):
        return None
    out, codec, rich = Opened(), "cp1252", b""
    for tag, content in _attributes(data):
        if tag == _CODEPAGE and len(content) >= 4:
            codec = charsets.known(f"cp{int.from_bytes(content[:4], 'little')}") or codec
        elif tag == _BODY:
            out.text = charsets.decode(content.rstrip(b"\x00"), codec).text
        elif tag == _MESSAGE_PROPERTIES:
            for number, kind, value in _properties(content):
                if number == _PLAIN and not out.text:
                    out.text = _string(kind, value, codec)
                elif number == _HTML:
                    out.page = charsets.decode(value.rstrip(b"\x00"), codec).text
                elif number == _RTF:
                    rich = value
        elif tag == _FILE_BEGINS:
            if len(out.files) >= _MOST_FILES:
                break
            out.files.append(File())
        elif out.files:
            _of_file(out.files[-1], tag, content, codec)
    if rich and not out.page:
        words, is_page = rtf.words(rtf.decompressed(rich))
        if is_page:
            out.page = words
        elif not out.text.strip():
            out.text = words
    out.files = [each for each in out.files if each.content or each.name]
    return out


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position, count = 6, 0
    while position + 9 <= len(data) and count < _MOST_ATTRIBUTES:
        count += 1
        tag = int.from_bytes(data[position + 1 : position + 5], "little")
        length = int.from_bytes(data[position + 5 : position + 9], "little")
        if data[position] not in (1, 2):
            return
        yield tag, data[position + 9 : position + 9 + length]
        position += 9 + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """``(number, type, first value)`` of each MAPI property."""
    position = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), _MOST_PROPERTIES)):
        if position + 4 > len(data):
            return
        kind = int.from_bytes(data[position : position + 2], "little")
        number = int.from_bytes(data[position + 2 : position + 4], "little")
        position += 4
        if number >= 0x8000:
            named = int.from_bytes(data[position + 16 : position + 20], "little")
            position += 20
            length = int.from_bytes(data[position : position + 4], "little")
            position += 4 + (_padded(length) if named else 0)
        plain, many = kind & 0x0FFF, kind & 0x1000
        if plain in _VARIABLE or many:
            values = int.from_bytes(data[position : position + 4], "little")
            position += 4
            first = b""
            for turn in range(min(values, _MOST_PROPERTIES)):
                if position >= len(data):
                    return
                length = _FIXED.get(plain, 0)
                if plain in _VARIABLE:
                    length = int.from_bytes(data[position : position + 4], "little")
                    position += 4
                if not turn:
                    first = data[position : position + length]
                position += _padded(length)
            yield number, plain, first
        elif plain in _FIXED:
            yield number, plain, data[position : position + _FIXED[plain]]
            position += _FIXED[plain]
        else:
            return


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4


def _string(kind: int, value: bytes, codec: str) -> str:
    if kind == 0x1F:
        return charsets.clean(value.decode("utf-16-le", "replace"))
    return charsets.decode(value.rstrip(b"\x00"), codec).text


def _of_file(file: File, tag: int, content: bytes, codec: str) -> None:
    if tag == _FILE_TITLE:
        file.name = file.name or charsets.decode(content.rstrip(b"\x00"), codec).text
    elif tag == _FILE_DATA:
        file.content = content
    elif tag == _FILE_PROPERTIES:
        for number, kind, value in _properties(content):
            if number == _LONG_NAME or (number == _NAME and not file.name):
                file.name = _string(kind, value, codec) or file.name
            elif number == _KIND:
                file.kind = _string(kind, value, codec).strip().lower()
            elif number == _CONTENT_ID:
                file.content_id = _string(kind, value, codec).strip().strip("<>")
            elif number == _DATA and not file.content:
                _embedded(file, kind, value)


def _embedded(file: File, kind: int, value: bytes) -> None:
    """A file, or a whole message that was attached: then another TNEF, kept as such."""
    if kind != 0x0D:
        file.content = value
        return
    file.content = value[16:]
    if value[:16] == _NESTED_MESSAGE:
        file.name = f"{file.name or 'message'}.dat"
        file.kind = "application/ms-tnef"

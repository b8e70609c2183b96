"""Files that are written into a text instead of being attached to it: uuencode and yEnc. Linear, never raises."""

import binascii
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file found in a text; ``start`` and ``stop`` are its offsets there."""

    name: bytes
    content: bytes
    start: int
    stop: int


_BEGIN = re.compile(rb"(?:\A|(?<=\n))(?:begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})|=ybegin ([^\r\n]{1,500}))\r*\n")
_MOST_FILES = 100


def found_in(body: bytes) -> list[TextFile]:
    """All files in the text, in order. A line that only looks like the beginning of one is just text."""
    if b"begin" not in body:
        return []
    out: list[TextFile] = []
    position = 0
    while len(out) < _MOST_FILES:
        found = _BEGIN.search(body, position)
        if found is None:
            break
        if found.group(2) is None:
            name, (content, stop) = found.group(1).strip(), _uu_lines(body, found.end())
        else:
            name, (content, stop) = _yenc_name(found.group(2)), _yenc_lines(body, found.end())
        if content:
            out.append(TextFile(name, content, found.start(), stop))
        position = max(stop, found.end())
    return out


def _uu_lines(body: bytes, position: int) -> tuple[bytes, int]:
    lines: list[bytes] = []
    while position < len(body):
        stop = body.find(b"\n", position)
        following = len(body) if stop < 0 else stop + 1
        line = body[position:following].rstrip(b"\r\n")
        if line.strip() == b"end":
            return b"".join(lines), following
        if not line:
            position = following
            continue
        piece = _uu_line(line)
        if piece is None:
            break
        lines.append(piece)
        position = following
    return b"".join(lines), position


def _uu_line(line: bytes) -> bytes | None:
    """The bytes of one line, or None where it is no data: its first sign counts what follows (blanks may be cut)."""
    count = (line[0] - 32) & 63
    needed = (count + 2) // 3 * 4 + 1
    if not 32 <= line[0] <= 96 or len(line) > needed + 2:
        return None
    try:
        return binascii.a2b_uu(line[:needed].ljust(needed, b" "))[:count]
    except binascii.Error:
        return None


def _yenc_name(attributes: bytes) -> bytes:
    return attributes.partition(b"name=")[2].strip().strip(b'"')


_UNSHIFTED = bytes((byte - 42) % 256 for byte in range(256))
_ESCAPED = re.compile(rb"=(.)", re.DOTALL)


def _yenc_lines(body: bytes, position: int) -> tuple[bytes, int]:
    """Without the closing line it is no file: a text may speak of yEnc."""
    end = body.find(b"\n=yend ", position - 1)
    if end < 0:
        return b"", position
    data = body[position:end]
    if data.startswith(b"=ypart "):
        data = data.partition(b"\n")[2]
    data = data.replace(b"\r", b"").replace(b"\n", b"")
    plain = _ESCAPED.sub(lambda pair: bytes([(pair.group(1)[0] - 64) % 256]), data).translate(_UNSHIFTED)
    stop = body.find(b"\n", end + 1)
    return plain, len(body) if stop < 0 else stop + 1

"""A winmail.dat as Outlook packs it, for the tests of its opening."""

from __future__ import annotations

import struct

PLAIN, RICH, PAGE, LONG_NAME, KIND, CONTENT_ID, DATA = 0x1000, 0x1009, 0x1013, 0x3707, 0x370E, 0x3712, 0x3701


def attribute(tag: int, content: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, tag, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def properties(*each: tuple[int, bytes | str]) -> bytes:
    """MAPI properties: text as Unicode, bytes as binary; between them one of each odd shape."""
    out = [struct.pack("<I", len(each) + 2)]
    out.append(struct.pack("<HHI", 0x0003, 0x0E07, 1))  # a number
    guid = bytes(16)
    out.append(struct.pack("<HH", 0x0003, 0x8001) + guid + struct.pack("<III", 0, 7, 9))  # a named one
    for number, value in each:
        kind = 0x1F if isinstance(value, str) else 0x102
        data = value.encode("utf-16-le") + b"\0\0" if isinstance(value, str) else value
        out.append(struct.pack("<HHII", kind, number, 1, len(data)) + data + bytes(-len(data) % 4))
    return b"".join(out)


def compressed(rich: bytes) -> bytes:
    """PR_RTF_COMPRESSED of literals only, as [MS-OXRTFCP] allows."""
    body = b""
    for start in range(0, len(rich), 8):
        body += b"\0" + rich[start : start + 8]
    body += b"\x01" + struct.pack(">H", 0)
    return struct.pack("<II4sI", len(body) + 12, len(rich), b"LZFu", 0) + body


def pack(*files: tuple[str, bytes], codepage: int = 1251, title: bytes | None = None, **words: bytes | str) -> bytes:
    """``words``: plain, rich (RTF, not compressed yet), page."""
    out = [b"\x78\x9f\x3e\x22\x01\x00", attribute(0x00069007, struct.pack("<II", codepage, 0))]
    message: list[tuple[int, bytes | str]] = []
    if "plain" in words:
        message.append((PLAIN, words["plain"]))
    if "page" in words:
        message.append((PAGE, words["page"]))
    if "rich" in words:
        rich = words["rich"]
        message.append((RICH, compressed(rich if isinstance(rich, bytes) else rich.encode())))
    out.append(attribute(0x00069003, properties(*message)))
    for name, content in files:
        out.append(attribute(0x00069002, bytes(14), 2))
        out.append(attribute(0x00018010, title or b"SHORT~1.TXT\0", 2))
        out.append(attribute(0x0006800F, content, 2))
        out.append(attribute(0x00069005, properties((LONG_NAME, name), (KIND, "application/pdf")), 2))
    return b"".join(out)

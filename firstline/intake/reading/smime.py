"""The words inside an opaque-signed S/MIME part (RFC 8551 §3.5.2): signed, not encrypted, so anybody may read them.

Only the path to the content is walked (CMS SignedData, RFC 5652 §5.1); nothing is verified, nothing is decrypted.
"""

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_MOST_CHUNKS = 100_000


def signed_content(der: bytes) -> bytes | None:
    """The MIME entity that was signed, or None where the bytes hold none: encrypted, detached, or no CMS at all."""
    if der[:1] != b"\x30" or _SIGNED_DATA not in der[:40]:
        return None
    place = der.find(_DATA, 0, 400)
    if place < 0:
        return None
    explicit = _element(der, place + len(_DATA))
    if explicit is None or explicit[0] != 0xA0:
        return None
    return _octets(der, explicit[1])


def _element(der: bytes, at: int) -> tuple[int, int, int | None] | None:
    """(tag, where its content begins, where it ends or None for an indefinite length) of the element at ``at``."""
    if at + 2 > len(der):
        return None
    tag, length = der[at], der[at + 1]
    if length < 0x80:
        return tag, at + 2, min(at + 2 + length, len(der))
    if length == 0x80:
        return tag, at + 2, None
    count = length & 0x7F
    if count > 6 or at + 2 + count > len(der):
        return None
    start = at + 2 + count
    return tag, start, min(start + int.from_bytes(der[at + 2 : start], "big"), len(der))


def _octets(der: bytes, at: int) -> bytes | None:
    """An OCTET STRING, whole (04) or in chunks (24), as programs that write a stream make it."""
    outer = _element(der, at)
    if outer is None:
        return None
    tag, start, end = outer
    if tag == 0x04 and end is not None:
        return der[start:end]
    if tag != 0x24:
        return None
    chunks: list[bytes] = []
    position = start
    while len(chunks) < _MOST_CHUNKS and (end is None or position < end):
        chunk = _element(der, position)
        if chunk is None or chunk[0] != 0x04 or chunk[2] is None:
            break
        chunks.append(der[chunk[1] : chunk[2]])
        position = chunk[2]
    return b"".join(chunks) if chunks else None

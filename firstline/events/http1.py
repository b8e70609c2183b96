"""HTTP/1.1 as the front speaks it: heads read strictly, because two readers of one request must never disagree
(smuggling).

Nothing here knows Django: values and streams in, values and streams out.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

LARGEST_HEAD = 64 * 1024
IN_MEMORY = 256 * 1024  # per body; beyond it a temporary file
PIECE = 64 * 1024

Headers = list[tuple[bytes, bytes]]
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) (\S{1,16384}) HTTP/1\.([01])")
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: ([^\r\n]*))?")
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect",
     b"content-length", b"proxy-authenticate", b"proxy-authorization"}
)  # fmt: skip


class Malformed(Exception):
    """Not HTTP as we read it. `status` is what the sender is told."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass
class Request:
    """The head of a request; header names in small letters."""

    method: bytes
    target: bytes
    minor: int
    headers: Headers

    @property
    def path(self) -> bytes:
        """Without the query."""
        return self.target.partition(b"?")[0]

    @property
    def keeps_alive(self) -> bool:
        """Whether the sender wants to go on with this connection."""
        wish = b",".join(values(self.headers, b"connection")).lower()
        return b"close" not in wish and (self.minor == 1 or b"keep-alive" in wish)


@dataclass
class Response:
    """The head of a response."""

    status: int
    reason: bytes
    headers: Headers


def values(headers: Headers, name: bytes) -> list[bytes]:
    """All values of a header."""
    return [value for given, value in headers if given == name]


async def read_head(reader: asyncio.StreamReader) -> bytes | None:
    """The bytes up to the empty line, or None where the other side ended before the first of them.

    Raises Malformed, and ConnectionError where it ended in the middle.
    """
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as ended:
        if ended.partial.strip():
            raise ConnectionResetError("ended within a head") from ended
        return None
    except asyncio.LimitOverrunError as large:
        raise Malformed(431, "The headers are too large.") from large


def request_of(head: bytes) -> Request:
    """Raises Malformed."""
    first, headers = _lines(head.lstrip(b"\r\n"))
    match = REQUEST_LINE.fullmatch(first)
    if match is None:
        raise Malformed(400, "The request line is not HTTP/1.1.")
    method, target, minor = match[1], match[2], int(match[3])
    hosts = values(headers, b"host")
    if len(hosts) > 1 or (minor == 1 and not hosts):
        raise Malformed(400, "One Host header is needed.")
    keys = values(headers, b"idempotency-key")
    if len(keys) > 1 or not all(key.isascii() for key in keys):
        # The web process would not see it, and do again what was to be done once.
        raise Malformed(400, "An Idempotency-Key has 1 to 200 printable ASCII characters, and there is one.")
    if not target.startswith(b"/"):
        target, headers = _from_absolute(target, headers)
    return Request(method, target, minor, headers)


def response_of(head: bytes) -> Response:
    """Raises Malformed."""
    first, headers = _lines(head)
    match = STATUS_LINE.fullmatch(first)
    if match is None:
        raise Malformed(502, "The answer of the web process is not HTTP.")
    return Response(int(match[1]), match[2] or b"", headers)


def _lines(head: bytes) -> tuple[bytes, Headers]:
    first, *rest = head[:-4].split(b"\r\n")
    headers: Headers = []
    for line in rest:
        name, colon, value = line.partition(b":")
        if not colon or not TOKEN.fullmatch(name) or b"\x00" in value or b"\r" in value or b"\n" in value:
            raise Malformed(400, "A header is malformed.")
        headers.append((name.lower(), value.strip(b" \t")))
    return first, headers


def _from_absolute(target: bytes, headers: Headers) -> tuple[bytes, Headers]:
    """`http://host/path` is `/path` with that Host (RFC 9112, 3.2.2)."""
    match = re.fullmatch(rb"https?://([^/?#\s]+)(/\S*)?", target)
    if match is None:
        raise Malformed(400, "The address is not a path.")
    return match[2] or b"/", [(b"host", match[1]), *((name, value) for name, value in headers if name != b"host")]


def length_of(headers: Headers, *, status: int = 400) -> int | None:
    """The length of a body: a number, None for chunked, 0 where nothing is said of a request. Raises Malformed."""
    lengths, codings = values(headers, b"content-length"), values(headers, b"transfer-encoding")
    if codings:
        if lengths or [coding.lower() for coding in codings] != [b"chunked"]:
            raise Malformed(status, "The length of the body is not clear.")
        return None
    if not lengths:
        return 0
    if len(set(lengths)) != 1 or not re.fullmatch(rb"[0-9]{1,15}", lengths[0]):
        raise Malformed(status, "The length of the body is not clear.")
    return int(lengths[0])


async def pieces(reader: asyncio.StreamReader, length: int | None) -> AsyncIterator[bytes]:
    """A body of this length, or a chunked one (None). Raises Malformed and ConnectionError."""
    if length is None:
        async for piece in _chunks(reader):
            yield piece
        return
    left = length
    while left:
        piece = await reader.read(min(PIECE, left))
        if not piece:
            raise ConnectionResetError("ended within a body")
        left -= len(piece)
        yield piece


async def until_end(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """A body that ends with its connection."""
    while piece := await reader.read(PIECE):
        yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    try:
        while size := await _chunk_size(reader):
            async for piece in pieces(reader, size):
                yield piece
            if await reader.readexactly(2) != b"\r\n":
                raise Malformed(400, "A chunk does not end where it says.")
        for _ in range(100):
            if await reader.readuntil(b"\r\n") == b"\r\n":
                return
        raise Malformed(400, "Too many trailers.")
    except asyncio.IncompleteReadError as ended:
        raise ConnectionResetError("ended within a chunk") from ended
    except asyncio.LimitOverrunError as large:
        raise Malformed(400, "A line of the chunked body is too long.") from large


async def _chunk_size(reader: asyncio.StreamReader) -> int:
    line = (await reader.readuntil(b"\r\n"))[:-2].partition(b";")[0].strip(b" \t")
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,12}", line):
        raise Malformed(400, "A chunk has no size.")
    return int(line, 16)


def new_store() -> IO[bytes]:
    """Where a body waits: memory first, then a file that is gone when closed."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def size_of(store: IO[bytes]) -> int:
    """Bytes in it; leaves it at its start."""
    size = store.seek(0, 2)
    store.seek(0)
    return size


def head_of(first: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A head as bytes."""
    return b"".join((first, b"\r\n", *(b"%s: %s\r\n" % pair for pair in headers), b"\r\n"))

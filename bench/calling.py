"""A load client that costs little: keep-alive on raw sockets, answers read by their Content-Length, nothing parsed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What the calls gave: seconds of each, how many had which status, seconds for all of them together."""

    took: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    last: bytes = b""


def request(method: str, path: str, *, body: bytes = b"", **headers: str) -> bytes:
    """A whole request as bytes. Header names are written with _ for -."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def call(port: int, make: Callable[[int], bytes], *, count: int, at_once: int) -> Outcome:
    """Sends `count` requests, `at_once` of them at any time; `make(n)` gives the n-th."""
    return asyncio.run(_call(port, make, count, at_once))


async def _call(port: int, make: Callable[[int], bytes], count: int, at_once: int) -> Outcome:
    outcome = Outcome()
    numbers = iter(range(count))
    began = time.perf_counter()
    await asyncio.gather(*(_one(port, make, numbers, outcome) for _ in range(at_once)))
    outcome.seconds = time.perf_counter() - began
    return outcome


async def _one(port: int, make: Callable[[int], bytes], numbers: object, outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:  # type: ignore[attr-defined]
        began = time.perf_counter()
        writer.write(make(number))
        status, body, keeps = await _answer(reader)
        outcome.took.append(time.perf_counter() - began)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        outcome.last = body
        if not keeps:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    status = int(head.split(b" ", 2)[1])
    keeps = b"connection: close" not in lower
    place = lower.find(b"content-length:")
    if place >= 0:
        length = int(lower[place + 15 : lower.find(b"\r\n", place)])
        return status, await reader.readexactly(length) if length else b"", keeps
    if b"transfer-encoding: chunked" in lower:
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readline()
        return status, body, keeps
    return status, await reader.read(), False

"""Clients as a bad line makes them: some send 100 bytes a second, some read 2 KB a second (stack.md, "web server")."""

from __future__ import annotations

import asyncio
import socket
import time

SENT_A_SECOND, READ_A_SECOND = 100, 2_048
PAUSE = 0.25


def waits(port: int, page: bytes, *, slow: int, seconds: float) -> list[float]:
    """Seconds that each of many requests for `page` took while `slow` senders and `slow` readers were at it."""
    return asyncio.run(_waits(port, page, slow, seconds))


async def _waits(port: int, page: bytes, slow: int, seconds: float) -> list[float]:
    others = [asyncio.create_task(_send(port)) for _ in range(slow)]
    others += [asyncio.create_task(_read(port, page)) for _ in range(slow)]
    if slow:
        await asyncio.sleep(2)  # until all of them are in the middle of it
    took: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(page.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        answer = await reader.read()
        while piece := await reader.read():
            answer += piece
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the page was not served: {answer[:200]!r}")
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    for other in others:
        other.cancel()
    for ended in await asyncio.gather(*others, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return took


async def _send(port: int) -> None:
    """A form of 64 KB, 100 bytes at a time, again and again."""
    body = b"x" * 65_536
    head = (
        "POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    while True:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        message = head + body
        try:
            for place in range(0, len(message), SENT_A_SECOND):
                writer.write(message[place : place + SENT_A_SECOND])
                await writer.drain()
                await asyncio.sleep(1)
        except ConnectionError:
            continue  # the server has had enough of it: the next one
        finally:
            writer.close()


async def _read(port: int, page: bytes) -> None:
    """Asks for the page and reads 2 KB a second, with a window too small for the kernel to help."""
    loop = asyncio.get_running_loop()
    while True:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.setblocking(False)
        try:
            await loop.sock_connect(line, ("127.0.0.1", port))
            await loop.sock_sendall(line, page.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            while await loop.sock_recv(line, READ_A_SECOND):
                await asyncio.sleep(1)
        except ConnectionError:
            continue
        finally:
            line.close()

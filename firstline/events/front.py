"""The one public port: takes whole requests from clients however slow, and only then bothers a web process with them.

A WSGI worker does one thing at a time. If it read from or wrote to a client that does 100 bytes a second, nobody else
would be served meanwhile; so requests are read to their end here and answers are kept here until the client has them
(docs/decisions/0003-front.md). /events goes to the event process and is passed on as it comes.

    python -m firstline.events.front --port 8000 --web unix:/run/web-0 --web unix:/run/web-1 --events unix:/run/events
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from firstline.events import http1
from firstline.events.http1 import Malformed, Request, Response
from firstline.events.origin import for_client, for_upstream
from firstline.events.upstream import Address, Away, Connection, Upstreams

LARGEST_BODY = 40 * 1024 * 1024
MOST_CONNECTIONS = 2_000
HEAD_SECONDS = 30.0  # from the first byte of a head to its last
IDLE_SECONDS = 75.0  # between requests
STALL_SECONDS = 60.0  # without one byte of a body
BODY_SECONDS = 900.0  # for a whole body
ANSWER_SECONDS = 120.0  # of the web process, once it has the request
WRITE_SECONDS = 120.0  # for a client to take 64 KB
DRAIN_SECONDS = 20.0
LINGER_SECONDS = 2.0
SAFE = frozenset({b"GET", b"HEAD", b"OPTIONS"})
REASONS = {400: "Bad Request", 408: "Request Timeout", 413: "Content Too Large", 431: "Request Header Fields Too Large",
           502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}  # fmt: skip


@dataclass
class Settings:
    """What the front is told at its start. `key` proves to the web process who says where a request came from."""

    web: Sequence[str]
    events: Sequence[str]
    at_once: int = 1
    trusted: frozenset[str] = frozenset()
    key: str = ""
    largest_body: int = LARGEST_BODY


@dataclass(eq=False)
class Visit:
    """One connection of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    peer: str
    is_idle: bool = True
    is_stream: bool = False


@dataclass
class Front:
    """The server. `serve` returns when `stop` was called and everybody has been answered."""

    settings: Settings
    visits: set[Visit] = field(default_factory=set)
    draining: bool = False

    def __post_init__(self) -> None:
        self.web = Upstreams(list(self.settings.web), at_once=self.settings.at_once)
        self.events = Upstreams(list(self.settings.events), at_once=1_000_000)
        self.stopping = asyncio.Event()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Takes connections from now on."""
        return await asyncio.start_server(self._visited, host, port, limit=http1.LARGEST_HEAD, backlog=1024)

    async def serve(self, host: str, port: int) -> None:
        """Until `stop`; then no new connections, and what is under way has DRAIN_SECONDS."""
        server = await self.listen(host, port)
        await self.stopping.wait()
        server.close()
        await self.drain()

    def stop(self) -> None:
        """Asks `serve` to end."""
        self.stopping.set()

    async def drain(self) -> None:
        """Answers what was asked, hangs up on everybody else."""
        self.draining = True
        for visit in list(self.visits):
            if visit.is_idle or visit.is_stream:
                visit.writer.close()
        end = asyncio.get_running_loop().time() + DRAIN_SECONDS
        while self.visits and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.05)
        for visit in list(self.visits):
            visit.writer.transport.abort()

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        visit = Visit(reader, writer, peer[0] if isinstance(peer, tuple) else "127.0.0.1")
        self.visits.add(visit)
        try:
            if len(self.visits) > MOST_CONNECTIONS:
                await _refuse(writer, 503, "Too many connections are open.")
                return
            while not self.draining and await self._one(visit):
                visit.is_idle = True
        except (ConnectionError, TimeoutError):
            pass  # he went away, or did nothing for too long: nobody is left to be told
        finally:
            self.visits.discard(visit)
            writer.close()

    async def _one(self, visit: Visit) -> bool:
        """One request and its answer. Returns whether the connection goes on."""
        try:
            head = await self._head(visit)
            if head is None:
                return False
            request = http1.request_of(head)
            with http1.new_store() as body:
                await self._take_body(visit, request, body)
                return await self._answer(visit, request, body)
        except Malformed as wrong:
            await _refuse(visit.writer, wrong.status, wrong.detail)
            await _listen_out(visit)
        except Away:
            await _refuse(visit.writer, 503, "The program is being started. Nothing was taken; try again.")
        return False

    async def _head(self, visit: Visit) -> bytes | None:
        async with asyncio.timeout(IDLE_SECONDS):
            first = await visit.reader.read(1)
        visit.is_idle = False
        if not first:
            return None
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                rest = await http1.read_head(visit.reader)
        except TimeoutError as slow:
            raise Malformed(408, "The headers took too long.") from slow
        return None if rest is None else first + rest

    async def _take_body(self, visit: Visit, request: Request, body: IO[bytes]) -> None:
        length = http1.length_of(request.headers)
        if length == 0:
            return
        if length is not None and length > self.settings.largest_body:
            raise Malformed(413, f"A body may have {self.settings.largest_body} bytes.")
        if b"100-continue" in [value.lower() for value in http1.values(request.headers, b"expect")]:
            visit.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        taken = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for piece in _without_stalling(http1.pieces(visit.reader, length)):
                    taken += len(piece)
                    if taken > self.settings.largest_body:
                        raise Malformed(413, f"A body may have {self.settings.largest_body} bytes.")
                    _keep(piece, body)
        except TimeoutError as slow:
            raise Malformed(408, "The body took too long.") from slow

    async def _answer(self, visit: Visit, request: Request, body: IO[bytes]) -> bool:
        if request.path in {b"/events", b"/events/"}:
            async with self.events.place() as (_, connection):
                return await self._pass_on(visit, request, body, connection)
        with http1.new_store() as kept:
            # What changes something must not be asked twice, so it is never asked on a connection that may be dead.
            async with self.web.place(fresh=request.method not in SAFE) as (address, connection):
                response = await self._ask(address, connection, visit, request, body, kept)
            # From here on no web process is involved, however slowly the client reads.
            return await self._give(visit, request, response, kept)

    async def _ask(
        self, address: Address, connection: Connection, visit: Visit, request: Request, body: IO[bytes], kept: IO[bytes]
    ) -> Response:
        """The whole answer of a web process; if a kept connection was dead, asked once more where that is safe."""
        try:
            return await self._exchange(address, connection, visit, request, body, kept)
        except (ConnectionError, asyncio.IncompleteReadError) as broken:
            if not (connection.used and request.method in SAFE):
                raise Malformed(502, "The web process ended before it answered.") from broken
        try:
            return await self._exchange(address, await address.connect(), visit, request, body, kept)
        except (OSError, asyncio.IncompleteReadError) as broken:
            raise Malformed(502, "The web process ended before it answered.") from broken

    async def _exchange(
        self, address: Address, connection: Connection, visit: Visit, request: Request, body: IO[bytes], kept: IO[bytes]
    ) -> Response:
        kept.seek(0)
        kept.truncate()
        is_whole = False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._send(connection, visit, request, body)
                response = await _final_head(connection)
                if request.method != b"HEAD" and response.status not in {204, 304}:
                    async for piece in _body_of(response, connection):
                        kept.write(piece)
            closes = b"close" in b",".join(http1.values(response.headers, b"connection")).lower()
            is_whole = not closes and request.method in SAFE and _is_framed(request, response)
            return response
        except TimeoutError as slow:
            raise Malformed(504, "The web process did not answer in time.") from slow
        finally:
            connection.used = True
            if is_whole:
                address.idle.append(connection)
            else:
                connection.writer.close()

    async def _send(self, connection: Connection, visit: Visit, request: Request, body: IO[bytes]) -> None:
        size = http1.size_of(body)
        headers = for_upstream(request.headers, visit.peer, self.settings.trusted, self.settings.key)
        if size or request.method not in SAFE:
            headers.append((b"content-length", b"%d" % size))
        connection.writer.write(http1.head_of(b"%s %s HTTP/1.1" % (request.method, request.target), headers))
        while piece := body.read(http1.PIECE):
            connection.writer.write(piece)
            await connection.writer.drain()

    async def _give(self, visit: Visit, request: Request, response: Response, kept: IO[bytes]) -> bool:
        goes_on = request.keeps_alive and not self.draining
        headers = for_client(response.headers)
        if request.method == b"HEAD" or response.status == 304:
            headers += [(b"content-length", value) for value in http1.values(response.headers, b"content-length")]
        elif response.status != 204:
            headers.append((b"content-length", b"%d" % http1.size_of(kept)))
        headers.append((b"connection", b"keep-alive" if goes_on else b"close"))
        first = b"HTTP/1.1 %d %s" % (response.status, response.reason)
        visit.writer.write(http1.head_of(first, headers))
        kept.seek(0)
        while piece := kept.read(http1.PIECE):
            visit.writer.write(piece)
            await _drained(visit.writer)
        await _drained(visit.writer)
        return goes_on

    async def _pass_on(self, visit: Visit, request: Request, body: IO[bytes], connection: Connection) -> bool:
        """An answer of the event process, piece by piece as it comes, until one of the two goes."""
        try:
            await self._send(connection, visit, request, body)
            async with asyncio.timeout(ANSWER_SECONDS):
                response = await _final_head(connection)
            if http1.values(response.headers, b"content-length") or response.status == 304:
                with http1.new_store() as kept:
                    async for piece in _body_of(response, connection):
                        kept.write(piece)
                    return await self._give(visit, request, response, kept)
            visit.is_stream = True
            first = b"HTTP/1.1 %d %s" % (response.status, response.reason)
            visit.writer.write(http1.head_of(first, [*for_client(response.headers), (b"connection", b"close")]))
            gone = asyncio.create_task(visit.reader.read())
            told = asyncio.create_task(_flow(_body_of(response, connection), visit.writer))
            await asyncio.wait({gone, told}, return_when=asyncio.FIRST_COMPLETED)
            for task in (gone, told):
                task.cancel()
            await asyncio.gather(gone, told, return_exceptions=True)
            return False
        finally:
            connection.writer.close()


def _keep(piece: bytes, body: IO[bytes]) -> None:
    try:
        body.write(piece)
    except OSError as full:
        raise Malformed(503, "There is no room for the body. Nothing was taken; try again.") from full


async def _flow(pieces: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    async for piece in pieces:
        writer.write(piece)
        await _drained(writer)


async def _listen_out(visit: Visit) -> None:
    """Reads on for a moment, so that who is still sending gets to read the refusal before the connection ends."""
    visit.writer.write_eof()
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while await visit.reader.read(http1.PIECE):
                pass
    except TimeoutError:
        return


async def _drained(writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        await writer.drain()


async def _without_stalling(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(STALL_SECONDS):
            piece = await anext(pieces, b"")
        if not piece:
            return
        yield piece


async def _final_head(connection: Connection) -> Response:
    """Past "100 Continue" and the like. Raises ConnectionError where there is none."""
    while True:
        head = await http1.read_head(connection.reader)
        if head is None:
            raise ConnectionResetError("no answer")
        response = http1.response_of(head)
        if response.status >= 200:
            return response


def _body_of(response: Response, connection: Connection) -> AsyncIterator[bytes]:
    lengths = http1.values(response.headers, b"content-length")
    if not lengths and not http1.values(response.headers, b"transfer-encoding"):
        return http1.until_end(connection.reader)
    return http1.pieces(connection.reader, http1.length_of(response.headers, status=502))


def _is_framed(request: Request, response: Response) -> bool:
    """Whether the end of the answer is known without the end of the connection."""
    if request.method == b"HEAD" or response.status in {204, 304}:
        return True
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in response.headers)


async def _refuse(writer: asyncio.StreamWriter, status: int, detail: str) -> None:
    said = {"type": "about:blank", "title": REASONS.get(status, "Refused"), "status": status, "detail": detail}
    body = json.dumps(said).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    writer.write(http1.head_of(f"HTTP/1.1 {status} {REASONS.get(status, 'Refused')}".encode(), headers) + body)
    await _drained(writer)


async def run(host: str, port: int, settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT."""
    front = Front(settings)
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, front.stop)
    await front.serve(host, port)


def main(arguments: Sequence[str] | None = None) -> None:
    """The process. FIRSTLINE_FRONT_KEY and FIRSTLINE_TRUSTED_PROXIES come from the environment."""
    parser = argparse.ArgumentParser(prog="firstline.events.front")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--web", action="append", required=True, help="unix:/path or host:port; one for each web process"
    )
    parser.add_argument("--events", action="append", required=True, help="the event process")
    parser.add_argument("--at-once", type=int, default=1, help="requests that each web address gets at once")
    given = parser.parse_args(arguments)
    trusted = frozenset(
        name.strip() for name in os.environ.get("FIRSTLINE_TRUSTED_PROXIES", "").split(",") if name.strip()
    )
    settings = Settings(
        web=given.web, events=given.events, at_once=given.at_once, trusted=trusted,
        key=os.environ.get("FIRSTLINE_FRONT_KEY", ""),
    )  # fmt: skip
    asyncio.run(run(given.host, given.port, settings))


if __name__ == "__main__":
    main()

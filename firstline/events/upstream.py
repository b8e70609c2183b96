"""The processes behind the front: who is free gets the next request; the others wait in line, here and not in a
worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from firstline.events.http1 import LARGEST_HEAD

CONNECT_SECONDS = 10.0  # a web process that was killed needs up to six to be back on a busy machine
BETWEEN_TRIES = 0.1


class Away(Exception):
    """Nobody behind the front takes connections now (503)."""


@dataclass
class Connection:
    """A connection to a process behind; `used` where it has answered a request before."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether the other side has hung up."""
        return self.reader.at_eof() or self.writer.is_closing()


@dataclass
class Address:
    """`unix:/path` or `host:port`."""

    text: str
    busy: int = 0
    away_since: float | None = None
    away_until: float = 0.0
    idle: list[Connection] = field(default_factory=list)

    async def connect(self) -> Connection:
        """Raises OSError."""
        if self.text.startswith("unix:"):
            reader, writer = await asyncio.open_unix_connection(self.text[5:], limit=LARGEST_HEAD)
        else:
            host, _, port = self.text.rpartition(":")
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port), limit=LARGEST_HEAD)
        return Connection(reader, writer)

    def kept(self) -> Connection | None:
        """A connection that is open already."""
        while self.idle:
            connection = self.idle.pop()
            if not connection.is_stale:
                return connection
            connection.writer.close()
        return None


class Upstreams:
    """Several addresses of the same thing, each with room for `at_once` requests."""

    def __init__(self, addresses: list[str], *, at_once: int) -> None:
        self.addresses = [Address(text) for text in addresses]
        self.at_once = at_once
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self, *, fresh: bool = False) -> AsyncIterator[tuple[Address, Connection]]:
        """A connection to the least busy address, as soon as one has room. Raises Away. `fresh`: none that was used
        before, which may be dead without our knowing.

        Who went away a moment ago is being started again and is waited for; when all have been away for longer, nobody
        stands in line for nothing.
        """
        address, connection = await self._taken(fresh=fresh)
        try:
            yield address, connection
        finally:
            self._leave(address)

    async def _taken(self, *, fresh: bool) -> tuple[Address, Connection]:
        loop = asyncio.get_running_loop()
        tried = False
        while True:
            address = self._free(loop.time())
            if address is None:
                await self._turn(loop.time(), tried=tried)
                continue
            tried = True
            address.busy += 1
            try:
                connection = (None if fresh else address.kept()) or await address.connect()
            except OSError:
                self._leave(address)
                address.away_until = loop.time() + BETWEEN_TRIES
                if address.away_since is None:
                    address.away_since = loop.time()
            except asyncio.CancelledError:
                self._leave(address)
                raise
            else:
                address.away_since = None
                return address, connection

    async def _turn(self, now: float, *, tried: bool) -> None:
        """Returns when it is worth looking again. Raises Away for who has tried himself and found nobody for long."""
        away = [now - one.away_since for one in self.addresses if one.away_since is not None]
        if len(away) == len(self.addresses):
            if tried and min(away) >= CONNECT_SECONDS:
                raise Away
            await asyncio.sleep(BETWEEN_TRIES)
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._next()  # it was our turn: the next one's now
            raise

    def _free(self, now: float) -> Address | None:
        """Who refused comes last, and is asked again only after a while."""
        open_ones = [
            one
            for one in self.addresses
            if one.busy < self.at_once and (one.away_since is None or one.away_until <= now)
        ]
        return min(open_ones, key=lambda one: (one.away_since is not None, one.busy), default=None)

    def _leave(self, address: Address) -> None:
        address.busy -= 1
        self._next()

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

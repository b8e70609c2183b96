"""The processes behind the front: who is free gets the next request; the others wait in line, here and not in a
worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from firstline.events.http1 import LARGEST_HEAD

CONNECT_SECONDS = 3.0
BETWEEN_TRIES = 0.1
AWAY_SECONDS = 0.5


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
    async def place(self) -> AsyncIterator[Address]:
        """The least busy address, as soon as one has room."""
        while (address := self._free()) is None:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._next()  # it was our turn: the next one's now
                raise
        address.busy += 1
        try:
            yield address
        finally:
            address.busy -= 1
            self._next()

    async def connection(self, address: Address, *, fresh: bool = False) -> Connection:
        """To this address. A process that was just restarted is waited for. Raises Away."""
        if not fresh and (kept := address.kept()) is not None:
            return kept
        loop = asyncio.get_running_loop()
        end = loop.time() + CONNECT_SECONDS
        while True:
            try:
                return await address.connect()
            except OSError as refused:
                address.away_until = loop.time() + AWAY_SECONDS
                if loop.time() > end:
                    raise Away(address.text) from refused
            await asyncio.sleep(BETWEEN_TRIES)

    def _free(self) -> Address | None:
        now = asyncio.get_running_loop().time()
        open_ones = [one for one in self.addresses if one.busy < self.at_once]
        # Who refused a moment ago comes last: his process is being started again.
        return min(open_ones, key=lambda one: (one.away_until > now, one.busy), default=None)

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

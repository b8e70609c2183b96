"""One reader for all who listen in this process: woken by PostgreSQL's NOTIFY or by SQLite's data_version."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections

from firstline.events import listeners
from firstline.events.feed import BATCH, Feed, News, data_version
from firstline.events.listeners import Listener
from firstline.lib import log
from firstline.live.publish import CHANNEL

SQLITE_EVERY = 0.2
GAP_EVERY = 0.5
ANYWAY_EVERY = 30.0  # a wake-up that was lost costs at most this
RECHECK_EVERY = 10.0
AWAY_PAUSE = 1.0
BURST = 0.02  # what happens together is told together
FULL = 500
ASKERS = 2
CLOSE_SECONDS = 2.0
Result = TypeVar("Result")


class Stream:
    """What waits to be sent to one listener. `ended` says that he is to be sent away."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.waiting: asyncio.Queue[News | None] = asyncio.Queue(maxsize=FULL + 1)  # the last place is for None
        self.is_over = False

    def tell(self, news: News) -> None:
        """Puts it into the queue; who does not read fast enough is sent away and replays when he comes back."""
        if self.is_over or not news.is_for(self.listener.audiences):
            return
        if self.waiting.qsize() < FULL:
            self.waiting.put_nowait(news)
        else:
            self.end()

    def end(self) -> None:
        """The stream stops after what is in the queue."""
        if not self.is_over:
            self.is_over = True
            self.waiting.put_nowait(None)


class Hub:
    """Started with the first who listens. `position`: everything up to it was put into every queue."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.position = 0
        self._feed = Feed()
        self._reader = ThreadPoolExecutor(1, "feed")  # one thread: data_version counts per connection
        self._askers = ThreadPoolExecutor(ASKERS, "let-in")
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._start = asyncio.Lock()

    async def ask(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Runs what talks to the database beside the event loop. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._askers, _fresh, function, *arguments)

    async def ready(self) -> None:
        """Raises DatabaseError or InterfaceError where the database is away."""
        async with self._start:
            if self._tasks:
                return
            await self._read_in_thread(self._feed.start)
            self.position = self._feed.settled
            following = self._notified if connection.vendor == "postgresql" else self._watched
            self._tasks = [asyncio.create_task(one()) for one in (following, self._follow, self._recheck)]

    async def close(self) -> None:
        """Sends everybody away and stops."""
        for stream in list(self.streams):
            stream.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for pool, threads in ((self._reader, 1), (self._askers, ASKERS)):
            meeting = threading.Barrier(threads)  # so that each thread of the pool closes its own connection
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(pool, _leave, meeting) for _ in range(threads)))
            pool.shutdown(wait=False)

    async def _follow(self) -> None:
        while True:
            try:  # not wait_for: before Python 3.12 it forgets a cancellation that meets a wake-up
                async with asyncio.timeout(GAP_EVERY if self._feed.is_waiting else ANYWAY_EVERY):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                while len(await self._tell_news()) == BATCH:
                    pass
            except (DatabaseError, InterfaceError) as away:
                log.get(__name__).warning("database away", problem=type(away).__name__)
                await asyncio.sleep(AWAY_PAUSE)
                self._wake.set()
            await asyncio.sleep(BURST)

    async def _tell_news(self) -> list[News]:
        found = await self._read_in_thread(self._feed.read)
        for news in found:
            for stream in self.streams:
                stream.tell(news)
        self.position = self._feed.settled
        return found

    async def _notified(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_listening(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}".encode())
                    self._wake.set()  # whatever came while nobody listened
                    async for _ in listening.notifies():
                        self._wake.set()
            except psycopg.Error as away:
                log.get(__name__).warning("not listening", problem=type(away).__name__)
            await asyncio.sleep(AWAY_PAUSE)

    async def _watched(self) -> None:
        last = -1
        while True:
            await asyncio.sleep(SQLITE_EVERY)
            try:
                version = await self._read_in_thread(data_version)
            except (DatabaseError, InterfaceError):
                await asyncio.sleep(AWAY_PAUSE)
                continue
            if version != last:
                last = version
                self._wake.set()

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_EVERY)
            streams = list(self.streams)
            try:
                allowed = await self.ask(listeners.still_in, [stream.listener.entry for stream in streams])
            except (DatabaseError, InterfaceError):
                continue  # nothing can be told either while the database is away
            for stream in streams:
                now = allowed.get(stream.listener.entry)
                if now is None:
                    stream.end()
                else:
                    stream.listener = now

    async def _read_in_thread(self, function: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._reader, _fresh, function)


def _fresh(function: Callable[..., Result], *arguments: Any) -> Result:
    close_old_connections()
    return function(*arguments)


def _leave(meeting: threading.Barrier) -> None:
    try:
        meeting.wait(CLOSE_SECONDS)
    except threading.BrokenBarrierError:
        pass  # another thread is held up by the database: it ends with the process
    connections.close_all()


def _listening() -> dict[str, Any]:
    """Django's own parameters, without what belongs to its cursors."""
    parameters = connection.get_connection_params()
    return {
        name: value
        for name, value in parameters.items()
        if name not in {"cursor_factory", "context", "server_side_binding"}
    }

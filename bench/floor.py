"""The floor of durable acceptance: one INSERT of a 20 KB row and one COMMIT, again and again, by one connection.

`rows_per_second("sqlite:///PATH" | "postgresql://…", seconds)`: WAL with synchronous=FULL, synchronous_commit=on.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import psycopg

SIZE = 20_000
COLUMNS = "source text, source_key text, sha256 text, size int, raw {kind}, unique (source, source_key)"


def rows_per_second(url: str, seconds: float) -> float:
    """Rows a second. The table is dropped afterwards."""
    if url.startswith("sqlite:///"):
        lite = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=20)
        lite.execute("pragma journal_mode=wal")
        lite.execute("pragma synchronous=full")
        try:
            return _measured(lite.execute, mark="?", kind="blob", begin="begin immediate", seconds=seconds)
        finally:
            lite.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set synchronous_commit = on")
        return _measured(connection.execute, mark="%s", kind="bytea", begin="begin", seconds=seconds)


def _measured(execute: Callable[..., Any], *, mark: str, kind: str, begin: str, seconds: float) -> float:
    execute("drop table if exists floor_inbound")
    execute(f"create table floor_inbound ({COLUMNS.format(kind=kind)})")
    insert = f"insert into floor_inbound values ({', '.join([mark] * 5)})"  # noqa: S608 - marks, no values
    rows, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        raw = os.urandom(SIZE)
        digest = hashlib.sha256(raw).hexdigest()
        execute(begin)
        execute(insert, ("floor", digest, digest, len(raw), raw))
        execute("commit")
        rows += 1
    rate = rows / (time.perf_counter() - began)
    execute("drop table floor_inbound")
    return rate

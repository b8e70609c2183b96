"""Who waits to write on SQLite is let in: one at a time waits at the turnstile, and a busy writer stands behind him."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@contextmanager
def taken() -> Iterator[sqlite3.Connection]:
    """The file, with a transaction of somebody else under way."""
    file = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_it_asks_again_and_again_while_somebody_writes() -> None:
    asked: list[str] = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(asked.append)
    with taken() as other:
        threading.Timer(1.0, lambda: other.execute("COMMIT")).start()
        with transaction.atomic():
            assert other.in_transaction is False
    connection.connection.set_trace_callback(None)
    assert asked.count("BEGIN IMMEDIATE") > 5, "SQLite's own waiting asks once and sleeps in it"


def test_who_is_let_in_never_is_told_so_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.3)
    with taken(), pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pytest.fail("nobody was to be let in")


def test_a_statement_alone_waits_as_long_as_ever() -> None:
    with transaction.atomic():
        pass
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


def test_a_wrong_statement_is_no_reason_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(connections["default"], "transaction_mode", "SOMETIMES")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 60)
    looks: list[float] = []
    monkeypatch.setattr("firstline.lib.sqlite.base.elapsed", lambda: looks.append(0.0) or 0.0)
    with pytest.raises(OperationalError, match="syntax"), transaction.atomic():
        pytest.fail("nothing was begun")
    assert len(looks) < 5, "it was not asked again"


def test_a_busy_writer_lets_the_next_one_in() -> None:
    turns, over = 0, threading.Event()

    def busy() -> None:
        nonlocal turns
        try:
            while not over.is_set() and turns < 200:
                with transaction.atomic():
                    turns += 1
                    time.sleep(0.03)
        finally:
            connection.close()

    thread = threading.Thread(target=busy)
    thread.start()
    while turns < 3:
        time.sleep(0.001)
    before = turns
    with transaction.atomic():
        had = turns - before
    over.set()
    thread.join()
    assert had < 20, "between two of its transactions the lock is free for a moment only"

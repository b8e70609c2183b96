"""Who waits to write on SQLite asks often enough to be let in between two transactions of a busy writer."""

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
    began = time.monotonic()
    with pytest.raises(OperationalError, match="syntax"), transaction.atomic():
        pytest.fail("nothing was begun")
    assert time.monotonic() - began < 15

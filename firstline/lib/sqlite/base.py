"""A writer's turn on SQLite.

SQLite has no queue: who waits looks again and again, up to 100 ms apart, while a busy process leaves the lock free for
a fraction of one between two of its transactions. So a writer could be passed over by hundreds of others until he was
told that the database is locked. Here one at a time waits for the lock, at a turnstile; whoever just had it finds the
turnstile taken and stands behind.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from firstline.lib.clock import elapsed

LOOK_MS = 16  # SQLite sleeps 1, 2, 5 and 8 ms of it
STEP_SECONDS = 0.004


class DatabaseWrapper(base.DatabaseWrapper):
    """`OPTIONS["timeout"]` seconds are waited in all, as Django's own does."""

    def _start_transaction_under_autocommit(self) -> None:
        """Raises OperationalError "database is locked" when the time is over."""
        seconds = self.settings_dict["OPTIONS"]["timeout"]
        until = elapsed() + seconds
        self.ensure_connection()
        with _turnstile(os.path.dirname(self.settings_dict["NAME"]) or ".", until):
            self._wait(LOOK_MS)
            try:
                self._begin(until)
            finally:
                self._wait(int(seconds * 1000))

    def _begin(self, until: float) -> None:
        while True:
            try:
                super()._start_transaction_under_autocommit()  # type: ignore[misc]
            except OperationalError as refused:
                if "locked" not in str(refused) or elapsed() >= until:
                    raise
            else:
                return

    def _wait(self, milliseconds: int) -> None:
        if self.connection is not None:
            self.connection.execute(f"PRAGMA busy_timeout={milliseconds}")


@contextmanager
def _turnstile(folder: str, until: float) -> Iterator[None]:
    """Passed by one of all threads and processes at a time: a lock on the folder of the file. SQLite locks the file
    itself in another way, and would lose that lock were the file opened and closed here."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        while elapsed() < until:
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(STEP_SECONDS)
        yield  # when the time is over he tries once more and is told what SQLite says
    finally:
        os.close(place)

"""A writer's turn on SQLite.

SQLite's own waiting sleeps longer each time, up to 100 ms, while the lock between two transactions of a busy process is
free for a fraction of one: whoever waits long waits ever longer, until he is told that the database is locked, though
hundreds of others had it in between. So the beginning of a transaction asks again every few milliseconds.
"""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from firstline.lib.clock import elapsed

ONE_LOOK_MS = 16  # SQLite sleeps 1, 2, 5 and 8 ms of it


class DatabaseWrapper(base.DatabaseWrapper):
    """`OPTIONS["timeout"]` seconds are waited in all, as Django's own does."""

    def _start_transaction_under_autocommit(self) -> None:
        """Raises OperationalError "database is locked" when the time is over."""
        begin: Any = super()._start_transaction_under_autocommit  # type: ignore[misc]
        seconds = self.settings_dict["OPTIONS"]["timeout"]
        until = elapsed() + seconds
        self.ensure_connection()
        self._look_for(ONE_LOOK_MS)
        try:
            while True:
                try:
                    begin()
                except OperationalError as refused:
                    if "locked" not in str(refused) or elapsed() >= until:
                        raise
                else:
                    return
        finally:
            self._look_for(int(seconds * 1000))

    def _look_for(self, milliseconds: int) -> None:
        if self.connection is not None:
            self.connection.execute(f"PRAGMA busy_timeout={milliseconds}")

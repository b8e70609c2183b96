"""One after the other: who names the same thing waits for his turn until the other's transaction ends."""

from __future__ import annotations

import hashlib

from django.db import connection


def wait_for_turn(name: str) -> None:
    """Holds `name` until the transaction ends. On SQLite the transaction (BEGIN IMMEDIATE) already is the turn."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

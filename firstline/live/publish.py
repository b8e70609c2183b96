"""Telling the screens that something changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from firstline.lib import clock, one_row, prepared
from firstline.live.models import Signal

CHANNEL = "firstline_live"
# The row and the call that wakes who listens, in one statement: every event of every ticket comes through here.
_TOLD = (
    "WITH told AS "
    "(INSERT INTO live_signal (topic, version, audience, created_at) VALUES (%s, %s, %s, %s) RETURNING id) "
    "SELECT pg_notify(%s, '') FROM told"
)


def publish(topic: str, version: int, audience: Iterable[str]) -> None:
    """One row in the caller's transaction; on PostgreSQL the listeners are woken when it commits."""
    heard_by = f" {' '.join(sorted(set(audience)))} "
    if connection.vendor != "postgresql":
        one_row.add(Signal(topic=topic, version=version, audience=heard_by))
        return
    with prepared.cursor(connection) as cursor:
        cursor.execute(_TOLD, [topic, version, heard_by, clock.real_now(), CHANNEL])

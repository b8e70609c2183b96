"""Telling the screens that something changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from firstline.live.models import Signal

CHANNEL = "firstline_live"


def publish(topic: str, version: int, audience: Iterable[str]) -> None:
    """One row in the caller's transaction; on PostgreSQL the listeners are woken when it commits."""
    Signal.objects.create(topic=topic, version=version, audience=f" {' '.join(sorted(set(audience)))} ")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])

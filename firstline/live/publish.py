"""Telling the screens that something changed."""

from __future__ import annotations

from collections.abc import Iterable

from firstline.lib import left
from firstline.live.models import Signal

CHANNEL = "firstline_live"


def publish(topic: str, version: int, audience: Iterable[str]) -> None:
    """One row in the caller's transaction; on PostgreSQL the listeners are woken when it commits."""
    heard_by = f" {' '.join(sorted(set(audience)))} "
    left.leave(Signal, wakes=CHANNEL, topic=topic, version=version, audience=heard_by)

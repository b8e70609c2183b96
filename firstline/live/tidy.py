"""Signals are for screens that were away for a while, not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from firstline.live.models import Signal

KEPT_FOR = timedelta(days=1)


def forget_old(at: datetime) -> int:
    """Deletes signals older than a day; returns how many. Who comes back later is told to read everything again.

    `at` is machine time, as `Signal.created_at` is. The newest signal stays, so that positions go on from it.
    """
    newest = Signal.objects.order_by("-pk").values_list("pk", flat=True).first()
    deleted, _ = Signal.objects.filter(created_at__lt=at - KEPT_FOR, pk__lt=newest or 0).delete()
    return deleted

"""Signs of life of the parts, for /readyz: a row a process, in machine time."""

from __future__ import annotations

from datetime import timedelta

from firstline.lib import claims, clock
from firstline.ops.models import Heartbeat

EVERY = timedelta(seconds=5)
SILENT_AFTER = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(hours=1)


class Pulse:
    """Writes a part's sign of life at most every five seconds, however often it is asked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._next = 0.0

    def beat(self, note: str = "") -> None:
        """One upsert, or nothing if the last one is fresh."""
        if clock.elapsed() < self._next:
            return
        self._next = clock.elapsed() + EVERY.total_seconds()
        moment = clock.real_now()
        Heartbeat.objects.update_or_create(
            name=self.name, process=claims.owner_name(), defaults={"at": moment, "note": note[:200]}
        )
        Heartbeat.objects.filter(at__lt=moment - FORGOTTEN_AFTER).delete()


def is_alive(name: str) -> bool:
    """Whether any process of this part gave a sign within the last half minute."""
    return Heartbeat.objects.filter(name=name, at__gte=clock.real_now() - SILENT_AFTER).exists()

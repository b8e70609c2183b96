"""What is new, in an order in which nothing is missed.

On PostgreSQL a signal with a lower id may be committed after one with a higher id, because ids are given before the
commit. So the number that a screen is told to remember is never simply the newest id but `settled`: the id up to which
no signal can still appear. Whoever comes back with it is sent everything after it again, which is at most a few signals
twice (a signal only says "look again") and never one too few.

A missing id is a transaction under way or one that was undone. It counts as undone when every transaction that ran at
the moment after we first noticed the gap has ended (pg_snapshot_xmin): no time limit, no guess. SQLite has one writer:
there ids are committed in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from firstline.lib import clock
from firstline.live.models import Signal

BATCH = 1_000
LOADING = timedelta(seconds=15)  # how long a page that does not say its age may take from being drawn to listening
LONGEST_LOADING = timedelta(minutes=5)  # an older one reads everything again
LOOK_BACK = 1_000  # at the start: how far below the newest id a transaction may still be under way


@dataclass(frozen=True)
class News:
    """One signal. `id` is its own, `position` what a screen remembers after it."""

    id: int
    topic: str
    version: int
    audience: frozenset[str]
    position: int = 0

    def is_for(self, audiences: frozenset[str]) -> bool:
        """Whether somebody who belongs to these audiences may hear it."""
        return not self.audience.isdisjoint(audiences)


@dataclass
class Feed:
    """Reads new signals, once for all who listen in this process. Not for several threads at once."""

    settled: int = -1
    _told: set[int] = field(default_factory=set)
    _gaps: dict[int, int | None] = field(default_factory=dict)

    @property
    def is_waiting(self) -> bool:
        """Whether some id is missing, so that asking again soon is worth it without being woken."""
        return bool(self._gaps)

    def start(self) -> None:
        """From now on: what is committed already is not news, what is under way will be."""
        newest = Signal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if connection.vendor != "postgresql":
            self.settled = newest
            return
        self.settled = max(0, newest - LOOK_BACK)
        self.read()

    def read(self) -> list[News]:
        """What appeared since the last time, in the order of ids; at most BATCH (then ask again)."""
        oldest, newest = _transactions() if connection.vendor == "postgresql" else (0, 0)
        # Read after the snapshot: a transaction that it calls ended is seen here with all its rows.
        rows = list(Signal.objects.filter(pk__gt=self.settled).order_by("pk")[: BATCH + len(self._told)])
        found = [row for row in rows if row.pk not in self._told]
        self._told.update(row.pk for row in found)
        self._settle([row.pk for row in rows], oldest, newest)
        return [_news(row, self.settled) for row in found]

    def _settle(self, ids: list[int], oldest: int, newest: int) -> None:
        """Moves `settled` up to the first id that may still appear."""
        if connection.vendor != "postgresql":
            self.settled = max([self.settled, *ids])
            self._told.clear()
            return
        present = set(ids)
        for missing in set(range(self.settled + 1, max(ids, default=self.settled) + 1)) - present:
            if missing not in self._gaps:
                self._gaps[missing] = None  # noticed; the next snapshot, taken after that, says whom to wait for
            elif self._gaps[missing] is None:
                self._gaps[missing] = newest
        position = self.settled
        while position < max(ids, default=position):
            until = self._gaps.get(position + 1)
            is_undone = until is not None and oldest >= until
            if position + 1 not in present and not is_undone:
                break
            position += 1
        self.settled = position
        self._told = {one for one in self._told if one > position}
        self._gaps = {one: until for one, until in self._gaps.items() if one > position and one not in present}


@dataclass(frozen=True)
class Replay:
    """What somebody missed; `complete` False: too much, or forgotten already (the screen reads everything again)."""

    news: list[News]
    complete: bool


def since(last: int, settled: int, audiences: frozenset[str]) -> Replay:
    """The signals after `last` for these audiences. `settled` is the feed's."""
    kept = Signal.objects.order_by("pk").values_list("pk", flat=True).first()
    newest = Signal.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last > (newest or 0) or (last > 0 and (kept is None or kept > last + 1)):
        return Replay([], complete=False)
    rows = list(Signal.objects.filter(pk__gt=last).order_by("pk")[: BATCH + 1])
    if len(rows) > BATCH:
        return Replay([], complete=False)
    return Replay([one for one in (_news(row, settled) for row in rows) if one.is_for(audiences)], complete=True)


def recent(settled: int, audiences: frozenset[str], age: timedelta = LOADING) -> Replay:
    """For a screen that listens for the first time, `age` after its page was asked for: what happened while it was
    drawn and loaded. Told once too often, a signal costs a look; not told, the screen would show the old state until
    the next one."""
    if age > LONGEST_LOADING:
        return Replay([], complete=False)
    since = clock.real_now() - max(age, LOADING) - timedelta(seconds=1)
    rows = list(Signal.objects.filter(created_at__gte=since).order_by("pk")[: BATCH + 1])
    if len(rows) > BATCH:
        return Replay([], complete=False)
    return Replay([one for one in (_news(row, settled) for row in rows) if one.is_for(audiences)], complete=True)


def _news(row: Signal, settled: int) -> News:
    return News(row.pk, row.topic, row.version, frozenset(row.audience.split()), min(row.pk, settled))


def _transactions() -> tuple[int, int]:
    """The oldest transaction under way, and the number that the next one will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint "
            "FROM pg_current_snapshot() AS s"
        )
        oldest, newest = cursor.fetchone()
    return int(oldest), int(newest)


def data_version() -> int:
    """SQLite: a number that changes when another connection has committed."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])

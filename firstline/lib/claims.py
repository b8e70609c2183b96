"""One lease mechanism for everything that is due: a row with a due moment is claimed by one process for a while.

PostgreSQL skips rows that others hold; SQLite serialises writers (`BEGIN IMMEDIATE`). A process that is
killed loses its lease when the time is over, and the row is found again. Who finishes a row does it in the
transaction of its effects and asks `finish` there: exactly one wins (research/stack.md §2).
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from django.db import connection, models, transaction
from django.db.models import F, Q

from firstline.lib import clock, one_row

LEASE = timedelta(seconds=60)
BATCH = 10


class LeaseLost(Exception):
    """The row was taken over by another process after our lease ran out: our effects must roll back."""


class Leased(models.Model):
    """The columns of a row that is claimed. `lease_until` is in machine time, never in the tests' clock."""

    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Leased)


def owner_name() -> str:
    """A name for this process that no other has, even after its number was given away again."""
    return f"{socket.gethostname()}:{os.getpid()}:{_NONCE}"


def claim(
    due: models.QuerySet[Row], *, limit: int = BATCH, lease: timedelta = LEASE, are_there: bool = False
) -> list[Row]:
    """Takes up to `limit` rows of `due` (already filtered and ordered by the caller) that nobody holds. `are_there`:
    the caller has just seen some."""
    moment = clock.real_now()
    free = due.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=moment))
    if not are_there and not free.exists():  # idle workers ask all the time: they stand in no writer's way
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True, of=("self",))
        rows = list(free[:limit])
        if not rows:
            return []
        owner = owner_name()
        due.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(
            lease_until=moment + lease, lease_owner=owner, attempts=F("attempts") + 1
        )
    for row in rows:
        row.lease_until, row.lease_owner, row.attempts = moment + lease, owner, row.attempts + 1
    return rows


def finish(row: Leased, **changes: object) -> None:
    """Gives the row back with `changes`, inside the caller's transaction. Raises LeaseLost if it is not ours."""
    owner = row.lease_owner
    for name, value in changes.items():
        setattr(row, name, value)
    row.lease_until, row.lease_owner = None, ""
    if not one_row.change(row, ("lease_until", "lease_owner", *changes), lease_owner=owner):
        row.lease_owner = owner
        raise LeaseLost(f"{row._meta.label} {row.pk}")


def give_up(row: Leased, problem: Exception) -> None:
    """For rows with `due_at` and `problem`: it is not tried again by itself, and says why."""
    with transaction.atomic():
        finish(row, due_at=None, problem=f"{type(problem).__name__}: {problem}"[:300])


def give_back(rows: Sequence[Leased], **changes: object) -> None:
    """Frees rows that were claimed and not begun, as if they had never been (but for `changes`); those that are not
    ours any more stay."""
    if rows:
        mine = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows], lease_owner=rows[0].lease_owner)
        mine.update(lease_until=None, lease_owner="", attempts=F("attempts") - 1, **changes)


def hold_on(row: Leased, *, lease: timedelta = LEASE, **changes: object) -> None:
    """Extends the lease of a row whose work takes longer, with `changes`. Raises LeaseLost if it is not ours."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.lease_until = clock.real_now() + lease
    if not one_row.change(row, ("lease_until", *changes), lease_owner=row.lease_owner):
        raise LeaseLost(f"{row._meta.label} {row.pk}")


def release_dead(rows: models.QuerySet[Row]) -> int:
    """Frees rows whose holder was a process of this machine that is no more, so that a restart need not wait for the
    lease to end. Should the number have been given to another process, the lease ends by itself as always."""
    held = rows.filter(lease_until__gte=clock.real_now(), lease_owner__startswith=f"{socket.gethostname()}:")
    dead = [owner for owner in set(held.values_list("lease_owner", flat=True)[:1000]) if not _is_alive(owner)]
    return held.filter(lease_owner__in=dead).update(lease_until=None, lease_owner="") if dead else 0


def _is_alive(owner: str) -> bool:
    number = owner.rsplit(":", 2)[1]
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def after_fork() -> None:
    """A child must not share its parent's name."""
    global _NONCE
    _NONCE = secrets.token_hex(4)


_NONCE = secrets.token_hex(4)
os.register_at_fork(after_in_child=after_fork)

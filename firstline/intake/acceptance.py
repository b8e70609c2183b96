"""Store first, then answer, then understand: the one door through which words come in (product.md, always-true 1).

Bytes up to 256 KB lie in their row: one commit, one fsync. Larger ones are a blob first. Nothing is acknowledged
before the commit, so a process that dies anywhere here loses nothing that somebody counts on.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from firstline.blobs import store
from firstline.intake.models import Inbound
from firstline.intake.reading import glance
from firstline.lib import failpoints, one_row
from firstline.post.models import Account

LARGEST_IN_ROW = 256 * 1024
LONGEST_KEY = 200
_MEGABYTE = 1024 * 1024


class NotDurable(Exception):
    """The bytes could not be made durable: nothing was taken, the sender must come again (503 / 75)."""


def new_key() -> str:
    """A `source_key` for a road that brings none of its own."""
    return uuid.uuid4().hex


def accept_email(raw: bytes, *, source: str, source_key: str, account: Account | None = None, at: datetime) -> Inbound:
    """A mail is ours from the moment this returns. Raises NotDurable."""
    return accept(kind="email", raw=raw, source=source, source_key=source_key, account=account, at=at)


def accept(
    *,
    kind: str,
    raw: bytes,
    source: str,
    source_key: str,
    account: Account | None = None,
    at: datetime,
    reason: str = "",
) -> Inbound:
    """The row of these bytes, committed, still to be understood. Raises NotDurable.

    The same (source, source_key) with the same bytes is a harmless retry and gives the first row; with other bytes it
    is another thing and is kept beside it (J9: a key alone never swallows anything). Call it outside of any
    transaction.
    """
    failpoints.reach("intake.before_bytes")
    try:
        with_room()
        content = {**contents(raw), **_order(kind, raw, source)}
        inbound = _insert(kind, source, source_key[:LONGEST_KEY], account, at, reason, content)
    except (OSError, DatabaseError) as problem:
        raise NotDurable(f"{type(problem).__name__}: {problem}") from problem
    failpoints.reach("intake.after_commit")
    return inbound


def contents(raw: bytes) -> dict[str, Any]:
    """The columns that hold the bytes. Large ones are on disk when this returns; call it before the transaction."""
    found: dict[str, Any] = {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
    if len(raw) > LARGEST_IN_ROW:
        return {**found, "blob_id": store.keep(raw).pk}
    return {**found, "raw": raw}


def _order(kind: str, raw: bytes, source: str) -> dict[str, Any]:
    """The columns by which it waits for its turn."""
    if kind != "email":
        return {"lane": glance.lane_of(source)}
    seen = glance.at(raw, source=source)
    return {"lane": seen.lane, "thread": seen.thread}


def bytes_of(inbound: Inbound) -> bytes:
    """The original bytes. Raises store.BlobMissing."""
    if inbound.blob_id is not None:
        return store.read(inbound.blob_id)
    return bytes(inbound.raw or b"")


def with_room() -> None:
    """Raises NotDurable below the disk floor: a full disk must stop the door, not the database."""
    floor = settings.FIRSTLINE_DISK_FLOOR_MB * _MEGABYTE
    for folder in (settings.FIRSTLINE_HOME, settings.FIRSTLINE_BLOBS):
        try:
            disk = os.statvfs(folder)
        except FileNotFoundError:  # the folder of the blobs is made with the first of them
            continue
        if disk.f_bavail * disk.f_frsize < floor:
            raise NotDurable(f"less than {settings.FIRSTLINE_DISK_FLOOR_MB} MB free in {folder}")


def first_of(source: str, source_key: str) -> Inbound | None:
    """What was taken under this key before."""
    return Inbound.objects.select_related("ticket").filter(source=source, source_key=source_key[:LONGEST_KEY]).first()


def _insert(
    kind: str, source: str, key: str, account: Account | None, at: datetime, reason: str, content: dict[str, Any]
) -> Inbound:
    failpoints.reach("intake.before_commit")  # the one statement is its own commit: nothing lies between
    inbound = one_row.insert(
        Inbound, unique=("source", "source_key"),
        kind=kind, source=source, source_key=key, account_id=account.pk if account else None,
        received_at=at, try_at=at, reason=reason, **content,
    )  # fmt: skip
    if inbound is not None:
        return inbound
    first = first_of(source, key)
    if first is None:
        raise NotDurable("a row was in the way that is there no more")
    if first.sha256 == content["sha256"]:
        return first
    other = f"{key[: LONGEST_KEY - 17]}:{content['sha256'][:16]}"
    return _insert(kind, source, other, account, at, reason, content) if other != key else first

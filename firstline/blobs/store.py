"""Content-addressed files: temporary file, fsync, rename, fsync of the folder (research §4.2)."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from firstline.blobs.models import Blob
from firstline.lib import failpoints


class BlobMissing(Exception):
    """The row exists, its file does not: named by `firstline check-integrity`."""


def path_of(sha256: str) -> Path:
    """Where the file of these bytes lies; two levels, so that no folder grows too large."""
    return Path(settings.FIRSTLINE_BLOBS) / sha256[:2] / sha256[2:4] / sha256


def keep(content: bytes) -> Blob:
    """Stores the bytes durably and returns their row; the same bytes are stored once. Raises OSError (disk full)."""
    return keep_all([content])[0]


def keep_all(contents: Sequence[bytes]) -> list[Blob]:
    """The same for many, whose rows are made with one statement."""
    if not contents:
        return []
    blobs = [Blob(sha256=put_down(content), size=len(content)) for content in contents]
    failpoints.reach("intake.after_blob")
    # In one order everywhere: two that keep the same files at once wait for one another, and not in a circle.
    rows = sorted({blob.sha256: blob for blob in blobs}.items())
    Blob.objects.bulk_create([blob for _sha256, blob in rows], ignore_conflicts=True)
    return blobs


def put_down(content: bytes) -> str:
    """Writes the bytes durably into the folder, unless they lie there, and returns their sha256. Needs no database:
    whoever has time does it ahead of `keep`. Raises OSError (disk full)."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256)
    if not target.exists():
        _write(target, content)
    return sha256


def put_back(sha256: str, content: bytes) -> None:
    """A file whose row is there or comes from a backup. Raises ValueError where these are not its bytes, OSError."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"these are not the bytes of {sha256}")
    target = path_of(sha256)
    if not target.exists():
        _write(target, content)


def read(sha256: str) -> bytes:
    """The bytes. Raises BlobMissing."""
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError as missing:
        raise BlobMissing(sha256) from missing


def _write(target: Path, content: bytes) -> None:
    folder = target.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    for level in (folder, folder.parent, folder.parent.parent):
        _sync_folder(level)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The whole state into one file while the desk works: a snapshot of the database first, then the files that it names.

What was acknowledged before the snapshot is in it. Blobs are never changed or taken away, so whatever the snapshot
names is still there when its turn comes.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from firstline.blobs import store
from firstline.blobs.models import Blob
from firstline.ops import archive
from firstline.search import models as search

# The index is made again from what is found in the other tables.
LEFT_OUT = frozenset({search.Stale, search.Turn, search.Word})
ROWS_AT_ONCE, BYTES_AT_ONCE = 2_000, 100  # rows of a table; of one whose rows hold letters


class Exists(Exception):
    """There is such a file already; a backup never overwrites one."""


def make(target: Path, *, at: datetime) -> dict[str, Any]:
    """Writes the backup and returns what is in it. Raises Exists, OSError (no room).

    The file is there whole or not at all, and only its owner reads it: it holds the desk's secret.
    """
    if target.exists():
        raise Exists(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed, _snapshot():
                manifest = _write(packed, at)
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, target)  # not a rename: that would take the place of what came there meanwhile
    except FileExistsError as there:
        raise Exists(target) from there
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return manifest


def _write(packed: zipfile.ZipFile, at: datetime) -> dict[str, Any]:
    tables = []
    for model in saved_models():
        columns = [field.attname for field in model._meta.concrete_fields]
        count, sha256 = archive.write_table(packed, model._meta.label_lower, _rows(model, columns))
        tables.append({"model": model._meta.label_lower, "columns": columns, "rows": count, "sha256": sha256})
    there, missing = [], []
    for sha256 in Blob.objects.order_by("pk").values_list("sha256", flat=True).iterator():
        path = store.path_of(sha256)
        if path.exists():
            # Letters are stored as they came; pictures and archives among them would not grow smaller.
            packed.write(path, archive.BLOBS + sha256, zipfile.ZIP_STORED)
            there.append(sha256)
        else:
            missing.append(sha256)
    secret = Path(settings.FIRSTLINE_HOME) / "secret.key"
    if secret.exists():
        packed.write(secret, archive.SECRET)
    manifest = {
        "format": archive.FORMAT, "made_at": at.isoformat(), "engine": connection.vendor,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "tables": tables, "numbers": numbers(), "blobs": there, "blobs_missing": missing,
    }  # fmt: skip
    packed.writestr(archive.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def saved_models() -> list[type[models.Model]]:
    """Every table of the program, with those between two others."""
    every = apps.get_models(include_auto_created=True)
    return [one for one in every if one._meta.managed and not one._meta.proxy and one not in LEFT_OUT]


def _rows(model: type[models.Model], columns: list[str]) -> Iterator[tuple[Any, ...]]:
    heavy = any(isinstance(field, models.BinaryField) for field in model._meta.concrete_fields)
    rows = model._base_manager.order_by("pk").values_list(*columns)
    return rows.iterator(chunk_size=BYTES_AT_ONCE if heavy else ROWS_AT_ONCE)


def numbers() -> dict[str, int]:
    """The last number that each table gave away: what was deleted since is never numbered so again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return dict(cursor.fetchall())
        cursor.execute(
            "SELECT t.relname, s.last_value FROM pg_sequences s"
            " JOIN pg_class c ON c.relname = s.sequencename AND c.relkind = 'S'"
            " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname"
            " JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')"
            " JOIN pg_class t ON t.oid = d.refobjid"
            " WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL"
        )
        return dict(cursor.fetchall())


@contextmanager
def _snapshot() -> Iterator[None]:
    """All tables as they were at one moment. Nobody who writes waits for it."""
    if connection.vendor == "sqlite":
        # Not `atomic`: that would begin to write at once, and everybody else would wait.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT count(*) FROM django_migrations")  # the snapshot is taken by the first reading
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

"""A backup into an empty home, on either engine, whichever it came from: the tables as they were on the day, all of
them in one transaction, then the steps that the schema has made since."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps as running
from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from firstline.blobs import store
from firstline.contracts import edition
from firstline.ops import archive, search_upkeep
from firstline.post.models import Delivery

ROWS_AT_ONCE, BYTES_AT_ONCE = 500, 20


class NotEmpty(Exception):
    """There is something here already. A restore never writes over it."""


class Newer(Exception):
    """The backup was made by a later program. The message names a step of the schema that this one does not know."""


def check(source: Path) -> dict[str, Any]:
    """Reads the whole file and returns its manifest. Raises archive.Damaged, OSError."""
    with _opened(source) as packed:
        manifest = archive.manifest_of(packed)
        archive.check(packed, manifest)
        return manifest


def restore(source: Path, *, at: datetime) -> dict[str, Any]:
    """Brings the whole state back and returns the manifest. Raises archive.Damaged, Newer, NotEmpty, OSError.

    Nothing is written before the file was read to its end, and all tables come at once: who is killed before begins
    again, who is killed after needs no more than `firstline migrate`.
    """
    manifest = check(source)
    executor = MigrationExecutor(connection)
    known = set(executor.loader.graph.nodes)
    saved = [(app, name) for app, name in manifest["migrations"]]
    if unknown := [f"{app}.{name}" for app, name in saved if (app, name) not in known]:
        raise Newer(unknown[0])
    if _is_occupied():
        raise NotEmpty("a desk is here already")
    state = _as_on_the_day(executor, saved)
    with _opened(source) as packed:
        _bring_files(packed, manifest)
        with transaction.atomic():
            _empty([state.get_model(table["model"]) for table in manifest["tables"]])
            for table in manifest["tables"]:
                _bring_table(packed, state.get_model(table["model"]), table)
            _go_on_counting(manifest["numbers"])
            _leave_unsaid_what_may_have_been_said(state, manifest, at)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    edition.forget_all()
    search_upkeep.mark_all()
    return manifest


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except zipfile.BadZipFile as wrong:
        raise archive.Damaged(f"not a backup, or one that was broken off: {wrong}") from wrong


def _is_occupied() -> bool:
    """Whether anybody or anything of a desk is here: accounts, or words that came in."""
    there = set(connection.introspection.table_names())
    tables = [running.get_model(name)._meta.db_table for name in ("people.Person", "intake.Inbound", "tickets.Ticket")]
    with connection.cursor() as cursor:
        for table in there.intersection(tables):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own table
            if cursor.fetchone():
                return True
    return False


def _as_on_the_day(executor: MigrationExecutor, saved: Sequence[tuple[str, str]]) -> Any:
    """The schema with exactly the steps that the saved one had; returns the models of then."""
    graph, done = executor.loader.graph, set(saved)
    if not set(executor.loader.applied_migrations) <= done:
        raise NotEmpty("its tables are of a later program than the backup: give it a new database")
    ends = [node for node in saved if not any(child.key in done for child in graph.node_map[node].children)]
    executor.migrate(ends)
    return MigrationExecutor(connection).loader.project_state(ends).apps


def _empty(tables: Sequence[type[models.Model]]) -> None:
    """Takes out what the steps of the schema put there: it is in the backup as well, as it was on the day."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own table


def _bring_table(packed: zipfile.ZipFile, model: type[models.Model], table: dict[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = table["columns"]
    plain = [isinstance(fields[column], models.JSONField) for column in columns]
    heavy = any(isinstance(field, models.BinaryField) for field in fields.values())
    lines = archive.lines_of(packed, table["model"])
    while some := list(islice(lines, BYTES_AT_ONCE if heavy else ROWS_AT_ONCE)):
        rows = (dict(zip(columns, archive.row_of(line, plain), strict=True)) for line in some)
        model._base_manager.bulk_create([model(**row) for row in rows])


def _bring_files(packed: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    for sha256 in manifest["blobs"]:
        store.put_back(sha256, packed.read(archive.BLOBS + sha256))
    if archive.SECRET in packed.namelist() and not os.environ.get("FIRSTLINE_SECRET_KEY"):
        path = Path(settings.FIRSTLINE_HOME) / "secret.key"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(packed.read(archive.SECRET))
            written.flush()
            os.fsync(written.fileno())


def _go_on_counting(numbers: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        for table, number in _tables_with_numbers(numbers):
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [f'"{table}"', number])


def _tables_with_numbers(numbers: dict[str, int]) -> Iterator[tuple[str, int]]:
    for model in running.get_models(include_auto_created=True):
        table, key = model._meta.db_table, model._meta.pk
        if isinstance(key, models.AutoField) and key.column == "id" and numbers.get(table):
            yield table, numbers[table]


def _leave_unsaid_what_may_have_been_said(state: Any, manifest: dict[str, Any], at: datetime) -> None:
    """Acknowledgements and the like that waited at the moment of the backup may have left after it: at most once
    (product.md, rule 5). They are marked, so that people see them and can send them again; answers go out, as always
    with the Message-ID that they had."""
    deliveries, attempts = (state.get_model("post", name)._base_manager for name in ("Delivery", "Attempt"))
    waiting = deliveries.filter(at_most_once=True, state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    answer = f"restored from the backup of {manifest['made_at']}: it may have been sent after that"
    found = list(waiting.values_list("pk", flat=True))
    said = {"at": at, "answer": answer, "outcome": "uncertain"}
    attempts.bulk_create(attempts.model(delivery_id=one, **said) for one in found)
    deliveries.filter(pk__in=found).update(state=Delivery.State.UNCERTAIN, ended_at=at)

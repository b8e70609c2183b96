"""Going back over a migration that dropped indexes brings them back, as the state before it says."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations import RunSQL

FEWER = [
    "tickets.migrations.0025_fewer_indexes", "sla.migrations.0009_fewer_indexes", "post.migrations.0011_fewer_indexes",
    "audit.migrations.0003_found_by_beginning",
]  # fmt: skip


def indexes() -> set[str]:
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index'" if is_sqlite else "SELECT indexname FROM pg_indexes"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
@pytest.mark.parametrize("where", FEWER)
def test_an_index_that_was_dropped_comes_back(where: str) -> None:
    migration = import_module(f"firstline.{where}").Migration
    dropped = [
        one
        for operation in migration.operations
        for one in getattr(operation, "database_operations", [])
        if isinstance(one, RunSQL) and not str(one.sql).endswith('_like"')
    ]
    names = {str(one.sql).split('"')[1] for one in dropped}
    assert names
    assert not names & indexes()
    with connection.cursor() as cursor:
        for one in dropped:
            cursor.execute(str(one.reverse_sql))
    assert names <= indexes()

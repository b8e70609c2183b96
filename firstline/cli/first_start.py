"""What `firstline serve` does before anything else, so that a new desk is ready by that one command."""

from __future__ import annotations

import sys

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from firstline.people import first


def make_ready() -> None:
    """An empty database gets its tables. Of an older one it is said what to do: whoever brings it to this version has
    made a backup before. While nobody administers the desk, the link for the first administrator is printed.
    """
    try:
        executor = MigrationExecutor(connection)
        if not executor.loader.applied_migrations and not connection.introspection.table_names():
            _say("The database is new: its tables are made.")
            call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
        elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return _say("The database is of an older version: make a backup, then run `firstline migrate`.")
        if first.is_missing():
            _say("Nobody administers this desk yet. Within a week, open")
            _say(f"  {first.url()}")
    except DatabaseError as away:
        _say(f"The database does not answer: {away}")
    return None


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)

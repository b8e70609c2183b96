"""`firstline migrate`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

OK = 0


def add(commands: Any) -> None:
    commands.add_parser("migrate", help="brings the database to this version").set_defaults(run=migrate)


def migrate(arguments: argparse.Namespace) -> int:
    call_command("migrate", verbosity=1 if sys.stderr.isatty() else 0, interactive=False, stdout=sys.stderr)
    return OK


def is_behind() -> bool:
    """Whether the database answers, and only lacks what `firstline migrate` would bring."""
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return False

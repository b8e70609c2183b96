"""`firstline migrate`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management import call_command

OK = 0


def add(commands: Any) -> None:
    commands.add_parser("migrate", help="brings the database to this version").set_defaults(run=migrate)


def migrate(arguments: argparse.Namespace) -> int:
    call_command("migrate", verbosity=1 if sys.stderr.isatty() else 0, interactive=False, stdout=sys.stderr)
    return OK

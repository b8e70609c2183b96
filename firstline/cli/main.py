"""`firstline …`: finds the command's file and runs it. Exit codes follow sysexits (interfaces.md).

Every file beside this one that is named in GROUPS has `add(commands)`, which adds its commands with argparse and sets
`run`, a function from the parsed arguments to an exit code.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence

import django
from django.db import DatabaseError

from firstline.lib.clock import ClockRefused
from firstline.lib.environment import Tolerance, WrongSetting

OK, USAGE, DATA, UNAVAILABLE, TEMPORARY, CONFIG = 0, 64, 65, 69, 75, 78
INTERRUPTED = 130  # as a shell says it
# A full disk, a folder that cannot be written: nothing of ours to trace.
OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})

# file: its first words. Only the file that is needed is imported, so that a pipe from the mail server starts quickly.
GROUPS = {
    "running": ("serve", "web", "worker", "fetch-mail"),
    "database": ("migrate",),
    "intake": ("intake",),
    "letters": ("mail",),
    "mailboxes": ("mail",),
    "outbox": ("outbox",),
    "access": ("token", "login-link"),
    "staging": ("apply", "demo"),
    "clocks": ("calendar", "sla"),
    "search": ("search", "kb", "ticket"),
    "backup": ("backup", "restore"),
    "proposals": ("proposals",),
    "health": ("doctor", "check-integrity"),
}
WITHOUT_DJANGO = {"letters"}
PIPE = ["intake", "email"]
TO_MIGRATE = "the database is empty or of an older version: run `firstline migrate` first"
INSPECT = ["mail", "inspect"]  # without database and settings


class Parser(argparse.ArgumentParser):
    """Wrong usage is 64, not argparse's 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # whatever the terminal's locale is
    try:
        wanted = [name for name, words in GROUPS.items() if given and given[0] in words] or list(GROUPS)
        if given[:2] == INSPECT:
            wanted = ["letters"]
        parser = Parser(prog="firstline", description="The service desk that loses nothing.")
        commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
        Tolerance.is_on = given[:1] == ["doctor"]
        if any(name not in WITHOUT_DJANGO for name in wanted):
            django.setup()
        for name in wanted:
            importlib.import_module(f"firstline.cli.{name}").add(commands)
        parsed = parser.parse_args(given)
        code: int = parsed.run(parsed)
        sys.stdout.flush()
        return code
    except (WrongSetting, ClockRefused) as wrong:
        print(f"firstline: {wrong}", file=sys.stderr)
        # A mail server reads 78 as "refuse this letter for ever"; with 75 it keeps the letter until we are set up.
        return TEMPORARY if given[:2] == PIPE else CONFIG
    except DatabaseError as away:
        behind = importlib.import_module("firstline.cli.database").is_behind()
        words = TO_MIGRATE if behind else f"the database does not answer as it should: {away}"
        print(f"firstline: {words}", file=sys.stderr)
        return UNAVAILABLE
    except BrokenPipeError:
        # The reader of our output went away (`firstline … | head`): not an error of ours.
        _close_output()
        return OK
    except KeyboardInterrupt:
        return TEMPORARY if given[:2] == PIPE else INTERRUPTED
    except OSError as failed:
        if failed.errno not in OF_THE_DISK and given[:2] != PIPE:
            raise
        print(f"firstline: {failed}", file=sys.stderr)
        _close_output()
        return TEMPORARY
    except Exception as unexpected:
        if given[:2] != PIPE:
            raise
        print(f"firstline: {type(unexpected).__name__}: {unexpected}", file=sys.stderr)
        return TEMPORARY


def _close_output() -> None:
    """What is still in the buffer has nowhere to go; Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

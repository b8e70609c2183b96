"""`firstline apply FILE`, `firstline demo`, `firstline demo --reset`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.db import transaction

from firstline.demo import beginning_again, company, full_company
from firstline.imports import export, stage
from firstline.imports.apply_file import WrongFile
from firstline.lib import clock
from firstline.ops import heartbeats

OK, USAGE, DATA, LATER = 0, 64, 65, 75


def add(commands: Any) -> None:
    one = commands.add_parser("apply", help="sets the stage from one TOML file, idempotently")
    one.add_argument(
        "file", type=Path, nargs="?", help="what is applied; with --export where it is written (else standard output)"
    )
    one.add_argument("--export", action="store_true", help="write the settings of this desk as such a file")
    one.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    one.set_defaults(run=apply)
    other = commands.add_parser("demo", help="a small demo company, once")
    other.add_argument("--json", action="store_true", help="the logins as JSON, one a line")
    other.add_argument("--full", action="store_true", help="four clients, twelve agents, 400 tickets over 90 days")
    other.add_argument("--reset", action="store_true", help="throw the demo away and make it anew; never a real desk")
    other.set_defaults(run=demo)


def apply(arguments: argparse.Namespace) -> int:
    if arguments.export:
        return _export(arguments.file)
    if arguments.file is None:
        print("usage: firstline apply FILE, or firstline apply --export [FILE]", file=sys.stderr)
        return USAGE
    try:
        content = arguments.file.read_bytes()
    except OSError as unreadable:
        print(f"firstline: {unreadable}", file=sys.stderr)
        return USAGE
    try:
        results = stage.apply(content, at=clock.now(), actor="cli", dry_run=arguments.dry_run)
    except WrongFile as wrong:
        for problem in wrong.problems:
            print(f"{arguments.file}: {problem}", file=sys.stderr)
        return DATA
    for result in results:
        print(json.dumps(result._asdict(), ensure_ascii=False))
    counts = {word: sum(one.result == word for one in results) for word in ("created", "changed", "unchanged")}
    print(", ".join(f"{count} {word}" for word, count in counts.items()), file=sys.stderr)
    return OK


def _export(file: Path | None) -> int:
    said = export.written()
    if file is None:
        sys.stdout.write(said)
        return OK
    try:
        file.write_text(said, encoding="utf-8")
    except OSError as unwritable:
        print(f"firstline: {unwritable}", file=sys.stderr)
        return USAGE
    return OK


def demo(arguments: argparse.Namespace) -> int:
    full = arguments.full or full_company.is_here()
    if arguments.reset and (refused := _thrown_away()):
        return refused
    with transaction.atomic():
        beginning_again.mark(clock.now())
    logins = (full_company if full else company).load(at=clock.now())
    if arguments.json:
        for login in logins:
            print(json.dumps(login, ensure_ascii=False))
        return OK
    width = max(len(login["login"]) for login in logins)
    for login in logins:
        client = f", {login['client']}" if login["client"] else ""
        print(f"  {login['login']:<{width}}  {login['password']}  {login['role']}{client}", file=sys.stderr)
    return OK


def _thrown_away() -> int:
    """0 where the demo is gone, else why it is not: 65 a real desk, 75 it runs."""
    try:
        beginning_again.demand_demo()
        if heartbeats.is_alive("worker") or heartbeats.is_alive("fetcher"):
            print("firstline: this desk runs: stop it first, then reset it", file=sys.stderr)
            return LATER
        beginning_again.empty()
    except beginning_again.NotADemo as why:
        print(f"firstline: nothing was touched: {why}", file=sys.stderr)
        return DATA
    return OK

"""`firstline backup FILE`, `firstline restore FILE`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from firstline.lib import clock
from firstline.ops import archive, backup, integrity, restore

OK, USAGE, DATA, TEMPORARY = 0, 64, 65, 75


def add(commands: Any) -> None:
    one = commands.add_parser("backup", help="the whole state into one file, while the desk works")
    one.add_argument("file", type=Path)
    one.set_defaults(run=save)
    other = commands.add_parser("restore", help="a backup into an empty home, on either engine")
    other.add_argument("file", type=Path)
    other.add_argument("--check", action="store_true", help="only read it to its end, and say whether it is whole")
    other.set_defaults(run=bring_back)


def save(arguments: argparse.Namespace) -> int:
    try:
        manifest = backup.make(arguments.file, at=clock.now())
    except backup.Exists:
        return _refused(f"{arguments.file} is there already; a backup overwrites nothing", USAGE)
    except OSError as wrong:
        return _refused(f"no backup was made: {wrong}", TEMPORARY)
    _say(arguments.file, manifest)
    if missing := manifest["blobs_missing"]:
        print(f"firstline: {len(missing)} files were missing before: see check-integrity", file=sys.stderr)
    return OK


def bring_back(arguments: argparse.Namespace) -> int:
    try:
        if arguments.check:
            manifest = restore.check(arguments.file)
        else:
            manifest = restore.restore(arguments.file, at=clock.now())
    except archive.Damaged as wrong:
        return _refused(f"{arguments.file}: {wrong}", DATA)
    except restore.Newer as step:
        return _refused(f"made by a later Firstline, which knows {step}: bring this one up to it first", DATA)
    except restore.NotEmpty as why:
        return _refused(f"nothing was restored: {why}", USAGE)
    except (FileNotFoundError, IsADirectoryError) as wrong:
        return _refused(f"{arguments.file}: {wrong}", USAGE)
    except OSError as wrong:
        return _refused(f"{arguments.file}: {wrong}", TEMPORARY)
    _say(arguments.file, manifest)
    found = [] if arguments.check else list(integrity.violations())
    for words in found:
        print(words, file=sys.stderr)
    return DATA if found else OK


def _say(file: Path, manifest: dict[str, Any]) -> None:
    rows = {table["model"]: table["rows"] for table in manifest["tables"]}
    told = {
        "file": str(file), "made_at": manifest["made_at"], "engine": manifest["engine"],
        "size": file.stat().st_size, "rows": sum(rows.values()), "tickets": rows["tickets.ticket"],
        "intake": rows["intake.inbound"], "files": len(manifest["blobs"]),
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))


def _refused(words: str, code: int) -> int:
    print(f"firstline: {words}", file=sys.stderr)
    return code

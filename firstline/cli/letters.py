"""`firstline mail inspect FILE…`: reads letters and shows what was understood. Touches no database and needs no
settings.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from firstline.intake import inspect_letter

OK, DATA = 0, 65


# The verbs of `mail`, which two files share: this one must not need a database, cli/mailboxes.py does.
_verbs: WeakKeyDictionary[Any, argparse._SubParsersAction[Any]] = WeakKeyDictionary()


def verbs_of_mail(commands: argparse._SubParsersAction[Any]) -> argparse._SubParsersAction[Any]:
    if commands not in _verbs:
        group = commands.add_parser("mail", help="look at letters without taking them, send a probe through a mailbox")
        _verbs[commands] = group.add_subparsers(dest="verb", required=True, parser_class=type(group))
    return _verbs[commands]


def add(commands: argparse._SubParsersAction[Any]) -> None:
    inspect = verbs_of_mail(commands).add_parser("inspect", help="one line for each file: what was understood of it")
    inspect.add_argument("files", nargs="+", metavar="FILE")
    inspect.set_defaults(run=inspect_files)


def inspect_files(parsed: argparse.Namespace) -> int:
    """A line for each file, whatever it is; 65 where a file could not be read."""
    code = OK
    for name in parsed.files:
        try:
            line = inspect_letter.inspect_confined(Path(name))
        except OSError as problem:
            nothing = inspect_letter.of_letter(name, inspect_letter.headers_only(b""))
            line = {**nothing, "defects": [f"file: {problem.strerror}"]}
            code = DATA
        # A name that is no UTF-8 (surrogates) is shown with question marks rather than not at all.
        print(
            json.dumps({**line, "file": name}, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8"),
            flush=True,
        )
    return code

"""`firstline doctor`, `firstline check-integrity`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from firstline.lib import failpoints
from firstline.ops import doctor, integrity

OK, DATA = 0, 65


def add(commands: Any) -> None:
    one = commands.add_parser("doctor", help="every setting, where it came from, what is wrong with it")
    one.add_argument("--failpoints", action="store_true", help="list the places where a test may stop the program")
    one.set_defaults(run=examine)
    other = commands.add_parser("check-integrity", help="one line per violation of what must always be true")
    other.set_defaults(run=check)


def examine(arguments: argparse.Namespace) -> int:
    if arguments.failpoints:
        for name in failpoints.NAMES:
            print(name)
        return OK
    for row in doctor.report():
        print(json.dumps(row, ensure_ascii=False))
    return OK


def check(arguments: argparse.Namespace) -> int:
    found = False
    for words in integrity.violations():
        found = True
        print(words)
    return DATA if found else OK

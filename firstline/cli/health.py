"""`firstline doctor`, `firstline check-integrity`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from django.conf import settings

from firstline.lib import failpoints
from firstline.ops import doctor, integrity

OK, DATA, UNAVAILABLE, CONFIG = 0, 65, 69, 78


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
    away = False
    for row in doctor.report():
        print(json.dumps(row, ensure_ascii=False))
        away = away or (row.get("check") == "database" and row["problem"] is not None)
    for words in settings.ENVIRONMENT.wrong.values():
        print(f"firstline: {words}", file=sys.stderr)
    return CONFIG if settings.ENVIRONMENT.wrong else UNAVAILABLE if away else OK


def check(arguments: argparse.Namespace) -> int:
    found = False
    for words in integrity.violations():
        found = True
        print(words)
    return DATA if found else OK

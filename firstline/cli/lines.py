"""What commands about the intake print and read: a line of JSON, words for people, the number of an item."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def put(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False))


def say(words: str) -> None:
    print(f"firstline: {words}", file=sys.stderr)


def item_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an item")
    return int(text)

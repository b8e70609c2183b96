"""What commands about the intake print and read: a line of JSON, words for people, the number of an item."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from typing import Any


def put(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False))


def say(words: str) -> None:
    print(f"firstline: {words}", file=sys.stderr)


def item_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an item")
    return int(text)


def whole(least: int, most: int = 10**9) -> Callable[[str], int]:
    """The type of an argument that is a whole number within bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read

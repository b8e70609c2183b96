"""TOML written from plain values: the standard library only reads it. One table of rows after another. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def tables(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """`{"client": [{…}, {…}]}` as `[[client]]` and its keys, a blank line between rows."""
    blocks = [
        "\n".join([f"[[{table}]]", *(f"{key_of(key)} = {value(one)}" for key, one in row.items())])
        for table, given in rows.items()
        for row in given
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def value(given: Any) -> str:
    """One value on one line."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        return str(given)
    if isinstance(given, Decimal):
        return _text(format(given.normalize(), "f"))
    if isinstance(given, (datetime, date)):
        return given.isoformat()
    if isinstance(given, str):
        return _text(given)
    if isinstance(given, Mapping):
        inside = ", ".join(f"{key_of(str(key))} = {value(one)}" for key, one in given.items() if one is not None)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(given, Sequence):
        return f"[{', '.join(value(one) for one in given if one is not None)}]"
    raise TypeError(f"TOML has no {type(given).__name__}")


def key_of(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(given: str) -> str:
    """JSON's escapes are TOML's too, but for the one sign that JSON lets stand."""
    return json.dumps(given, ensure_ascii=False).replace("\x7f", "\\u007f")

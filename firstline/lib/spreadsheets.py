"""Tables for spreadsheet programs as CSV: no cell is a formula, whatever people typed into it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
_BELOW_ZERO = re.compile(r"-[0-9]+([.,][0-9]+)?")
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: object) -> str:
    """The text of a cell. What would be a formula is text by an apostrophe before it (OWASP, "CSV injection"); a number
    below zero is none."""
    text = "" if value is None else str(value)
    if _BELOW_ZERO.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV line by line, with semicolons: what Russian and Bulgarian spreadsheets open without asking."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([safe(one) for one in head])
    for row in rows:
        writer.writerow([safe(one) for one in row])
        if buffer.tell() > 32_768:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()

"""A backup's file: one zip with a table a member, a row a line, the blobs as they are, and a manifest that says what
must be there. It knows no database, so that what one engine wrote the other can read.

    manifest.json          what was saved, by which program, with the sha256 of every table
    tables/<model>.jsonl   one JSON list a row, in the order of the manifest's columns
    blobs/<sha256>         files of letters and tickets
    secret.key             where the desk keeps it in its folder
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

FORMAT = 1
MANIFEST, SECRET, TABLES, BLOBS = "manifest.json", "secret.key", "tables/", "blobs/"
CHUNK = 1 << 20

Encoder = Callable[[Any], Any]

# A value that JSON has no word for is {its kind: its text}; columns that are JSON themselves stand as they are.
WRITTEN: dict[type, tuple[str, Encoder]] = {
    datetime: ("datetime", lambda value: value.isoformat()),
    date: ("date", lambda value: value.isoformat()),
    time: ("time", lambda value: value.isoformat()),
    timedelta: ("microseconds", lambda value: value // timedelta(microseconds=1)),
    Decimal: ("decimal", str),
    UUID: ("uuid", str),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode("ascii")),
    memoryview: ("bytes", lambda value: base64.b64encode(value).decode("ascii")),
}
READ: dict[str, Encoder] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "microseconds": lambda number: timedelta(microseconds=number),
    "decimal": Decimal,
    "uuid": UUID,
    "bytes": base64.b64decode,
}


class Damaged(Exception):
    """The file is no backup, or not all of it is there. The message says what is wrong."""


def line_of(row: Sequence[Any]) -> bytes:
    """A row as its line."""
    return json.dumps([_written(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row_of(line: bytes, plain: Sequence[bool]) -> list[Any]:
    """The line as a row again; `plain` says of each column whether it is JSON itself."""
    return [value if is_json else _read(value) for value, is_json in zip(json.loads(line), plain, strict=True)]


def _written(value: Any) -> Any:
    kind = WRITTEN.get(type(value))
    return value if kind is None else {kind[0]: kind[1](value)}


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return READ[kind](text)


def write_table(archive: zipfile.ZipFile, name: str, rows: Iterable[Sequence[Any]]) -> tuple[int, str]:
    """Adds a table. Returns how many rows it has, and the sha256 of its lines."""
    count, digest = 0, hashlib.sha256()
    with archive.open(TABLES + name + ".jsonl", "w", force_zip64=True) as member:
        for row in rows:
            line = line_of(row)
            member.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def lines_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(TABLES + name + ".jsonl") as member:
        yield from member


def manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Raises Damaged where the file is no backup of ours, or of a later form."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError) as wrong:
        raise Damaged("it has no manifest: not a backup of Firstline, or one that was broken off") from wrong
    if manifest.get("format") != FORMAT:
        raise Damaged(f"its form is {manifest.get('format')}, this program reads {FORMAT}")
    return manifest


def check(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Reads all of it. Raises Damaged at the first table or file that is not what the manifest says."""
    there = set(archive.namelist())
    for table in manifest["tables"]:
        name = table["model"]
        if TABLES + name + ".jsonl" not in there:
            raise Damaged(f"the table {name} is missing")
        if _digest(archive, TABLES + name + ".jsonl") != table["sha256"]:
            raise Damaged(f"the table {name} is not what was saved")
    for sha256 in manifest["blobs"]:
        if BLOBS + sha256 not in there:
            raise Damaged(f"the file {sha256} is missing")
        if _digest(archive, BLOBS + sha256) != sha256:
            raise Damaged(f"the file {sha256} is not what was saved")


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
    except zipfile.BadZipFile as wrong:
        raise Damaged(f"{name}: {wrong}") from wrong
    return digest.hexdigest()

"""A list of people as spreadsheet programs save it: bytes become rows, whatever the encoding, separator and language.

Pure: it knows columns, not people.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

MOST_ROWS, MOST_BYTES, LONGEST_CELL = 10_000, 5 * 1024 * 1024, 2_000
# The field, and how its column may be headed; letters' size, blanks, dots and hyphens do not count.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "имя", "фио", "ф и о", "имя и фамилия", "сотрудник", "име", "име и фамилия",
             "служител"),
    "email": ("email", "e mail", "mail", "почта", "адрес почты", "эл почта", "электронная почта", "имейл",
              "имейл адрес", "поща", "електронна поща"),
    "phone": ("phone", "telephone", "tel", "телефон", "тел", "мобильный", "мобилен", "мобилен телефон"),
    "login": ("login", "user name", "username", "логин", "имя пользователя", "потребител", "потребителско име"),
    "role": ("role", "роль", "роля"),
    "client": ("client", "company", "клиент", "компания", "организация", "фирма"),
    "language": ("language", "язык", "език"),
    "time_zone": ("time zone", "timezone", "часовой пояс", "часова зона"),
    "vip": ("vip", "вип"),
}  # fmt: skip
HEADED = {words: field for field, several in COLUMNS.items() for words in several}
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class WrongSheet(ValueError):
    """The list cannot be read; nothing of it is taken. `kind`: empty, unreadable, too large, columns, twice, missing;
    `names` are the columns, as they stand in the file (of `missing`: the fields)."""

    def __init__(self, kind: str, names: Sequence[str] = ()) -> None:
        super().__init__(f"{kind}: {', '.join(names)}" if names else kind)
        self.kind, self.names = kind, tuple(names)


@dataclass(frozen=True)
class Line:
    """A row with its number in the file, and its cells by field."""

    number: int
    cells: dict[str, str]


def read(content: bytes, *, needed: Sequence[str] = ("name",)) -> list[Line]:
    """The rows that say something. Raises WrongSheet, which names every column that is wrong at once."""
    if len(content) > MOST_BYTES:
        raise WrongSheet("too large")
    text = decoded(content)
    lines = text.lstrip("\n\r").splitlines()
    if not lines or not lines[0].strip():
        raise WrongSheet("empty")
    reader = csv.reader(io.StringIO(text.lstrip("\n\r"), newline=""), delimiter=separator(lines[0]), strict=True)
    try:
        table = [(reader.line_num, row) for row in reader if len(row) < 200]
    except csv.Error as broken:
        raise WrongSheet("unreadable") from broken
    if not table:
        raise WrongSheet("unreadable")
    fields = _fields(table[0][1], needed)
    rows = [
        Line(number, {name: cell.strip()[:LONGEST_CELL] for name, cell in zip(fields, row, strict=False) if name})
        for number, row in table[1:]
        if any(cell.strip() for cell in row)
    ]
    if len(rows) > MOST_ROWS:
        raise WrongSheet("too large")
    if not rows:
        raise WrongSheet("empty")
    return rows


def decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, UTF-8 where it fits, else the Cyrillic of Windows. Raises WrongSheet."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _as(content, encoding)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _as(content, "cp1251")
    if "\x00" in text:
        raise WrongSheet("unreadable")
    return text


def separator(head: str) -> str:
    """The one of semicolon, comma and tabulator that stands in the first line most often."""
    return max((";", ",", "\t"), key=head.count)


def _as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise WrongSheet("unreadable") from wrong
    if "\x00" in text:
        raise WrongSheet("unreadable")
    return text


def _fields(head: Sequence[str], needed: Sequence[str]) -> list[str]:
    """The field of each column; "" for one without a heading, which must be empty."""
    fields = [HEADED.get(_plain(one), "") for one in head]
    if unknown := [one.strip() for one, name in zip(head, fields, strict=True) if one.strip() and not name]:
        raise WrongSheet("columns", unknown)
    if twice := [one.strip() for place, one in enumerate(head) if fields[place] and fields[place] in fields[:place]]:
        raise WrongSheet("twice", twice)
    if missing := [name for name in needed if name not in fields]:
        raise WrongSheet("missing", missing)
    if "email" not in fields and "login" not in fields:
        raise WrongSheet("missing", ["email"])
    return fields


def _plain(heading: str) -> str:
    return " ".join("".join(" " if one in "-._*:" else one for one in heading.casefold()).split())

"""The apply file: TOML read into checked rows, before anything is touched (docs/apply.md, interfaces.md "apply file").

Every problem names its place: `person[2].role`, counted from 0 as in TOML's arrays.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from firstline.contracts import terms_shape
from firstline.imports.apply_tables import FREE, KEYS, OF_A_VERSION, SEVERAL, TABLES, TERMS, Field
from firstline.lib.language import CODES

Row = dict[str, Any]


class WrongFile(Exception):
    """The file cannot be applied; `problems` are "path: what is wrong", all that were found."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(content: bytes, known: Mapping[str, set[str]]) -> dict[str, list[Row]]:
    """The rows by table, names still as they stand in the file. `known`: slugs and logins that already exist, by table.

    Raises WrongFile with every problem found.
    """
    try:
        document = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise WrongFile([f"(file): {wrong}"]) from wrong
    problems = [f"{name}: is not known; known are {', '.join(TABLES)}" for name in document if name not in TABLES]
    rows: dict[str, list[Row]] = {}
    for table in TABLES:
        given = document.get(table, [])
        if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
            problems.append(f"{table}: is written as [[{table}]]")
            continue
        rows[table] = given
        for number, row in enumerate(given):
            problems += _row_problems(table, row, f"{table}[{number}]") + _unwritable(row, f"{table}[{number}]")
    if not problems:
        problems = [*_doubles(rows), *_dangling(rows, known)]
    if problems:
        raise WrongFile(problems)
    return rows


def _row_problems(table: str, row: Row, path: str) -> list[str]:
    problems = _field_problems(TABLES[table], row, path, free=table in FREE)
    if table == "mailbox":
        problems += [f"{path}.{key}: {problem}" for key, problem in _mailbox_problems(row)]
    elif table == "contract" and not problems:
        problems += [f"{path}.{problem}" for problem in terms_shape.version_problems(row)]
    elif table == "terms_template" and not problems:
        problems += _template_problems(row["terms"], f"{path}.terms")
    elif table in SEVERAL and not problems:
        problems += _list_row_problems(table, row, path)
    return problems


def _unwritable(value: Any, path: str) -> list[str]:
    """PostgreSQL keeps no NUL, and no name needs one."""
    if isinstance(value, str):
        return [f"{path}: a NUL character"] if "\x00" in value else []
    if isinstance(value, dict):
        return [one for key, said in value.items() for one in _unwritable(said, f"{path}.{key}")]
    if isinstance(value, list):
        return [one for number, said in enumerate(value) for one in _unwritable(said, f"{path}[{number}]")]
    return []


def _field_problems(fields: Mapping[str, Field], row: Row, path: str, *, free: bool = False) -> list[str]:
    problems = []
    if not free:
        problems += [f"{path}.{key}: is not known; known are {', '.join(fields)}" for key in row if key not in fields]
    for key, field in fields.items():
        if key not in row:
            if field.required:
                problems.append(f"{path}.{key}: is missing")
            continue
        if problem := _value_problem(field, row[key]):
            problems.append(f"{path}.{key}: {problem}")
    return problems


def _list_row_problems(table: str, row: Row, path: str) -> list[str]:
    problems = []
    if table in ("target", "duty", "hours") and isinstance(row.get("minutes"), int) and row["minutes"] <= 0:
        problems.append(f"{path}.minutes: more than 0 is needed")
    said = {key: value for key, value in row.items() if key not in OF_A_VERSION}
    return problems + [f"{path}.{problem}" for problem in terms_shape.row_problems(table, said)]


def terms_problems(terms: Row) -> list[str]:
    """What is wrong with the terms of a version that somebody wrote as he would in a file: "terms.place: words"."""
    return _template_problems(terms, "terms", TERMS | {"equipment": TABLES["contract"]["equipment"]})


def _template_problems(terms: Row, path: str, fields_of_it: Mapping[str, Field] = TERMS) -> list[str]:
    problems = _field_problems(fields_of_it, terms, path)
    for table in SEVERAL if not problems else ():
        fields = {key: field for key, field in TABLES[table].items() if key not in OF_A_VERSION}
        for number, row in enumerate(terms.get(table, ())):
            place = f"{path}.{table}[{number}]"
            found = _field_problems(fields, row, place, free=table in FREE)
            problems += found or _list_row_problems(table, row, place)
    if not problems:
        problems = [f"{path}.{problem}" for problem in terms_shape.version_problems(terms)]
        problems += [f"{path}.{table}[{number}]: {words}" for table, number, words in terms_shape.list_problems(terms)]
    return problems


def _value_problem(field: Field, value: Any) -> str:
    checks = {
        "text": isinstance(value, str) and bool(value.strip()),
        "name": _is_name(value),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "numbers": isinstance(value, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in value),
        "decimal": terms_shape.decimal(value) is not None,
        "moment": moment_of(value) is not None,
        "tables": isinstance(value, list) and all(isinstance(one, dict) for one in value),
        "flag": isinstance(value, bool),
        "day": _day(value) is not None,
        "list": isinstance(value, list) and all(isinstance(one, str) for one in value),
        "mapping": isinstance(value, dict),
        "scope": value == "all" or (isinstance(value, list) and all(isinstance(one, str) for one in value)),
    }
    words = {
        "text": "a text is needed", "name": "a text, or a table of texts by language (ru, bg, en), is needed",
        "number": "a whole number is needed", "flag": "true or false is needed",
        "numbers": "a list of whole numbers is needed", "decimal": 'a number such as "99.5" is needed',
        "moment": "a moment with its offset such as 2026-01-31T09:00:00+03:00 is needed",
        "tables": "a list of tables is needed",
        "day": "a date such as 2026-01-31 is needed",
        "list": "a list of texts is needed", "mapping": "a table is needed",
        "scope": '"all" or a list of client slugs is needed',
    }  # fmt: skip
    if not checks[field.kind]:
        return words[field.kind]
    if field.among and value not in field.among:
        return f"{value!r} is not one of {', '.join(map(str, field.among))}"
    return ""


def _is_name(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(key in CODES and isinstance(text, str) and text for key, text in value.items())
    return isinstance(value, str) and bool(value.strip())


def _mailbox_problems(row: Row) -> list[tuple[str, str]]:
    found = []
    if isinstance(row.get("address"), str) and row["address"].count("@") != 1:
        found.append(("address", "is no mail address"))
    for key, schemes in (("imap", ("imap", "imaps")), ("smtp", ("smtp", "smtps", "starttls"))):
        if isinstance(row.get(key), str) and _scheme(row[key]) not in schemes:
            found.append(
                (key, f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)} is needed")
            )
    return found


def _scheme(url: str) -> str:
    """ "" of what is no address at all."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _doubles(rows: dict[str, list[Row]]) -> list[str]:
    problems = []
    for table, given in rows.items():
        if table in SEVERAL:
            continue
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(given):
            key = tuple(str(row.get(name, "")).lower() for name in KEYS.get(table, ("slug",)))
            if key in seen:
                problems.append(f"{table}[{number}]: {' '.join(key)} stands here a second time")
            seen.add(key)
    return problems


def _dangling(rows: dict[str, list[Row]], known: Mapping[str, set[str]]) -> list[str]:
    there = {
        table: set(known.get(table, ())) | {str(row[name]) for row in given if name in row}
        for table, given in rows.items()
        for name in (KEYS.get(table, ("slug",))[0],)
    }
    problems = []
    for table, given in rows.items():
        for number, row in enumerate(given):
            for key, field in TABLES[table].items():
                target = "client" if field.kind == "scope" else field.to
                if key not in row or not target or (row[key] == "all" and field.kind == "scope"):
                    continue
                named = row[key] if isinstance(row[key], list) else [row[key]]
                problems += [
                    f"{table}[{number}].{key}: there is no {target} {slug!r}"
                    for slug in named
                    if slug not in there[target]
                ]
    return problems


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def day_of(value: Any) -> date | None:
    """A day that `read` has checked; TOML has dates, people also write them as text."""
    return _day(value)


def moment_of(value: Any) -> datetime | None:
    """A moment with its offset; TOML has moments, people also write them as text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None

"""The apply file: TOML read into checked rows, before anything is touched (docs/apply.md, interfaces.md "apply file").

Every problem names its place: `person[2].role`, counted from 0 as in TOML's arrays.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from firstline.lib.language import CODES

Row = dict[str, Any]


class WrongFile(Exception):
    """The file cannot be applied; `problems` are "path: what is wrong", all that were found."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Field:
    """What a key may hold. `kind`: text, name, number, flag, day, list, mapping, scope; `to`: a table."""

    kind: str = "text"
    required: bool = False
    to: str = ""
    among: tuple[Any, ...] = ()


def _must(kind: str = "text", to: str = "", among: tuple[Any, ...] = ()) -> Field:
    return Field(kind, True, to, among)


ROLES = ("requester", "coordinator", "operator", "engineer", "lead", "manager", "account_manager", "administrator")
METRICS = ("acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution")
TYPES = ("incident", "service_request", "order", "change", "fault", "question", "complaint")

# In the order in which they are applied: what is referred to comes first, whatever the order in the file.
TABLES: dict[str, dict[str, Field]] = {
    "calendar": {
        "slug": _must(), "name": Field("name"), "time_zone": _must(), "weekly": Field("mapping"),
        "exceptions": Field("mapping"), "country": Field(),
    },
    "client": {
        "slug": _must(), "name": _must("name"), "language": Field(among=CODES), "time_zone": Field(),
        "email_domains": Field("list"), "vip": Field("flag"),
    },
    "team": {"slug": _must(), "name": _must("name"), "line": _must("number", among=(1, 2, 3))},
    "site": {"slug": _must(), "client": _must(to="client"), "name": Field("name"), "address": Field()},
    "service": {
        "slug": _must(), "name": _must("name"), "team": Field(to="team"), "description": Field("name"), "icon": Field(),
    },
    "category": {"slug": _must(), "name": _must("name"), "service": Field(to="service")},
    "person": {
        "login": _must(), "name": _must(), "email": Field(), "phone": Field(), "password": Field(),
        "role": _must(among=ROLES), "client": Field(to="client"), "team": Field(to="team"), "scope": Field("scope"),
        "language": Field(among=CODES), "time_zone": Field(), "vip": Field("flag"),
    },
    "contract": {
        "slug": _must(), "client": _must(to="client"), "valid_from": _must("day"), "valid_to": Field("day"),
        "calendar": _must(to="calendar"), "services": Field("list", to="service"), "vendor_pauses": Field("flag"),
    },
    "target": {
        "contract": _must(to="contract"), "valid_from": Field("day"), "metric": _must(among=METRICS),
        "minutes": _must("number"), "priority": Field("number", among=(1, 2, 3, 4)), "type": Field(among=TYPES),
        "service": Field(to="service"), "calendar": Field(to="calendar"),
    },
    "mailbox": {
        "address": _must(), "team": Field(to="team"), "client": Field(to="client"), "imap": Field(), "smtp": Field(),
        "name": Field("name"), "signature": Field("name"), "active": Field("flag"),
    },
}  # fmt: skip
KEYS = {"person": ("login",), "mailbox": ("address",), "contract": ("slug", "valid_from")}


def read(content: bytes, known: Mapping[str, set[str]]) -> dict[str, list[Row]]:
    """The rows by table, names still as they stand in the file. `known`: slugs and logins that already exist, by table.

    Raises WrongFile with every problem found.
    """
    try:
        document = tomllib.loads(content.decode("utf-8"))
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
            problems += _row_problems(table, row, f"{table}[{number}]")
    if not problems:
        problems = [*_doubles(rows), *_dangling(rows, known)]
    if problems:
        raise WrongFile(problems)
    return rows


def _row_problems(table: str, row: Row, path: str) -> list[str]:
    fields = TABLES[table]
    problems = [f"{path}.{key}: is not known; known are {', '.join(fields)}" for key in row if key not in fields]
    for key, field in fields.items():
        if key not in row:
            if field.required:
                problems.append(f"{path}.{key}: is missing")
            continue
        if problem := _value_problem(field, row[key]):
            problems.append(f"{path}.{key}: {problem}")
    if table == "mailbox":
        problems += [f"{path}.{key}: {problem}" for key, problem in _mailbox_problems(row)]
    if table == "target" and isinstance(row.get("minutes"), int) and row["minutes"] <= 0:
        problems.append(f"{path}.minutes: more than 0 is needed")
    return problems


def _value_problem(field: Field, value: Any) -> str:
    checks = {
        "text": isinstance(value, str) and bool(value.strip()),
        "name": _is_name(value),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "flag": isinstance(value, bool),
        "day": _day(value) is not None,
        "list": isinstance(value, list) and all(isinstance(one, str) for one in value),
        "mapping": isinstance(value, dict),
        "scope": value == "all" or (isinstance(value, list) and all(isinstance(one, str) for one in value)),
    }
    words = {
        "text": "a text is needed", "name": "a text, or a table of texts by language (ru, bg, en), is needed",
        "number": "a whole number is needed", "flag": "true or false is needed",
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
        if isinstance(row.get(key), str) and urlsplit(row[key]).scheme not in schemes:
            found.append(
                (key, f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)} is needed")
            )
    return found


def _doubles(rows: dict[str, list[Row]]) -> list[str]:
    problems = []
    for table, given in rows.items():
        if table == "target":
            continue
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(given):
            key = tuple(str(row[name]).lower() for name in KEYS.get(table, ("slug",)))
            if key in seen:
                problems.append(f"{table}[{number}]: {' '.join(key)} stands here a second time")
            seen.add(key)
    return problems


def _dangling(rows: dict[str, list[Row]], known: Mapping[str, set[str]]) -> list[str]:
    there = {
        table: set(known.get(table, ())) | {row["slug"] for row in given if "slug" in row}
        for table, given in rows.items()
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

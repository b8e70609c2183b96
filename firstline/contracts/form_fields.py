"""What the form of a service asks: its fields as they are written, and what is wrong with them. Pure: no Django.

A field as it is written, in the API, in an apply file and in the table: {"key": "start_day", "kind": "date",
"names": {"ru": "Первый день"}, "hints": {}, "required": true, "desk": false, "options": [{"key": "office", "names":
{…}}], "shown_when": {"field": "place", "is": ["office"]}}. `desk`: only whoever takes the call sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstline.lib.language import CODES, picked

KINDS = (
    "line", "text", "number", "choice", "choices", "yes_no", "date", "moment", "person", "equipment", "file",
)  # fmt: skip
WITH_OPTIONS = frozenset({"choice", "choices"})
# A condition may name values of these; of every other kind it may only ask whether it was answered.
NAMED_VALUES = WITH_OPTIONS | {"yes_no"}
MOST_FIELDS = 200
MOST_OPTIONS = 100
LONGEST_NAME = 200
LONGEST_HINT = 500
KEYS = frozenset({"key", "kind", "names", "hints", "required", "desk", "options", "shown_when"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OPTION = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Option:
    key: str
    names: Mapping[str, str]

    def label(self, language: str | None = None) -> str:
        return picked(self.names, next(iter(self.names.values()), self.key), language)


@dataclass(frozen=True)
class Condition:
    """Shown when the field was answered with one of these; with any answer where there are none."""

    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    key: str
    kind: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    required: bool = False
    desk: bool = False
    options: tuple[Option, ...] = ()
    shown_when: Condition | None = None

    def label(self, language: str | None = None) -> str:
        return picked(self.names, next(iter(self.names.values()), self.key), language)

    def hint(self, language: str | None = None) -> str:
        return picked(self.hints, next(iter(self.hints.values()), ""), language)

    def option(self, key: str) -> Option | None:
        return next((one for one in self.options if one.key == key), None)


def read(rows: object) -> tuple[list[Field], list[str]]:
    """The fields of a form, and every problem as "[2].kind: …"; the fields count only where there is no problem."""
    if not isinstance(rows, list | tuple):
        return [], ["a list is needed"]
    problems = [f"at most {MOST_FIELDS} fields"] if len(rows) > MOST_FIELDS else []
    fields: list[Field] = []
    for number, row in enumerate(rows[:MOST_FIELDS]):
        field, wrong = _field(row, fields)
        problems += [f"[{number}]{'.' if place else ''}{place}: {problem}" for place, problem in wrong]
        if field is not None:
            fields.append(field)
    return fields, problems


def written(fields: Iterable[Field]) -> list[dict[str, Any]]:
    """The opposite of `read`: every key, in one order."""
    return [
        {
            "key": one.key, "kind": one.kind, "names": dict(one.names), "hints": dict(one.hints),
            "required": one.required, "desk": one.desk,
            "options": [{"key": option.key, "names": dict(option.names)} for option in one.options],
            "shown_when": (
                {"field": one.shown_when.field, "is": list(one.shown_when.values)} if one.shown_when else None
            ),
        }
        for one in fields
    ]  # fmt: skip


def _field(row: object, before: Sequence[Field]) -> tuple[Field | None, list[tuple[str, str]]]:
    if not isinstance(row, Mapping):
        return None, [("", "a table is needed")]
    wrong = [(str(key)[:60], "unknown key") for key in row if key not in KEYS]
    key, kind = row.get("key"), row.get("kind")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        wrong.append(("key", "small Latin letters, digits and _ are needed"))
    elif any(one.key == key for one in before):
        wrong.append(("key", "there is a field of this key"))
    if kind not in KINDS:
        wrong.append(("kind", f"one of {', '.join(KINDS)}"))
    names, hints = _texts(row.get("names"), LONGEST_NAME), _texts(row.get("hints"), LONGEST_HINT)
    if names is None or not names:
        wrong.append(("names", f"a name in one language at least, at most {LONGEST_NAME} characters"))
    if hints is None:
        wrong.append(("hints", f"texts by language, at most {LONGEST_HINT} characters"))
    wrong += [(flag, "true or false") for flag in ("required", "desk") if not isinstance(row.get(flag, False), bool)]
    options, wrong_options = _options(row.get("options"), str(kind))
    condition, wrong_condition = _condition(row.get("shown_when"), before)
    wrong += wrong_options + wrong_condition
    made = Field(
        str(key), str(kind), names or {}, hints or {}, bool(row.get("required")), bool(row.get("desk")), options,
        condition,
    )  # fmt: skip
    return made, wrong


def _texts(given: object, longest: int) -> dict[str, str] | None:
    """Texts by language without the empty ones; None where they are none."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or any(
        code not in CODES or not isinstance(text, str) or len(text) > longest for code, text in given.items()
    ):
        return None
    return {code: said for code in CODES if (said := " ".join(given.get(code, "").replace("\x00", "").split()))}


def _options(given: object, kind: str) -> tuple[tuple[Option, ...], list[tuple[str, str]]]:
    rows = [] if given is None else given
    if not isinstance(rows, list | tuple):
        return (), [("options", "a list is needed")]
    if kind not in WITH_OPTIONS:
        return (), [("options", "only a choice has options")] if rows else []
    made: list[Option] = []
    for row in rows:
        key = row.get("key") if isinstance(row, Mapping) else None
        names = _texts(row.get("names"), LONGEST_NAME) if isinstance(row, Mapping) else None
        if not isinstance(key, str) or not _OPTION.fullmatch(key) or not names:
            return (), [("options", "each needs a key and a name")]
        made.append(Option(key, names))
    if len({one.key for one in made}) != len(made):
        return (), [("options", "two have the same key")]
    if not 2 <= len(made) <= MOST_OPTIONS:
        return (), [("options", f"2 to {MOST_OPTIONS} are needed")]
    return tuple(made), []


def _condition(given: object, before: Sequence[Field]) -> tuple[Condition | None, list[tuple[str, str]]]:
    """Only on a field that stands above: so there is no circle."""
    if given is None or given == {}:
        return None, []
    if not isinstance(given, Mapping) or not set(given) <= {"field", "is"}:
        return None, [("shown_when", "a field and its values")]
    on = next((one for one in before if one.key == given.get("field")), None)
    values = given.get("is") or []
    if on is None:
        return None, [("shown_when", "a field that stands above")]
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        return None, [("shown_when", "a field and its values")]
    known = {"yes", "no"} if on.kind == "yes_no" else {one.key for one in on.options}
    if values and (on.kind not in NAMED_VALUES or not set(values) <= known):
        return None, [("shown_when", "values that the field can have")]
    return Condition(on.key, tuple(values)), []

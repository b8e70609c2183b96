"""Conditions of rules of routing and of ladders, as they stand in an apply file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from firstline.imports.apply_file import Row, WrongFile
from firstline.lines.rules import Condition

_NAMES = ("field", "values", "not")


def conditions_of(row: Row, path: str) -> list[Condition]:
    """Those of a rule. Raises WrongFile where one says something that is not known."""
    found = []
    for number, given in enumerate(row.get("conditions", ())):
        no_unknown(given, _NAMES, f"{path}.conditions[{number}]")
        values = given.get("values", [])
        words = tuple(str(one) for one in values) if isinstance(values, list) else ()
        found.append(Condition(str(given.get("field", "")), words, bool(given.get("not", False))))
    return found


def no_unknown(given: Mapping[str, Any], known: Collection[str], path: str) -> None:
    """Raises WrongFile where a table of the file has a name that nobody knows."""
    if unknown := set(given) - set(known):
        raise WrongFile([f"{path}.{sorted(unknown)[0]}: is not known"])

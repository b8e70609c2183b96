"""What was answered on the form of a service: checked, and in words. Pure: no Django; people and things are looked up
by a function that is handed in.

An answer as it is kept: a text (line, text, number, choice, date, moment), true or false (yes_no), a list of keys
(choices) or of file names (file), {"id", "name"} (person, equipment: as it was called then).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from firstline.contracts.form_fields import Condition, Field
from firstline.lib.language import CODES
from firstline.lib.periods import in_this_age

Given = Mapping[str, Sequence[str]]
Look = Callable[[str, str], Mapping[str, str] | None]
LONGEST = {"line": 500, "text": 20_000}
YES, NO = "yes", "no"
_NUMBER = re.compile(r"[-+]?\d{1,18}(?:[.,]\d{1,6})?")


@dataclass
class Judged:
    """The answers that count, and what is wrong, by the field's key. What is not shown is neither."""

    answers: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)


def judge(
    fields: Iterable[Field], given: Given, *, zone: tzinfo, look: Look, lenient: bool = False, desk: bool = False
) -> Judged:
    """Every field in its order. A field whose condition does not hold is dropped, whatever was typed in it; so is what
    only the desk is asked, unless `desk`. `lenient`: what is required may be missing, and whom nobody
    knows is kept by name (somebody is on the phone)."""
    found = Judged()
    for one in fields:
        if (one.desk and not desk) or not holds(one.shown_when, found.answers):
            continue
        found.shown.append(one.key)
        typed = [text.replace("\x00", "").strip() for text in given.get(one.key, ())]
        typed = [text for text in typed if text]
        if not typed:
            if one.required and not lenient:
                found.wrong[one.key] = "empty"
            continue
        try:
            found.answers[one.key] = _answer(one, typed, zone, look, lenient)
        except ValueError as problem:
            found.wrong[one.key] = str(problem)
    return found


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether a field with this condition is shown."""
    if condition is None:
        return True
    if condition.field not in answers:
        return False
    answer = answers[condition.field]
    if not condition.values:
        return True
    if isinstance(answer, bool):
        return (YES if answer else NO) in condition.values
    said = answer if isinstance(answer, list) else [answer]
    return any(one in condition.values for one in said)


def typed_again(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Kept answers, or those of the API, as a form sends them."""
    made: dict[str, list[str]] = {}
    for key, value in answers.items():
        if isinstance(value, bool):
            made[key] = [YES if value else NO]
        elif isinstance(value, Mapping):
            made[key] = [str(value.get("id") or value.get("name") or "")]
        elif isinstance(value, list | tuple):
            made[key] = [str(one) for one in value]
        elif value is not None:
            made[key] = [str(value)]
    return made


def words(fields: Iterable[Field], answers: Mapping[str, Any]) -> list[str]:
    """What a search finds it by: texts as they are, options by their names in every language."""
    said: list[str] = []
    for one in fields:
        answer = answers.get(one.key)
        if answer is None or isinstance(answer, bool):
            continue
        if isinstance(answer, Mapping):
            said.append(str(answer.get("name", "")))
            continue
        for value in answer if isinstance(answer, list) else [answer]:
            option = one.option(str(value))
            said += [option.label(code) for code in CODES] if option else [str(value)]
    return list(dict.fromkeys(said))


def _answer(one: Field, typed: Sequence[str], zone: tzinfo, look: Look, lenient: bool) -> Any:
    """Raises ValueError with what is wrong, as a code."""
    first = typed[0]
    if one.kind == "file":
        return list(typed)
    if one.kind == "choices":
        if not all(one.option(value) for value in typed):
            raise ValueError("unknown")
        return [option.key for option in one.options if option.key in typed]
    if len(typed) > 1:
        raise ValueError("one answer")
    if one.kind in LONGEST:
        return _text(first, one.kind)
    if one.kind == "number":
        return _number(first)
    if one.kind == "choice":
        if one.option(first) is None:
            raise ValueError("unknown")
        return first
    if one.kind == "yes_no":
        if first not in (YES, NO):
            raise ValueError("unknown")
        return first == YES
    if one.kind == "date":
        return _day(first)
    if one.kind == "moment":
        return _moment(first, zone)
    known = look(one.kind, first)
    if known is None and lenient:
        return {"id": "", "name": first[: LONGEST["line"]]}
    if known is None:
        raise ValueError("unknown")
    return {"id": str(known["id"]), "name": str(known["name"])}


def _text(typed: str, kind: str) -> str:
    text = " ".join(typed.split()) if kind == "line" else typed
    if len(text) > LONGEST[kind]:
        raise ValueError(f"at most {LONGEST[kind]} characters")
    return text


def _number(typed: str) -> str:
    plain = typed.replace(" ", "").replace("\u00a0", "")
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise ValueError("a figure")
    return format(Decimal(plain.replace(",", ".")), "f")


def _day(typed: str) -> str:
    try:
        day = date.fromisoformat(typed)
    except ValueError as wrong:
        raise ValueError("a date") from wrong
    if not in_this_age(day.year):
        raise ValueError("a date")
    return day.isoformat()


def _moment(typed: str, zone: tzinfo) -> str:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError as wrong:
        raise ValueError("a moment") from wrong
    if not in_this_age(at.year):
        raise ValueError("a moment")
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()

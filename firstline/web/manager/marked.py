"""Each problem of the terms beside the field that it is about, and all of them at the top as a way there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from firstline.contracts.refusals import WrongTerms
from firstline.web.manager import refused
from firstline.web.manager.choices import TABLES
from firstline.web.manager.list_fields import Field
from firstline.web.manager.terms_form import Box, TermsForm

OWN = ("since", "to", "monthly_fee", "currency", "penalty_cap", "warnings")
_ROW = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+))?")
_STEPS = frozenset({"bands", "tiers"})


@dataclass(frozen=True)
class Mark:
    """A problem in words; `field` is the id that it leads to, "" where no field is to blame."""

    words: str
    field: str = ""


def mark(form: TermsForm, refusal: WrongTerms) -> list[Mark]:
    """What the contract's rules refuse, written to the fields; the marks of all of it, in the order of the rules."""
    return [
        Mark(words, _at(form, problem.partition(": ")[0], refused.alone(problem)))
        for problem, words in zip(refusal.problems, refused.problems(refusal), strict=True)
    ]


def typed(form: TermsForm) -> list[Mark]:
    """The marks of what could not be read at all, in the order of the page."""
    found = [Mark(form.problems[name], name) for name in OWN if name in form.problems]
    time = str(TABLES["target"])
    for line in form.lines:
        place = f"{time} {line.number + 1}"
        found += [Mark(f"{place}: {box.problem}", box.name) for box in line.boxes if box.problem]
        found += [Mark(f"{place}: {words}", f"line-{line.number}-{key}") for key, words in line.problems.items()]
    return found + [
        Mark(f"{one.title} {row.number + 1}, {field.label}: {field.problem}", field.name)
        for one in form.lists
        for row in one.forms
        for field in row.fields
        if field.problem
    ]


def _at(form: TermsForm, place: str, words: str) -> str:
    """Writes the words to the field of this place; returns its id."""
    found = _ROW.match(place)
    if found is None or found[1] not in TABLES:
        name = {"valid_to": "to"}.get(place, place.partition("[")[0])
        if name not in OWN:
            return ""
        form.problems[name] = words
        return name
    table, number, key = found[1], int(found[2]), found[3] or ""
    if table == "target":
        return _at_time(form, number, key, words)
    field = _of_list(form, table, number, "steps" if key in _STEPS else key)
    if field is None:
        return ""
    field.problem = field.problem or words
    return field.name


def _at_time(form: TermsForm, number: int, key: str, words: str) -> str:
    """Targets are counted over all the filled cells of all lines."""
    cells = [(line, priority) for line in form.lines for priority in line.line.cells]
    if number >= len(cells):
        return ""
    line, priority = cells[number]
    if key == "warnings":
        line.problems.setdefault(key, words)
        return f"line-{line.number}-warnings"
    box: Box = next(one for one in line.boxes if one.priority == priority)
    if key == "goal":
        box.goal_problem = words
        return f"{box.name}-goal"
    box.problem = box.problem or words
    return box.name


def _of_list(form: TermsForm, table: str, number: int, key: str) -> Field | None:
    """The field of a row: rows whose first field is empty are not counted. An unknown key is the first field's."""
    fields = next(one.forms for one in form.lists if one.table == table)
    rows = [row.fields for row in fields if row.fields[0].value]
    if number >= len(rows):
        return None
    return next((one for one in rows[number] if one.kind.key == key), rows[number][0])

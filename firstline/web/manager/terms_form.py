"""The form of a draft: its terms as fields, and what was typed as terms.

Every list ends in one empty row: what is filled in there is added, a row whose main field is emptied is gone. So the
form needs no script. Texts that have several languages are typed in the language of the page; the others stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.contracts import lengths, matrix, warning_words
from firstline.contracts.lengths import NoLength
from firstline.contracts.terms_shape import METRICS, Terms
from firstline.contracts.warning_words import NoWarning
from firstline.lib.language import picked
from firstline.web.manager.list_fields import LISTED, ListForm
from firstline.web.manager.words import Speaker

MOST_ROWS = 200
TYPED = (
    "since", "to", "calendar", "currency", "monthly_fee", "penalty_cap", "vendor_pauses", "warnings", "quality",
    "advice",
)  # fmt: skip
LENGTH_PROBLEMS: dict[str, str | Promise] = {
    "empty": gettext_lazy("Something has to stand here."),
    "unknown unit": gettext_lazy("Write it as 15 min, 2 h or 3 days."),
    "not whole": gettext_lazy("This is not a whole number of minutes."),
    "zero": gettext_lazy("More than nothing is needed."),
    "too long": gettext_lazy("This is longer than ten years."),
}


@dataclass
class Box:
    """A cell of the matrix: what stands in the field, its minutes, what is wrong with it."""

    name: str
    priority: int | None
    value: str = ""
    minutes: int | None = None
    goal: str = ""
    problem: str = ""
    goal_problem: str = ""


@dataclass
class LineForm:
    """One line of the matrix as fields."""

    number: int
    line: matrix.Line
    boxes: list[Box]
    warnings: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return not any(box.value for box in self.boxes)


@dataclass
class TermsForm:
    """The whole form: filled from terms, or from what was typed."""

    said: Speaker
    values: dict[str, str]
    cover: dict[str, str]
    equipment: set[str]
    lines: list[LineForm]
    lists: list[ListForm]
    problems: dict[str, str] = field(default_factory=dict)


def filled(terms: Terms, said: Speaker, *, since: date | None = None, to: date | None = None) -> TermsForm:
    """The form of these terms; a template has no days."""
    values: dict[str, str] = {
        "since": since.isoformat() if since else "", "to": to.isoformat() if to else "",
        "calendar": terms.get("calendar", ""), "currency": terms.get("currency", ""),
        "monthly_fee": terms.get("monthly_fee", ""), "penalty_cap": terms.get("penalty_cap", ""),
        "vendor_pauses": "1" if terms.get("vendor_pauses") else "",
        "warnings": said.warnings(terms.get("warnings", [{"share": "0.8", "tell": ["assignee"]}])),
    }  # fmt: skip
    values |= {key: picked(terms.get(key, {}), "", said.language) for key in ("quality", "advice")}
    cover = {
        slug: word
        for key, word in (("services", "included"), ("billable", "billable"), ("excluded", "excluded"))
        for slug in terms.get(key, ())
    }
    known = [*matrix.lines(terms.get("target", ())), matrix.Line("")]
    return TermsForm(
        said, values, cover, set(terms.get("equipment", ())),
        [_line_form(number, line, said) for number, line in enumerate(known)],
        [ListForm.filled(table, terms.get(table, ()), said) for table in LISTED],
    )  # fmt: skip


def typed(given: QueryDict, before: Terms, said: Speaker, *, dated: bool = True) -> tuple[TermsForm, Terms]:
    """The form as it was typed, with its problems, and the terms that it says. `before` are the terms as they are kept:
    what the form does not show (other languages) is taken from there."""
    values = {name: given.get(name, "").strip() for name in TYPED}
    values["currency"] = values["currency"].upper()
    said = Speaker(said.language, values["calendar"], values["currency"], said.names, said.days)
    cover = {name.removeprefix("cover-"): given.get(name, "") for name in given if name.startswith("cover-")}
    lines = [_line_typed(number, given, said) for number in range(min(_count(given, "lines"), MOST_ROWS))]
    lists = [ListForm.typed(table, given, before.get(table, ()), said) for table in LISTED]
    form = TermsForm(said, values, cover, set(given.getlist("equipment")), lines, lists)
    terms: Terms = {
        "calendar": values["calendar"], "currency": values["currency"],
        "monthly_fee": values["monthly_fee"] or None, "penalty_cap": values["penalty_cap"],
        "vendor_pauses": bool(values["vendor_pauses"]),
        "services": [slug for slug, word in cover.items() if word == "included"],
        "billable": [slug for slug, word in cover.items() if word == "billable"],
        "excluded": [slug for slug, word in cover.items() if word == "excluded"],
        "equipment": sorted(form.equipment),
        "target": matrix.rows(one.line for one in lines),
        **{key: _in_one_language(before.get(key, {}), values[key], said.language) for key in ("quality", "advice")},
        **{one.table: one.rows for one in lists},
    }  # fmt: skip
    try:
        terms["warnings"] = warning_words.read(values["warnings"])
    except NoWarning as wrong:
        form.problems["warnings"] = no_warning(wrong)
    form.problems |= {box.name: box.problem for one in lines for box in one.boxes if box.problem}
    form.problems |= {f"line-{one.number}-{key}": words for one in lines for key, words in one.problems.items()}
    form.problems |= {name: words for one in lists for name, words in one.problems.items()}
    for key in ("since", "to") if dated else ():
        if (values[key] and day(values[key]) is None) or (key == "since" and not values[key]):
            form.problems[key] = _("This is not a date.")
    return form, terms


def day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def no_warning(wrong: NoWarning) -> str:
    return _("“%(part)s” is not understood: write 50 %% assignee; 80 %% assignee, manager.") % {"part": wrong.part}


def _line_form(number: int, line: matrix.Line, said: Speaker) -> LineForm:
    boxes = []
    for priority in matrix.PRIORITIES:
        minutes = line.cells.get(priority)
        value = "" if minutes is None else said.length(minutes, line.calendar)
        boxes.append(Box(_box(number, priority), priority, value, minutes, line.goals.get(priority, "")))
    return LineForm(number, line, boxes, said.warnings(line.warnings))


def _line_typed(number: int, given: QueryDict, said: Speaker) -> LineForm:
    def asked(key: str) -> str:
        return given.get(f"line-{number}-{key}", "").strip()

    metric = asked("metric")
    line = matrix.Line(
        metric if metric in METRICS else METRICS[-1], asked("type"), asked("service"), asked("calendar"),
    )  # fmt: skip
    problems: dict[str, str] = {}
    try:
        line.warnings = warning_words.read(asked("warnings"))
    except NoWarning as wrong:
        problems["warnings"] = no_warning(wrong)
    boxes = [_box_typed(number, priority, line, given, said) for priority in matrix.PRIORITIES]
    if metric not in METRICS and any(box.value for box in boxes):
        problems["metric"] = _("Choose the clock.")
    return LineForm(number, line, boxes, asked("warnings"), problems)


def _box_typed(number: int, priority: int | None, line: matrix.Line, given: QueryDict, said: Speaker) -> Box:
    box = Box(_box(number, priority), priority, given.get(_box(number, priority), "").strip())
    box.goal = given.get(f"{box.name}-goal", "").replace("%", "").strip()
    if box.value:
        try:
            box.minutes = line.cells[priority] = lengths.read(box.value, said.day(line.calendar))
        except NoLength as wrong:
            box.problem = str(LENGTH_PROBLEMS[wrong.problem])
        if box.goal:
            line.goals[priority] = box.goal
    return box


def _box(number: int, priority: int | None) -> str:
    return f"line-{number}-p{priority or 0}"


def _count(given: Mapping[str, Any], name: str) -> int:
    text = str(given.get(name, "0"))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _in_one_language(before: Any, value: str, language: str) -> dict[str, str]:
    kept = dict(before) if isinstance(before, Mapping) else {}
    kept[language] = value
    return {code: words for code, words in kept.items() if words}

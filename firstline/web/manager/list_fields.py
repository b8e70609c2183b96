"""The lists of a draft's form: which fields a row has, how each is shown, and what was typed in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from firstline.contracts import lengths
from firstline.contracts.lengths import Day, NoLength
from firstline.contracts.terms_shape import Row, decimal, plain
from firstline.lib.language import named, picked
from firstline.web.clock_faces import METRICS
from firstline.web.manager.choices import (
    COMPARISONS,
    PENALTIES,
    PERIODS,
    PRIORITIES,
    ROUNDINGS,
    SIDES,
    STAGES,
    STATUSES,
    TABLES,
    TYPES,
    WHOSE,
    Words,
    key_of,
)
from firstline.web.manager.words import Speaker
from firstline.web.statement_words import INDICATORS

MOST_ROWS = 100


@dataclass(frozen=True)
class Kind:
    """A field of a row. `how`: name, choice, words (several of the choices), length, lengths, number, decimal, flag,
    calendar, service, services, slug, text, steps."""

    key: str
    how: str
    choices: Words = field(default_factory=dict)
    label: str | Promise = ""
    hint: str | Promise = ""
    optional: bool = True


# The first field of each is its main one: a row in which it is empty is no row.
LISTED: dict[str, tuple[Kind, ...]] = {
    "pause_reason": (
        Kind("name", "name", optional=False),
        Kind("status", "choice", STATUSES, optional=False),
        Kind("whose", "choice", WHOSE, optional=False),
        Kind("pauses", "flag"),
        Kind("reminders", "lengths", hint=gettext_lazy("For example: 1 day, 2 days")),
        Kind("warn_minutes", "length"),
        Kind("close_minutes", "length"),
        Kind("slug", "slug"),
    ),
    "inner_term": (
        Kind("stage", "choice", STAGES, label=gettext_lazy("Who")),
        Kind("share", "decimal", label=gettext_lazy("Share of the time, %"), optional=False),
    ),
    "duty": (
        Kind("name", "name", optional=False),
        Kind("side", "choice", SIDES, optional=False),
        Kind("minutes", "length", label=gettext_lazy("Within")),
        Kind("calendar", "calendar"),
        Kind("slug", "slug"),
    ),
    "indicator": (
        Kind("kind", "choice", INDICATORS),
        Kind("comparison", "choice", COMPARISONS, optional=False),
        Kind("goal", "decimal", label=gettext_lazy("Goal, %"), optional=False),
        Kind("period", "choice", PERIODS, optional=False),
        Kind("metric", "choice", METRICS),
        Kind("service", "service"),
        Kind("weight", "decimal"),
        Kind("source", "text"),
    ),
    "penalty": (
        Kind("kind", "choice", PENALTIES),
        Kind("metric", "choice", METRICS),
        Kind(
            "steps", "steps", label=pgettext_lazy("penalty", "Lines"),
            hint=gettext_lazy("By lateness: “1 h: 500”. By a share: “95 %: 0”, the last line “else: 20 %”."),
        ),
        Kind("accumulate", "flag"),
        Kind("every", "length"),
        Kind("costs", "text", hint=gettext_lazy("500, or 1.5 % of the fee")),
        Kind("grace", "length"),
        Kind("cap", "text"),
        Kind("cap_period", "text"),
        Kind("exclude", "words", {key: words for key, words in WHOSE.items() if key != "provider"}),
        Kind("priorities", "words", {str(value): words for value, words in PRIORITIES.items()}),
        Kind("types", "words", TYPES),
        Kind("services", "services"),
        Kind("indicator", "choice", INDICATORS),
        Kind("service", "service"),
        Kind("rounding", "choice", ROUNDINGS, optional=False),
    ),
    "hours": (
        Kind("minutes", "length", label=gettext_lazy("Hours paid ahead"), optional=False),
        Kind("period", "choice", PERIODS, optional=False),
        Kind("price", "decimal"),
        Kind("overage_rate", "decimal"),
        Kind("carry_over", "number"),
    ),
}  # fmt: skip
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII | re.IGNORECASE)
_STEP = re.compile(r"^\s*(.*?)\s*[:=]\s*(.+?)\s*$")
_ELSE = frozenset({"else", "иначе", "остальное", "в противен случай", "останалото", ""})


@dataclass
class Field:
    """A field as the template draws it."""

    name: str
    kind: Kind
    value: str = ""
    problem: str = ""

    @property
    def label(self) -> str:
        return str(self.kind.label or key_of(self.name.partition("-")[0], self.kind.key))

    @property
    def chosen(self) -> list[str]:
        return self.value.split(",")


@dataclass
class RowForm:
    """One row: its heading, its fields, whether it is the empty one at the end."""

    number: int
    title: str
    fields: list[Field]
    is_new: bool = False


@dataclass
class ListForm:
    """One list, with what was typed in it as rows of terms."""

    table: str
    title: str
    forms: list[RowForm]
    rows: list[Row] = field(default_factory=list)

    @property
    def problems(self) -> dict[str, str]:
        return {one.name: one.problem for form in self.forms for one in form.fields if one.problem}

    @classmethod
    def filled(cls, table: str, rows: Sequence[Row], said: Speaker) -> ListForm:
        forms = [
            RowForm(number, said.row(table, row), [_shown(table, number, kind, row, said) for kind in LISTED[table]])
            for number, row in enumerate(rows)
        ]
        return cls(table, str(TABLES[table]), [*forms, _empty(table, len(forms), said)], list(rows))

    @classmethod
    def typed(cls, table: str, given: QueryDict, before: Sequence[Row], said: Speaker) -> ListForm:
        """A row keeps what the form does not show (its slug, its other languages) from the row of the same number."""
        forms, rows = [], []
        for number in range(min(_whole(given.get(f"{table}-count")) or 0, MOST_ROWS)):
            kept = before[number] if number < len(before) else {}
            fields = [Field(f"{table}-{number}-{kind.key}", kind) for kind in LISTED[table]]
            for one in fields:
                several = one.kind.how in ("words", "services")
                one.value = ",".join(given.getlist(one.name)) if several else given.get(one.name, "").strip()
            is_row = bool(fields[0].value)
            forms.append(RowForm(number, said.row(table, kept) if kept else "", fields, is_new=not kept))
            if is_row:
                rows.append(_read(fields, kept, said))
        _name_the_nameless(table, rows)
        return cls(table, str(TABLES[table]), forms, rows)


def _empty(table: str, number: int, said: Speaker) -> RowForm:
    usual: Row = {"pauses": True} if table == "pause_reason" else {}
    return RowForm(number, "", [_shown(table, number, kind, usual, said) for kind in LISTED[table]], is_new=True)


def _shown(table: str, number: int, kind: Kind, row: Mapping[str, Any], said: Speaker) -> Field:
    return Field(f"{table}-{number}-{kind.key}", kind, _value(table, kind, row, said))


def _value(table: str, kind: Kind, row: Mapping[str, Any], said: Speaker) -> str:
    value = row.get(kind.key)
    if kind.how == "steps":
        return _steps_written(row, said)
    if kind.how == "flag":
        return "1" if row.get(kind.key, table == "pause_reason") else ""
    if value is None:
        return ""
    if kind.how == "name":
        return picked(value, named(value, said.language)[0], said.language) if isinstance(value, Mapping) else value
    if kind.how == "length":
        if table == "hours":  # prepaid hours are hours, whatever a day of the calendar is
            return lengths.written(value, said.language, Day(lengths.LONGEST + 1))
        return said.length(value, row.get("calendar") or "")
    if kind.how == "lengths":
        return ", ".join(said.length(one) for one in value)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _name_the_nameless(table: str, rows: Sequence[Row]) -> None:
    """Rows that files and waits know by a short name get one where nobody typed it."""
    if table not in ("pause_reason", "duty"):
        return
    taken = {row.get("slug") for row in rows}
    number = 0
    for row in rows:
        while "slug" not in row:
            number += 1
            name = f"{table.replace('_', '-')}-{number}"
            if name not in taken:
                row["slug"] = name


def _read(fields: list[Field], kept: Row, said: Speaker) -> Row:
    calendar = next((one.value for one in fields if one.kind.key == "calendar"), "")
    row: Row = {}
    for one in fields:
        try:
            value = _typed(one, kept, calendar, said)
        except NoLength:
            one.problem = _("Write it as 15 min, 2 h or 3 days.")
            continue
        except ValueError as wrong:
            one.problem = str(wrong)
            continue
        if one.kind.how == "steps":
            row |= value
        elif value not in (None, "", []) and (value is not False or one.kind.key != "accumulate"):
            row[one.kind.key] = value
        elif not one.kind.optional:
            one.problem = _("Something has to stand here.")
    return row


def _typed(one: Field, kept: Row, calendar: str, said: Speaker) -> Any:
    how, value = one.kind.how, one.value
    if how == "flag":
        return bool(value)
    if how == "steps":
        return _steps_read(value, said)
    if how == "words":
        chosen = [part for part in value.split(",") if part in one.kind.choices]
        return list(map(int, chosen)) if one.kind.key == "priorities" else chosen
    if how == "services":
        return [slug for slug in value.split(",") if slug]
    if not value:
        return None
    if how == "name":
        before = kept.get("name")
        return {**before, said.language: value} if isinstance(before, Mapping) else value
    if how == "length":
        return lengths.read(value, said.day(calendar))
    if how == "lengths":
        return [lengths.read(part, said.day()) for part in value.replace(";", ",").split(",") if part.strip()]
    if how == "number":
        if _whole(value) is None:
            raise ValueError(_("This is not a whole number."))
        return _whole(value)
    if how == "decimal":
        found = decimal(value.replace("%", ""))
        if found is None:
            raise ValueError(_("This is not a number."))
        return plain(found)
    if how == "slug":
        if not _SLUG.fullmatch(value):
            raise ValueError(_("Latin letters, digits and dashes are needed."))
        return value
    if how == "choice" and value not in one.kind.choices:
        raise ValueError(_("There is no such thing: choose one of the list."))
    return value


def _steps_written(row: Mapping[str, Any], said: Speaker) -> str:
    lines = [
        f"{said.length(band['after']) if band.get('after') else 0}: {band['costs']}" for band in row.get("bands", ())
    ]
    for tier in row.get("tiers", ()):
        bound = tier.get("at_least", tier.get("at_most"))
        sign = "≤ " if "at_most" in tier else ""
        left = _("else") if bound is None else f"{sign}{str(bound).strip('% ')} %"
        lines.append(f"{left}: {tier['costs']}")
    return "\n".join(lines)


def _steps_read(typed: str, said: Speaker) -> Row:
    """Lines "1 h: 500" are bands; lines "95 %: 0" and "else: 20 %" are tiers. Raises ValueError."""
    bands: list[Row] = []
    tiers: list[Row] = []
    for line in filter(str.strip, typed.splitlines()):
        found = _STEP.match(line)
        if found is None:
            words = _("“%(line)s” is not understood: write “1 h: 500” or “95 %%: 0”.")
            raise ValueError(words % {"line": line.strip()})
        left, costs = found[1].strip(), found[2]
        if left.endswith("%"):
            bound = "at_most" if left.startswith(("≤", "<")) else "at_least"
            tiers.append({bound: left.strip("≤≥<> %").replace(",", "."), "costs": costs})
        elif left.lower() in {*_ELSE, _("else")}:
            tiers.append({"costs": costs})
        else:
            bands.append({"after": 0 if left == "0" else lengths.read(left, said.day()), "costs": costs})
    return {key: rows for key, rows in (("bands", bands), ("tiers", tiers)) if rows}


def _whole(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None

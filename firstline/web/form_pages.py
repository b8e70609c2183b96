"""The form of a service on a page, and answers to it in words: the portal, the form for calls, both sides' tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstline.contracts import forms
from firstline.contracts.form_answers import NO, YES, Judged
from firstline.contracts.form_fields import Field
from firstline.contracts.models import ServiceForm
from firstline.people.models import Client
from firstline.tickets import answers
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals

PREFIX = "f-"  # before a field's key: what a form calls its own fields never meets ours
LONG = 12  # more answers than this are folded


@dataclass(frozen=True)
class Asked:
    """A field as a form shows it. `is_hidden`: its condition does not hold by what was typed so far."""

    field: Field
    name: str
    label: str
    hint: str
    typed: Sequence[str]
    options: Sequence[tuple[str, str]]
    required: bool
    is_hidden: bool
    problem: str

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""

    @property
    def controls(self) -> str:
        """Which fields hang on what: read by the page's own script."""
        return PREFIX + self.field.shown_when.field if self.field.shown_when else ""

    @property
    def wanted(self) -> str:
        return " ".join(self.field.shown_when.values) if self.field.shown_when else ""


@dataclass(frozen=True)
class Said:
    """An answer in words. `files`: they are files of that name on the first message."""

    label: str
    words: str
    is_long: bool = False
    is_file: bool = False


def typed_in(data: Any) -> dict[str, list[Any]]:
    """What a form sent for the fields, texts or files, by their keys."""
    return {name.removeprefix(PREFIX): data.getlist(name) for name in data if name.startswith(PREFIX)}


def fields(
    form: ServiceForm | None, given: Mapping[str, Sequence[str]], client: Client | None, *,
    wrong: Mapping[str, str] | None = None, lenient: bool = False, desk: bool = False,
) -> list[Asked]:  # fmt: skip
    """The fields of a form with what was typed, and with what is wrong (codes by key)."""
    if form is None:
        return []
    found = forms.judged(form, given, client, get_current_timezone(), lenient=True, desk=desk)
    offered = forms.offered(form.asked, client)
    return [
        _asked(one, given, found, offered, dict(wrong or {}), lenient) for one in form.asked if desk or not one.desk
    ]


def answered(ticket: Ticket, *, desk: bool) -> list[Said]:
    """What was answered on the ticket, in the order of the form that asked."""
    kept = answers.of(ticket)
    if kept is None:
        return []
    asked = kept.form.asked
    return [said(one, kept.values[one.key]) for one in asked if one.key in kept.values and (desk or not one.desk)]


def said(field: Field, answer: Any) -> Said:
    """One answer in the reader's words."""
    label = field.label(get_language())
    if isinstance(answer, bool):
        return Said(label, _("Yes") if answer else _("No"))
    if isinstance(answer, Mapping):
        return Said(label, str(answer.get("name", "")))
    if isinstance(answer, list):
        return Said(label, ", ".join(_option(field, one) for one in answer), is_file=field.kind == "file")
    if field.kind == "date":
        return Said(label, date_format(date.fromisoformat(answer), "DATE_FORMAT"))
    if field.kind == "moment":
        return Said(label, date_format(localtime(datetime.fromisoformat(answer)), "DATETIME_FORMAT"))
    return Said(label, _option(field, answer), is_long=field.kind == "text")


def problem(code: str) -> str:
    """What is wrong with an answer, in words."""
    return refusals.problem_in_words(WrongValue("", code))


def _option(field: Field, key: str) -> str:
    option = field.option(key)
    return option.label(get_language()) if option else key


def _asked(
    one: Field, given: Mapping[str, Sequence[str]], found: Judged, offered: Mapping[str, list[tuple[str, str]]],
    wrong: Mapping[str, str], lenient: bool,
) -> Asked:  # fmt: skip
    language = get_language()
    if one.kind == "yes_no":
        options = [(YES, _("Yes")), (NO, _("No"))]
    else:
        options = [(option.key, option.label(language)) for option in one.options] or offered.get(one.kind, [])
    return Asked(
        field=one, name=PREFIX + one.key, label=one.label(language), hint=one.hint(language),
        typed=list(given.get(one.key, ())), options=options, required=one.required and not lenient,
        is_hidden=one.key not in found.shown, problem=problem(wrong[one.key]) if one.key in wrong else "",
    )  # fmt: skip

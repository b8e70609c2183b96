"""Templates for answers and macros of an apply file, checked as their pages check them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result
from firstline.people.models import Person
from firstline.tickets import macros, templates
from firstline.tickets.macro_models import Macro
from firstline.tickets.refusals import WrongValue
from firstline.tickets.template_models import AnswerTemplate
from firstline.tickets.view_models import SharedWith

_SAID_OF_TEMPLATE, _SAID_OF_MACRO = ("body", "language", "shared"), ("owner_id", "name", "names", "steps", "shared")


def put_templates(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row; one that was taken away comes back. Raises WrongFile."""
    results = []
    for number, row in enumerate(rows):
        owner = _owner(row, f"answer_template[{number}]")
        kept = AnswerTemplate.objects.filter(owner=owner, name=row["name"], removed_at__isnull=True).first()
        before = _said(kept, _SAID_OF_TEMPLATE)
        one = kept or AnswerTemplate(owner=owner)
        try:
            templates.write(
                one, name=row["name"], body=row["body"], language=row.get("language", ""),
                shared=row.get("shared", SharedWith.EVERYBODY), by=None,
            )  # fmt: skip
        except WrongValue as wrong:
            raise WrongFile([f"answer_template[{number}].{wrong.field}: {wrong.problem}"]) from wrong
        key = f"{row['owner']} {row['name']}"
        results.append(Result("answer_template", key, _became(before, _said(one, _SAID_OF_TEMPLATE))))
    return results


def put_macros(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row; one that was taken away comes back. Raises WrongFile."""
    results = []
    for number, row in enumerate(rows):
        owner = _owner(row, f"macro[{number}]")
        kept = Macro.objects.filter(slug=row["slug"]).first()
        before = _said(kept, _SAID_OF_MACRO) if kept is None or kept.removed_at is None else ()
        one = kept or Macro(slug=row["slug"])
        one.owner, one.removed_at = owner, None
        name = row["name"]
        try:
            macros.write(
                one, names=name if isinstance(name, dict) else {settings.LANGUAGE_CODE: name}, steps=row["steps"],
                shared=row.get("shared", SharedWith.EVERYBODY), by=None,
            )  # fmt: skip
        except WrongValue as wrong:
            raise WrongFile([f"macro[{number}].{_place(wrong.field)}: {wrong.problem}"]) from wrong
        results.append(Result("macro", row["slug"], _became(before, _said(one, _SAID_OF_MACRO))))
    return results


def _owner(row: Row, path: str) -> Person:
    owner = Person.objects.get(login=row["owner"])
    if not owner.is_agent:
        raise WrongFile([f"{path}.owner: {row['owner']!r} is nobody of the desk"])
    return owner


def _said(one: Any, fields: tuple[str, ...]) -> tuple[Any, ...] | None:
    return tuple(getattr(one, name) for name in fields) if one is not None else None


def _became(before: tuple[Any, ...] | None, after: tuple[Any, ...] | None) -> str:
    return CREATED if before is None else UNCHANGED if before == after else CHANGED


def _place(field: str) -> str:
    """steps.2.text as the file counts: steps[2].text."""
    head, *rest = field.split(".")
    return f"{head}[{rest[0]}].{rest[1]}" if len(rest) == 2 else field

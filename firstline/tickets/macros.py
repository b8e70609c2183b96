"""Macros are kept: one's own, the team's, the whole desk's; who may change them, what they may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from firstline.contracts.models import Category, Service
from firstline.lib import language
from firstline.people.models import Person, Team
from firstline.people.permissions import NotAllowed
from firstline.people.roles import SOLVERS
from firstline.tickets import macro_steps, sharing
from firstline.tickets.handover import Reason
from firstline.tickets.macro_models import Macro
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.tickets.view_models import SharedWith

MOST, LONGEST_NAME = 200, 60


def visible_to(person: Person) -> QuerySet[Macro]:
    """His own, his team's, the whole desk's. The client's side has none."""
    return sharing.visible_to(person, Macro.objects.filter(removed_at__isnull=True))


def get_for(person: Person, name: int | str) -> Macro:
    """By number or slug. Raises NotThere: taken away, or not for this person."""
    text = str(name)
    if text.isdecimal():
        return sharing.numbered(visible_to(person), text)
    found = visible_to(person).filter(slug=text[:60].replace("\x00", "")).first()
    if found is None:
        raise NotThere(text)
    return found


def save(
    person: Person, *, names: Mapping[str, str], steps: Sequence[Mapping[str, Any]], shared: str = SharedWith.NOBODY
) -> Macro:
    """A new one. Raises WrongValue (no name, a step that cannot be), NotAllowed (not his to share)."""
    if not person.is_agent:
        raise NotAllowed("macros")
    if Macro.objects.filter(owner=person, removed_at__isnull=True).count() >= MOST:
        raise WrongValue("name", f"at most {MOST} macros")
    one = Macro(owner=person)
    with transaction.atomic():
        one.slug = _free_slug()
        return write(one, names=names, steps=steps, shared=shared, by=person)


def change(
    person: Person, one: Macro, *, names: Mapping[str, str], steps: Sequence[Mapping[str, Any]], shared: str = ""
) -> Macro:
    """Other steps for whoever runs it from now on. Raises as `save`."""
    sharing.demand_change(person, one, "macros")
    return write(one, names=names, steps=steps, shared=shared or one.shared, by=person)


def remove(person: Person, one: Macro, *, at: datetime) -> None:
    """Out of everybody's list; `bring_back` undoes it."""
    sharing.remove(person, one, "macros", at=at)


def bring_back(person: Person, number: int) -> Macro:
    """One that was taken away. Raises NotThere."""
    one = sharing.removed(person, Macro.objects.all(), number)
    one.removed_at = None
    one.save(update_fields=["removed_at"])
    return one


def write(
    one: Macro, *, names: Mapping[str, str], steps: Sequence[Mapping[str, Any]], shared: str, by: Person | None
) -> Macro:
    """Keeps what was checked. `by` None: the apply file, which shares with everybody it wants to."""
    kept = language.filled({code: " ".join(text.replace("\x00", "").split()) for code, text in names.items()})
    if unknown := set(kept) - set(language.CODES):
        raise WrongValue("name", f"unknown language {sorted(unknown)[0]}")
    if not kept:
        raise WrongValue("name", "empty")
    if any(len(text) > LONGEST_NAME for text in kept.values()):
        raise WrongValue("name", f"at most {LONGEST_NAME} characters")
    one.name, one.names = language.named(kept, settings.LANGUAGE_CODE)
    one.shared, one.steps = sharing.checked(one, shared, by=by), checked(steps)
    one.save()
    return one


def checked(steps: Sequence[Mapping[str, Any]]) -> list[macro_steps.Step]:
    """The steps in the form in which they are kept; what they name is there. Raises WrongValue."""
    try:
        made = macro_steps.read(steps)
    except macro_steps.WrongStep as wrong:
        raise WrongValue(wrong.field, wrong.problem) from wrong
    for number, step in enumerate(made):
        if field := _missing(step):
            raise WrongValue(f"steps.{number}.{field}", "unknown")
    return made


def _missing(step: macro_steps.Step) -> str:
    """The field that names what is not there; "" where all is."""
    if "to" in step and somebody(step["to"]) == (None, None):
        return "to"
    if "because" in step and step["because"] not in Reason.values:
        return "because"
    for field, model in (("service", Service), ("category", Category)):
        if field in step and not model._default_manager.filter(slug=step[field]).exists():
            return field
    return ""


def somebody(to: str) -> tuple[Person | None, Team | None]:
    """Who "person:ivan" or "team:first-line" is; nobody, where he is gone."""
    kind, _colon, name = to.partition(":")
    if kind == "person":
        return Person.objects.filter(login=name, role__in=SOLVERS, is_active=True).first(), None
    return None, Team.objects.filter(slug=name).first() if kind == "team" else None


def _free_slug() -> str:
    newest = Macro.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    number = newest + 1
    while Macro.objects.filter(slug=f"macro-{number}").exists():
        number += 1
    return f"macro-{number}"

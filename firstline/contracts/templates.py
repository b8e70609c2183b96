"""Templates of terms ("Silver 8×5"): what an account manager begins a version with. A version keeps nothing of the
template that it began as: an edited template changes no contract.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from firstline.audit import trail
from firstline.contracts import written
from firstline.contracts.models import TermsTemplate
from firstline.contracts.refusals import NotReady, WrongTerms
from firstline.lib.language import filled, named
from firstline.people.models import Person
from firstline.people.permissions import demand

LONGEST_NAME = 200


def offered() -> QuerySet[TermsTemplate]:
    """Those that a version may begin with; a retired one is only kept."""
    return TermsTemplate.objects.filter(retired_at__isnull=True)


@transaction.atomic
def add(slug: str, names: Mapping[str, str], terms: Mapping[str, Any], *, by: Person, at: datetime) -> TermsTemplate:
    """A new template. Raises WrongTerms."""
    demand(by, "edit contracts")
    if TermsTemplate.objects.filter(slug=slug).exists():
        raise WrongTerms(["slug: there is a template of this name"])
    return _keep(TermsTemplate(slug=slug), names, terms, by=by, at=at, action="template added")


@transaction.atomic
def edit(
    template: TermsTemplate, names: Mapping[str, str], terms: Mapping[str, Any], *, by: Person, at: datetime,
    seen: str = "",
) -> TermsTemplate:  # fmt: skip
    """Another name, other terms. `seen` is the fingerprint of what the person looked at: NotReady where somebody else
    has changed it since. Raises WrongTerms."""
    demand(by, "edit contracts")
    held = _held(template)
    if seen and seen != fingerprint(held):
        raise NotReady("template changed since")
    return _keep(held, names, terms, by=by, at=at, action="template edited")


@transaction.atomic
def retire(template: TermsTemplate, *, by: Person, at: datetime) -> TermsTemplate:
    """No version begins with it any more."""
    return _mark(template, at, by=by, at=at, action="template retired")


@transaction.atomic
def restore(template: TermsTemplate, *, by: Person, at: datetime) -> TermsTemplate:
    """Versions may begin with it again."""
    return _mark(template, None, by=by, at=at, action="template restored")


def checked(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical form of what a template may say: everything but the equipment, which is one client's. Raises
    WrongTerms."""
    said = written.checked(terms)
    for key in ("quality", "advice"):
        if isinstance(said.get(key), str):
            said[key] = {settings.LANGUAGE_CODE: said[key]}
    problems = [] if said.get("calendar") else ["calendar: is missing"]
    problems += ["equipment: is of one client, not of a template"] if said.get("equipment") else []
    if problems:
        raise WrongTerms(problems)
    written.refuse_strangers(said)
    return said


def fingerprint(template: TermsTemplate) -> str:
    """Tells whether anything of it was changed."""
    said = [template.name, template.names, template.terms]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _keep(
    template: TermsTemplate, names: Mapping[str, str], terms: Mapping[str, Any], *, by: Person, at: datetime,
    action: str,
) -> TermsTemplate:  # fmt: skip
    name, texts = named(filled(names), settings.LANGUAGE_CODE)
    if not name or any(len(text) > LONGEST_NAME for text in texts.values()):
        raise WrongTerms(["names: is missing" if not name else f"names: longer than {LONGEST_NAME} characters"])
    before = (template.name, template.names, template.terms)
    template.name, template.names, template.terms = name, texts, checked(terms)
    if template.pk is None or before != (template.name, template.names, template.terms):
        template.save()
        _note(template, action, by, at, names=texts, terms=template.terms, before=before[2])
    return template


def _mark(template: TermsTemplate, moment: datetime | None, *, by: Person, at: datetime, action: str) -> TermsTemplate:
    demand(by, "edit contracts")
    held = _held(template)
    if (held.retired_at is None) != (moment is None):
        held.retired_at = moment
        held.save(update_fields=["retired_at"])
        _note(held, action, by, at)
    return held


def _held(template: TermsTemplate) -> TermsTemplate:
    return TermsTemplate.objects.select_for_update().get(pk=template.pk)


def _note(template: TermsTemplate, action: str, by: Person, at: datetime, **data: Any) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"template:{template.slug}", **data)

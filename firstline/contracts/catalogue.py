"""Editing the catalogue: whose a service is, when it is looked after, what is said of it to clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from firstline.audit import trail
from firstline.calendars.models import Calendar
from firstline.contracts.checklist import problem_of
from firstline.contracts.models import Category, Service
from firstline.contracts.refusals import WrongTerms
from firstline.lib.language import kept
from firstline.people.models import Person, Team
from firstline.people.permissions import demand

TEXTS = ("names", "descriptions", "qualities", "advice", "checklist")
LONGEST = {"names": 200, "descriptions": 300, "qualities": 4000, "advice": 2000, "checklist": 9000}


@dataclass(frozen=True)
class Described:
    """What a service is said to be. The texts are by language."""

    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    qualities: Mapping[str, str] = field(default_factory=dict)
    advice: Mapping[str, str] = field(default_factory=dict)
    checklist: Mapping[str, str] = field(default_factory=dict)
    owner: Person | None = None
    calendar: Calendar | None = None
    team: Team | None = None
    line: int | None = None


@transaction.atomic
def add(slug: str, said: Described, *, by: Person, at: datetime) -> Service:
    """A new service at the end of the catalogue. Raises WrongTerms."""
    demand(by, "edit catalogue")
    if Service.objects.filter(slug=slug).exists():
        raise WrongTerms(["slug: there is a service of this name"])
    last = Service.objects.aggregate(last=Max("position"))["last"]
    service = Service(slug=slug, position=0 if last is None else last + 1)
    return _describe(service, said, by=by, at=at, action="service added")


@transaction.atomic
def describe(service: Service, said: Described, *, by: Person, at: datetime) -> Service:
    """Another description of a service; what contracts promise of it is theirs. Raises WrongTerms."""
    demand(by, "edit catalogue")
    held = Service.objects.select_for_update().get(pk=service.pk)
    return _describe(held, said, by=by, at=at, action="service described")


def texts_of(service: Service) -> dict[str, dict[str, str]]:
    """What is said of it, by language."""
    single = {"names": service.name, "descriptions": service.description}
    return {key: kept(single.get(key, ""), getattr(service, key), settings.LANGUAGE_CODE) for key in TEXTS}


@transaction.atomic
def begin_on(category: Category, line: int | None, *, by: Person, at: datetime) -> Category:
    """Tickets of this category begin on that line ("straight to line 2"); None: where the service's do."""
    demand(by, "edit catalogue")
    held = Category.objects.select_for_update().get(pk=category.pk)
    if held.line != line:
        trail.note(
            at=at, actor=by.actor, action="category begins", target=f"category:{held.slug}", before=held.line,
            line=line,
        )  # fmt: skip
        held.line = line
        held.save(update_fields=["line"])
    return held


def _describe(service: Service, said: Described, *, by: Person, at: datetime, action: str) -> Service:
    problems = [
        f"{key}: longer than {LONGEST[key]} characters"
        for key in TEXTS
        if any(len(text) > LONGEST[key] for text in getattr(said, key).values())
    ]
    if problem := problem_of(said.checklist):
        problems.append(f"checklist: {problem}")
    if not any(said.names.values()):
        problems.append("names: is missing")
    if said.owner is not None and not said.owner.is_agent:
        problems.append("owner: somebody of the desk is needed")
    if said.line is not None and said.team is not None and said.team.line != said.line:
        problems.append("line: the team stands on another line")
    if problems:
        raise WrongTerms(problems)
    texts = {key: {code: text for code, text in getattr(said, key).items() if text} for key in TEXTS}
    before = _kept(service) if service.pk else {}
    for key, value in texts.items():
        setattr(service, key, value)
    service.name = texts["names"].get(settings.LANGUAGE_CODE) or next(iter(texts["names"].values()))
    service.description = texts["descriptions"].get(settings.LANGUAGE_CODE) or next(
        iter(texts["descriptions"].values()), ""
    )
    service.owner, service.calendar, service.team, service.line = said.owner, said.calendar, said.team, said.line
    service.save()
    changed = {key: value for key, value in _kept(service).items() if before.get(key) != value}
    if changed:
        trail.note(
            at=at, actor=by.actor, action=action, target=f"service:{service.slug}", changed=changed,
            before={key: before.get(key) for key in changed},
        )  # fmt: skip
    return service


def _kept(service: Service) -> dict[str, Any]:
    return {
        **{key: getattr(service, key) for key in TEXTS}, "owner": service.owner_id, "calendar": service.calendar_id,
        "team": service.team_id, "line": service.line,
    }  # fmt: skip

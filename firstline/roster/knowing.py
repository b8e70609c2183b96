"""What a person knows and speaks, written down by whoever plans him."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from firstline.audit import trail
from firstline.lib.language import CODES
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.roster.models import Level, Skill, Speaks
from firstline.roster.refusals import WrongRoster
from firstline.roster.shifts import may_plan


def know(person: Person, *, levels: Mapping[str, int], speaks: set[str], by: Person, at: datetime) -> None:
    """All his skills (slug to 1–3; 0 is none) and the languages besides his own. Raises WrongRoster."""
    if not may_plan(by, person):
        raise NotAllowed("plan roster")
    if any(not 0 <= level <= 3 for level in levels.values()):
        raise WrongRoster("level", "0 to 3")
    known = dict(Skill.objects.filter(slug__in=levels).values_list("slug", "pk"))
    if set(levels) - set(known) or speaks - set(CODES):
        raise WrongRoster("skill", "unknown")
    with transaction.atomic():
        Level.objects.filter(person=person).delete()
        Level.objects.bulk_create(
            Level(person=person, skill_id=known[slug], level=level) for slug, level in sorted(levels.items()) if level
        )
        Speaks.objects.filter(person=person).delete()
        Speaks.objects.bulk_create(Speaks(person=person, language=code) for code in sorted(speaks))
        trail.note(
            at=at, actor=by.actor, action="skills_written", target=f"person:{person.pk}",
            skills={slug: level for slug, level in sorted(levels.items()) if level}, speaks=sorted(speaks),
        )  # fmt: skip


def spoken_by(person: Person) -> frozenset[str]:
    """The languages that are written for him."""
    return frozenset(Speaks.objects.filter(person=person).values_list("language", flat=True))

"""What people of the desk know, and which languages they speak: one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from firstline.people.models import Person
from firstline.roster.models import Level, Speaks


def of(person_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """The skills of each, by slug, with the level from 1 to 3; who has none is not named."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Level.objects.filter(person__in=list(person_ids)).values_list("person_id", "skill__slug", "level")
    for person, skill, level in rows:
        found[person][skill] = level
    return dict(found)


def languages_of(person_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The languages in which each can help: the one he reads the desk in, and those that are written for him."""
    wanted = list(person_ids)
    own = Person.objects.filter(pk__in=wanted).order_by().values_list("pk", "language")
    rows = own.union(Speaks.objects.filter(person__in=wanted).order_by().values_list("person_id", "language"))
    found: dict[int, set[str]] = defaultdict(set)
    for person, language in rows:
        found[person].add(language)
    return {person: frozenset(spoken) for person, spoken in found.items()}

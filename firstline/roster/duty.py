"""Who is here: one statement each. Times are arguments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from firstline.roster.models import Absence, Pattern, Turn


class Standing(NamedTuple):
    """`state`: here, on_call, away (told absent), off (not his shift); `until` where it is known."""

    state: str
    until: datetime | None


NOBODY_KNOWS = Standing("here", None)


def is_kept() -> bool:
    """Whether shifts are written at all. While none is, everybody who may work counts as here."""
    return Pattern.objects.exists()


def on_duty(at: datetime) -> frozenset[int]:
    """Whose shift or accepted reinforcement covers the moment, and who is not absent."""
    here = Turn.objects.filter(position=0, starts_at__lte=at, ends_at__gt=at)
    return frozenset(here.order_by().values_list("person_id", flat=True))


def until(at: datetime, people: Iterable[int] | None = None) -> dict[int, datetime]:
    """Until when each of those who are here stays (the end of the shift that he is in)."""
    here = Turn.objects.filter(position=0, starts_at__lte=at, ends_at__gt=at)
    if people is not None:
        here = here.filter(person__in=list(people))
    return dict(here.order_by("ends_at").values_list("person_id", "ends_at"))


def absent(at: datetime) -> dict[int, datetime | None]:
    """Who is away, and until when (None: until he says that he is back), whether or not shifts are kept."""
    away = Absence.objects.filter(Q(ends_at__gt=at) | Q(ends_at__isnull=True), starts_at__lte=at)
    found: dict[int, datetime | None] = {}
    for person, end in away.order_by().values_list("person_id", "ends_at"):
        known = found.get(person, end)
        found[person] = None if known is None or end is None else max(known, end)
    return found


def on_call(at: datetime, team_id: int) -> list[int]:
    """Who of the team is called, in the order of its layers; the absent are left out, nobody is named twice."""
    called = Turn.objects.filter(kind=Turn.Kind.ON_CALL, team=team_id, starts_at__lte=at, ends_at__gt=at)
    return list(dict.fromkeys(called.order_by("position", "id").values_list("person_id", flat=True)))


def all_on_call(at: datetime) -> dict[int, list[int]]:
    """The same of every team that has somebody on call, by its number."""
    called = Turn.objects.filter(kind=Turn.Kind.ON_CALL, starts_at__lte=at, ends_at__gt=at, team__isnull=False)
    found: dict[int, list[int]] = {}
    for team, person in called.order_by("position", "id").values_list("team_id", "person_id"):
        layers = found.setdefault(team, [])
        if person not in layers:
            layers.append(person)
    return found


def standing(at: datetime, people: Iterable[int] | None = None) -> dict[int, Standing]:
    """Of each of these people, or of all of whom the roster says something; three statements. While no shift is written
    nobody is said to be off duty, but whoever is absent is absent."""
    turns = Turn.objects.filter(Q(position=0) | Q(kind=Turn.Kind.ON_CALL), starts_at__lte=at, ends_at__gt=at)
    away, wanted = absent(at), None if people is None else set(people)
    if wanted is not None:
        turns = turns.filter(person__in=wanted)
        away = {person: end for person, end in away.items() if person in wanted}
    here: dict[int, Standing] = {}
    called: dict[int, Standing] = {}
    for kind, person, end in turns.order_by("ends_at").values_list("kind", "person_id", "ends_at"):
        if kind == Turn.Kind.ON_CALL:
            called[person] = Standing("on_call", end)
        else:
            here[person] = Standing("here", end)
    known = called | here | {person: Standing("away", end) for person, end in away.items()}
    if wanted is None:
        return known
    other = Standing("off", None) if here or is_kept() else NOBODY_KNOWS
    return {person: known.get(person, other) for person in wanted}

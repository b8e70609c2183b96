"""On call: who takes turns in which layer of a team, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import get_random_string

from firstline.audit import trail
from firstline.people.models import Person, Team
from firstline.people.permissions import NotAllowed
from firstline.roster import planning
from firstline.roster.hours import WrongHours, days_in, minutes
from firstline.roster.models import Layer, LayerPerson, StandIn
from firstline.roster.refusals import WrongRoster
from firstline.roster.shifts import check_zone, may_plan_team

MOST_LAYERS, LONGEST_TURN = 10, 366


def write_layer(
    team: Team, *, position: int, people: Sequence[Person], time_zone: str, begins_on: date, changes_at: str = "09:00",
    length: int = 7, hours: Sequence[Sequence[object]] = (), by: Person, at: datetime,
) -> Layer:  # fmt: skip
    """The layer of a team at this place, as it is from now on. Raises WrongRoster: without people it would be empty."""
    if not may_plan_team(by, team.pk):
        raise NotAllowed("plan roster")
    check_zone(time_zone)
    check(position, len(people), changes_at, length, hours)
    with transaction.atomic():
        kept = Layer.objects.filter(team=team, position=position).first()
        row = kept or Layer(team=team, position=position, slug=f"on-call-{get_random_string(10).lower()}")
        row.time_zone, row.begins_on, row.changes_at, row.length = time_zone, begins_on, changes_at, length
        row.hours = [list(one) for one in hours]
        row.save()
        put_people(row, people)
        planning.replan_on_call([team.pk], at)
        trail.note(
            at=at, actor=by.actor, action="on_call_written", target=f"team:{team.pk}", position=position,
            people=[person.login for person in people],
        )  # fmt: skip
    return row


def remove_layer(row: Layer, *, by: Person, at: datetime) -> None:
    """Nobody is on call in it any more."""
    if not may_plan_team(by, row.team_id):
        raise NotAllowed("plan roster")
    with transaction.atomic():
        team, position = row.team_id, row.position
        row.delete()
        planning.replan_on_call([team], at)
        trail.note(at=at, actor=by.actor, action="on_call_removed", target=f"team:{team}", position=position)


def stand_in(row: Layer, person: Person, *, starts_at: datetime, ends_at: datetime, by: Person, at: datetime) -> None:
    """Somebody is on call instead, from then until then. Raises WrongRoster."""
    if not may_plan_team(by, row.team_id):
        raise NotAllowed("plan roster")
    if ends_at <= starts_at:
        raise WrongRoster("ends_at", "not after the start")
    with transaction.atomic():
        StandIn.objects.create(layer=row, person=person, starts_at=starts_at, ends_at=ends_at)
        planning.replan_on_call([row.team_id], at)
        trail.note(
            at=at, actor=by.actor, action="stands_in", target=f"person:{person.pk}", layer=row.slug,
            since=starts_at.isoformat(), until=ends_at.isoformat(),
        )  # fmt: skip


def put_people(row: Layer, people: Sequence[Person]) -> None:
    """The people of a layer, in order."""
    LayerPerson.objects.filter(layer=row).delete()
    LayerPerson.objects.bulk_create(
        LayerPerson(layer=row, person=person, place=place) for place, person in enumerate(people)
    )


def check(position: int, people: int, changes_at: str, length: int, hours: Sequence[Sequence[object]]) -> None:
    """Raises WrongRoster."""
    if not 1 <= position <= MOST_LAYERS:
        raise WrongRoster("position", "1 to 10")
    if not people:
        raise WrongRoster("people", "nobody")
    if not 1 <= length <= LONGEST_TURN:
        raise WrongRoster("length", "1 to 366 days")
    try:
        minutes(changes_at)
    except WrongHours as wrong:
        raise WrongRoster("changes_at", "a time such as 09:00") from wrong
    try:
        found = days_in(hours)
    except WrongHours as wrong:
        raise WrongRoster("hours", "hours") from wrong
    if any(day > 6 for day in found):
        raise WrongRoster("hours", "hours")

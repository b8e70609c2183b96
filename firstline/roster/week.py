"""A week as the plan has it: who works when, who is away, and the holes."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from firstline.lib.periods import Period, merged
from firstline.people.models import Person, Team
from firstline.roster import holes, planning
from firstline.roster.models import Absence, Cover, Layer, Turn

LOOKED_AHEAD = timedelta(days=7)


class Hole(NamedTuple):
    """`kind`: cover (fewer than `least` of the team are here), on_call (nobody is called), layer (has no people)."""

    kind: str
    team: Team
    period: Period
    least: int = 1


def turns(within: Period) -> QuerySet[Turn]:
    """The plan of a period: shifts, reinforcement, on call."""
    return Turn.objects.filter(starts_at__lt=within.end, ends_at__gt=within.start).order_by("starts_at", "id")


def absences(within: Period) -> QuerySet[Absence]:
    """Who is away in a period."""
    reaching = Q(ends_at__isnull=True) | Q(ends_at__gt=within.start)
    return Absence.objects.filter(reaching, starts_at__lt=within.end).select_related("person")


def holes_in(within: Period) -> list[Hole]:
    """Where a team has too few people in the hours that it must cover, and where nobody is on call, in order."""
    here: dict[int, dict[int, list[Period]]] = defaultdict(lambda: defaultdict(list))
    called: dict[int, list[Period]] = defaultdict(list)
    for kind, person, team, own, start, end in turns(within).values_list(
        "kind", "person_id", "team_id", "person__team_id", "starts_at", "ends_at"
    ):
        if kind == Turn.Kind.ON_CALL:
            called[team].append(Period(start, end))
        elif (team or own) is not None:
            here[team or own][person].append(Period(start, end))
    found = []
    for cover in Cover.objects.select_related("team"):
        wanted = _hours(cover.time_zone, cover.hours, within)
        lacking = holes.too_few(here[cover.team_id].values(), wanted, cover.least)
        found += [Hole("cover", cover.team, period, cover.least) for period in lacking]
    found += _on_call_holes(called, within)
    return sorted(found, key=lambda hole: (hole.period.start, hole.team.pk))


def nobody_until(at: datetime) -> list[tuple[Cover, datetime]]:
    """The teams that must be here now and of whom nobody is, each with the moment at which somebody comes (or its
    hours end); the end of what is looked at, where neither does."""
    within = Period(at, at + LOOKED_AHEAD)
    covers = [one for one in Cover.objects.select_related("team") if _open(one, at)]
    if not covers:
        return []
    here: dict[int, list[Period]] = defaultdict(list)
    for team, own, start, end in (
        turns(within).filter(position=0).values_list("team_id", "person__team_id", "starts_at", "ends_at")
    ):
        here[team or own].append(Period(start, end))
    found = []
    for cover in covers:
        lacking = holes.uncovered(here[cover.team_id], _hours(cover.time_zone, cover.hours, within), within)
        if lacking and lacking[0].covers(at):
            found.append((cover, lacking[0].end or within.end or at))
    return found


def people_on(team: Team | None) -> QuerySet[Person]:
    """Who stands in the grid: those of a team, or everybody who has shifts or solves tickets."""
    people = Person.objects.filter(is_active=True).select_related("team")
    return (
        people.filter(team=team) if team else people.filter(Q(team__isnull=False) | Q(turns__isnull=False)).distinct()
    )


def _on_call_holes(called: dict[int, list[Period]], within: Period) -> list[Hole]:
    found: list[Hole] = []
    wanted: dict[int, list[Period]] = defaultdict(list)
    teams: dict[int, Team] = {}
    for layer in Layer.objects.select_related("team").prefetch_related("people"):
        teams[layer.team_id] = layer.team
        hours = _hours(layer.time_zone, layer.hours, within) if layer.hours else [within]
        wanted[layer.team_id] += hours
        if not layer.people.all():
            found.append(Hole("layer", layer.team, within, layer.position))
    for team, hours in wanted.items():
        lacking = holes.uncovered(called[team], merged(hours), within)
        found += [Hole("on_call", teams[team], period) for period in lacking]
    return found


def _hours(time_zone: str, hours: list[list[object]], within: Period) -> list[Period]:
    cycle = planning.weekly(ZoneInfo(time_zone), hours, within)
    return merged(
        Period(max(shift.period.start, within.start), min(shift.period.end or within.start, within.end or within.start))
        for shift in cycle.worked(within)
    )


def _open(cover: Cover, at: datetime) -> bool:
    moment = Period(at, at + timedelta(seconds=1))
    return bool(_hours(cover.time_zone, cover.hours, moment))

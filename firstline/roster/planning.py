"""The plan: what the patterns, changed days, swaps, absences and layers come to, written where an index finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet

from firstline.lib.periods import Period, clipped, minus
from firstline.lib.turns import wait_for_turn
from firstline.people.models import Grant, Person, Team
from firstline.roster import pattern
from firstline.roster.hours import days_in, minutes
from firstline.roster.models import Absence, DayChange, Layer, Pattern, Swap, Turn
from firstline.roster.pattern import Cycle, Given, Span, Worked

# What is further back stays as it was planned then; further ahead nobody looks, and the daily job goes on.
PLAN = "the roster's plan"  # two who write it at once would each put back what the other has just taken out
BACK, AHEAD = timedelta(days=35), timedelta(days=120)


def replan(people: Iterable[int], at: datetime) -> None:
    """Works the shifts of these people out again. Call it in the transaction of what was changed."""
    wait_for_turn(PLAN)
    within = Period(at - BACK, at + AHEAD)
    known_now = known(people, within)
    concerned, works, away = known_now.people, known_now.works(within), known_now.away
    turns = [
        _turn(Turn.Kind.SHIFT, person, period)
        for person in sorted(concerned)
        for period in pattern.present(works.get(person, ()), away[person], within)
    ]
    _put(Turn.objects.filter(kind=Turn.Kind.SHIFT, person__in=concerned), turns, within)


@dataclass(frozen=True)
class Known:
    """What the shifts of some people come from: cycles, changed days, agreed swaps; and when they are away."""

    people: frozenset[int]
    cycles: dict[int, list[Cycle]]
    changed: dict[tuple[int, date], list[Period]]
    swaps: list[Swap]
    away: dict[int, list[Period]]

    def works(self, within: Period, more: Sequence[Swap] = ()) -> dict[int, list[Worked]]:
        """Who works when, absences aside; `more`: as if these swaps were agreed, too."""
        return pattern.shifts(self.cycles, self.changed, _given([*self.swaps, *more]), within)


def known(people: Iterable[int], within: Period) -> Known:
    """Of these people, and of all with whom they have swapped."""
    swaps = _swaps(within)
    concerned = _with_partners(set(people), swaps)
    return Known(
        frozenset(concerned), _cycles(concerned), _changes(concerned, within), swaps, _absences(concerned)
    )  # fmt: skip


def replan_on_call(teams: Iterable[int], at: datetime) -> None:
    """Works out again who of these teams is on call when. Call it in the transaction of what was changed."""
    wait_for_turn(PLAN)
    within = Period(at - BACK, at + AHEAD)
    wanted = sorted(set(teams))
    layers = list(Layer.objects.filter(team__in=wanted).prefetch_related("people__person", "stand_ins__person"))
    people = {one.person_id for layer in layers for one in layer.people.all()}
    people |= {one.person_id for layer in layers for one in layer.stand_ins.all()}
    away = _absences(people)
    turns = [
        _turn(Turn.Kind.ON_CALL, person, period, team_id=layer.team_id, position=layer.position)
        for layer in layers
        for person, period in on_call_of(layer, away, within)
    ]  # fmt: skip
    _put(Turn.objects.filter(kind=Turn.Kind.ON_CALL, team__in=wanted), turns, within)


def replan_person(person: Person | int, at: datetime) -> None:
    """Everything that his being away or here changes: his shifts, and the layers that he is in."""
    number = person if isinstance(person, int) else person.pk
    replan([number], at)
    teams = Layer.objects.filter(Q(people__person=number) | Q(stand_ins__person=number)).values_list("team", flat=True)
    if teams:
        replan_on_call(teams, at)
    replan_reinforcement([number], at)


def replan_reinforcement(people: Iterable[int], at: datetime) -> None:
    """Works out again when these people are here because they were called in and came."""
    wait_for_turn(PLAN)
    within = Period(at - BACK, at + AHEAD)
    wanted = sorted(set(people))
    away = _absences(wanted)
    turns = [
        _turn(Turn.Kind.REINFORCEMENT, person, part, team_id=_team_on(lines))
        for person, lines, start, end in Grant.objects.filter(
            person__in=wanted, starts_at__lt=within.end, ends_at__gt=within.start
        )
        .filter(ends_at__gt=F("starts_at"))
        .values_list("person_id", "lines", "starts_at", "ends_at")
        for part in clipped(minus([Period(start, end)], away[person]), within)
    ]
    _put(Turn.objects.filter(kind=Turn.Kind.REINFORCEMENT, person__in=wanted), turns, within)


def _team_on(lines: str) -> int | None:
    """Whom reinforcement of one line strengthens: the first team that stands on it. Of several lines: no one team."""
    if len(lines) != 1:
        return None
    return Team.objects.filter(line=int(lines)).order_by("pk").values_list("pk", flat=True).first()


def replan_all(at: datetime) -> None:
    """Everybody, one transaction each twenty: what the daily job does, so that the plan always reaches ahead."""
    own = set(Pattern.objects.filter(person__isnull=False).values_list("person_id", flat=True))
    of_teams = Person.objects.filter(team__shift_patterns__isnull=False).values_list("pk", flat=True)
    others = Turn.objects.filter(kind=Turn.Kind.SHIFT, ends_at__gt=at).values_list("person_id", flat=True)
    changed = DayChange.objects.filter(day__gte=(at - BACK).date()).values_list("person_id", flat=True)
    everybody = sorted(own | {*of_teams, *others, *changed})
    for first in range(0, len(everybody), 20):
        with transaction.atomic():
            replan(everybody[first : first + 20], at)
    for team in sorted({*Layer.objects.values_list("team_id", flat=True)}):
        with transaction.atomic():
            replan_on_call([team], at)


def people_of(row: Pattern) -> list[int]:
    """Whose shifts a pattern makes."""
    if row.person_id is not None:
        return [row.person_id]
    return list(Person.objects.filter(team=row.team_id).values_list("pk", flat=True))


def on_call_of(layer: Layer, away: dict[int, list[Period]], within: Period) -> list[tuple[int, Period]]:
    """Who is on call in one layer: stand-ins before turns, only in its hours, without the absent. Whose turn it is who
    works here no more leaves a hole: the turns of the others stay where they are."""
    zone = ZoneInfo(layer.time_zone)
    coming = [one for one in layer.stand_ins.all() if one.person.is_active]
    stand_ins = [(one.person_id, Period(one.starts_at, one.ends_at)) for one in coming]
    people = [one.person_id for one in layer.people.all()]
    working = {one.person_id for one in layer.people.all() if one.person.is_active}
    turns = pattern.turns(zone, layer.begins_on, minutes(layer.changes_at), layer.length, people, within)
    replaced = [period for _, period in stand_ins]
    found = stand_ins + [(who, part) for who, turn in turns if who in working for part in minus([turn], replaced)]
    if layer.hours:
        hours = [shift.period for shift in weekly(zone, layer.hours, within).worked(within)]
        found = [(who, part) for who, period in found for part in pattern.only_within([period], hours)]
    return [
        (who, part) for who, period in found for part in clipped(minus([period], away.get(who, ())), within)
    ]  # fmt: skip


def weekly(zone: ZoneInfo, hours: list[list[object]], within: Period) -> Cycle:
    """Hours of a week as a cycle that covers the period: it begins on the Monday before."""
    before = within.start.astimezone(zone).date() - timedelta(days=14)
    return Cycle(zone, before - timedelta(days=before.weekday()), 7, days_in(hours))


def meant_to_be_here(people: Iterable[int], at: datetime) -> set[int]:
    """Whose pattern has a shift at the moment, whether or not he is absent."""
    moment = Period(at, at + timedelta(seconds=1))
    return {
        person for person, cycles in _cycles(set(people)).items() if any(any(one.worked(moment)) for one in cycles)
    }  # fmt: skip


def _cycles(people: set[int]) -> dict[int, list[Cycle]]:
    found: dict[int, list[Cycle]] = defaultdict(list)
    team_of = dict(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", "team_id"))
    members: dict[int, list[int]] = defaultdict(list)
    for person, team in team_of.items():
        if team is not None:
            members[team].append(person)
    for one in Pattern.objects.filter(Q(person__in=people) | Q(team__in=members)):
        cycle = Cycle(ZoneInfo(one.time_zone), one.begins_on, one.length, days_in(one.days), one.ends_on)
        for person in [one.person_id] if one.person_id is not None else members[one.team_id or 0]:
            if person in team_of:
                found[person].append(cycle)
    return found


def _changes(people: set[int], within: Period) -> dict[tuple[int, date], list[Period]]:
    end = within.end or within.start
    days = DayChange.objects.filter(
        person__in=people, day__gte=within.start.date() - pattern.DAY, day__lte=end.date() + pattern.DAY
    )
    found: dict[tuple[int, date], list[Period]] = {}
    for change in days:
        zone = ZoneInfo(change.time_zone)
        spans = (Span(minutes(start), minutes(finish)) for start, finish in change.spans)
        periods = (pattern.period_of(zone, change.day, span) for span in spans)
        found[change.person_id, change.day] = [period for period in periods if period is not None]
    return found


def _swaps(within: Period) -> list[Swap]:
    agreed = Swap.objects.filter(state=Swap.State.APPROVED).filter(
        Q(gives_on__gte=within.start.date() - pattern.DAY) | Q(takes_on__gte=within.start.date() - pattern.DAY)
    )
    return list(agreed.order_by("agreed_at", "id"))


def _with_partners(people: set[int], swaps: list[Swap]) -> set[int]:
    concerned = set(people)
    while True:
        more = {who for one in swaps for who in (one.asker_id, one.asked_id)
                if {one.asker_id, one.asked_id} & concerned} - concerned  # fmt: skip
        if not more:
            return concerned
        concerned |= more


def _given(swaps: list[Swap]) -> list[Given]:
    found = []
    for one in swaps:
        if one.takes_on is not None and one.takes_on == one.gives_on:
            continue  # the same day for the same day: nothing that the plan could tell apart
        found.append(Given(one.gives_on, one.asker_id, one.asked_id))
        if one.takes_on is not None:
            found.append(Given(one.takes_on, one.asked_id, one.asker_id))
    return found


def _absences(people: Iterable[int]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = defaultdict(list)
    for person, start, end in Absence.objects.filter(person__in=list(people)).values_list(
        "person_id", "starts_at", "ends_at"
    ):
        found[person].append(Period(start, end))
    return found


def _turn(kind: Turn.Kind, person: int, period: Period, **place: int | None) -> Turn:
    assert period.end is not None  # noqa: S101  # the plan has an end
    return Turn(kind=kind, person_id=person, starts_at=period.start, ends_at=period.end, **place)


def _put(old: QuerySet[Turn], turns: list[Turn], within: Period) -> None:
    """What lies in the window is written again; a turn that reaches into it from before keeps its beginning."""
    from_then = Turn.objects.filter(pk__in=old.filter(ends_at__gt=within.start).values("pk"))
    reaching = {
        (one.kind, one.person_id, one.team_id, one.position): one.starts_at
        for one in from_then.filter(starts_at__lt=within.start)
    }
    from_then.delete()
    for turn in turns:
        key = (turn.kind, turn.person_id, turn.team_id, turn.position)
        if turn.starts_at == within.start and key in reaching:
            turn.starts_at = reaching[key]
    Turn.objects.bulk_create(turns, batch_size=200)

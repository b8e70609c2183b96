"""Shifts written, days changed, absences told: each verb plans again what it changes, and is in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string

from firstline.audit import trail
from firstline.people.models import Person, Team
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.roster import planning
from firstline.roster.hours import WrongHours, days_in, said
from firstline.roster.models import Absence, DayChange, Pattern
from firstline.roster.pattern import LONGEST_CYCLE, Span
from firstline.roster.refusals import WrongRoster

LONGEST_ABSENCE = timedelta(days=5 * 366)


def may_plan(by: Person, person: Person) -> bool:
    """The manager plans everybody, the lead his own team."""
    return by.is_active and may_plan_team(by, person.team_id)


def may_plan_team(by: Person, team_id: int | None) -> bool:
    """See `may_plan`."""
    return by.role == Role.MANAGER or (by.role == Role.LEAD and team_id is not None and team_id == by.team_id)


def zone_of(person: Person | None) -> ZoneInfo:
    """His own, else the desk's."""
    return ZoneInfo((person.time_zone if person is not None else "") or settings.TIME_ZONE)


def write_pattern(
    *,
    person: Person | None = None,
    team: Team | None = None,
    name: str = "",
    time_zone: str,
    begins_on: date,
    length: int,
    days: Sequence[Sequence[object]],
    by: Person,
    at: datetime,
    instead_of: Pattern | None = None,
) -> Pattern:
    """A pattern of a person or a team from a day on; `instead_of` ends the day before. Raises WrongRoster."""
    if (person is None) == (team is None):
        raise WrongRoster("person", "one of person and team")
    if not may_plan_team(by, person.team_id if person is not None else team.pk if team is not None else None):
        raise NotAllowed("plan roster")
    check(time_zone, length, days)
    with transaction.atomic():
        if instead_of is not None:
            _stop(instead_of, begins_on - timedelta(days=1))
        made = Pattern.objects.create(
            slug=f"shift-{get_random_string(10).lower()}", name=name.strip()[:200], person=person, team=team,
            time_zone=time_zone, begins_on=begins_on, length=length, days=[list(row) for row in days],
        )  # fmt: skip
        _planned(made, at)
        _note("shift_written", made, by, at, begins_on=begins_on.isoformat(), length=length, days=made.days)
    return made


def end_pattern(row: Pattern, *, on: date, by: Person, at: datetime) -> None:
    """`on` is the last day on which a shift of it begins; a day before its first takes the pattern away."""
    if not may_plan_team(by, row.team_id if row.person is None else row.person.team_id):
        raise NotAllowed("plan roster")
    with transaction.atomic():
        people = planning.people_of(row)
        _stop(row, on)
        planning.replan(people, at)
        _note("shift_ended", row, by, at, on=on.isoformat())


def check(time_zone: str, length: int, days: Sequence[Sequence[object]]) -> None:
    """Raises WrongRoster: days of the cycle that are none, hours that are none, shifts that lie over one another."""
    check_zone(time_zone)
    if not 1 <= length <= LONGEST_CYCLE:
        raise WrongRoster("length", "1 to 366 days")
    try:
        found = days_in(days)
    except WrongHours as wrong:
        raise WrongRoster("days", "hours") from wrong
    if any(day >= length for day in found):
        raise WrongRoster("days", "beyond the cycle")
    if not found:
        raise WrongRoster("days", "never")


def check_zone(time_zone: str) -> None:
    """Raises WrongRoster."""
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as unknown:
        raise WrongRoster("time_zone", "unknown") from unknown


def change_day(person: Person, day: date, spans: Sequence[Span] | None, *, note: str = "", by: Person,
               at: datetime) -> None:  # fmt: skip
    """What he works on this day instead of his patterns; no spans: nothing; None: as the patterns say again."""
    if not may_plan(by, person):
        raise NotAllowed("plan roster")
    stored = None if spans is None else [[said(one.start), said(one.end)] for one in spans]
    with transaction.atomic():
        DayChange.objects.filter(person=person, day=day).delete()
        if stored is not None:
            DayChange.objects.create(
                person=person, day=day, time_zone=zone_of(person).key, spans=stored, note=note.strip()[:200]
            )
        planning.replan([person.pk], at)
        _note("day_changed", person, by, at, day=day.isoformat(), spans=stored)


def tell_absence(
    person: Person, *, why: str, starts_at: datetime, ends_at: datetime | None, note: str = "", uid: str = "",
    by: Person, at: datetime,
) -> Absence:  # fmt: skip
    """He is away from then until then (None: until he is back). Everybody tells his own. Raises WrongRoster."""
    if by.pk != person.pk and not may_plan(by, person):
        raise NotAllowed("plan roster")
    if why not in Absence.Why.values:
        raise WrongRoster("why", "unknown")
    if ends_at is not None and ends_at <= starts_at:
        raise WrongRoster("ends_at", "not after the start")
    if ends_at is not None and ends_at - starts_at > LONGEST_ABSENCE:
        raise WrongRoster("ends_at", "too far away")
    with transaction.atomic():
        values = {"why": why, "starts_at": starts_at, "ends_at": ends_at, "note": note.strip()[:200]}
        if uid:
            row, _made = Absence.objects.update_or_create(person=person, uid=uid[:255], defaults=values)
        else:
            row = Absence.objects.create(person=person, **values)
        planning.replan_person(person, at)
        _note("absence_told", person, by, at, why=why, since=starts_at.isoformat(),
              until=ends_at.isoformat() if ends_at else None)  # fmt: skip
    return row


def away_on(person: Person, first: date, last: date | None, at: datetime) -> tuple[datetime, datetime | None]:
    """Days of absence, both inclusive, as moments where the person is. Told today it begins now: what was before was
    worked. Without a last day: until he is back."""
    zone = zone_of(person)
    start = at if first == at.astimezone(zone).date() else datetime.combine(first, time(), zone)
    return start, None if last is None else datetime.combine(last + timedelta(days=1), time(), zone)


def come_back(absence: Absence, *, by: Person, at: datetime) -> None:
    """He is here again from now on; an absence that has not begun is taken away."""
    if by.pk != absence.person_id and not may_plan(by, absence.person):
        raise NotAllowed("plan roster")
    with transaction.atomic():
        if absence.starts_at >= at:
            absence.delete()
        elif absence.ends_at is None or absence.ends_at > at:
            absence.ends_at = at
            absence.save(update_fields=["ends_at"])
        planning.replan_person(absence.person, at)
        _note("came_back", absence.person, by, at, since=absence.starts_at.isoformat())


def _stop(row: Pattern, on: date) -> None:
    if on < row.begins_on:
        row.delete()
    elif row.ends_on is None or on < row.ends_on:
        row.ends_on = on
        row.save(update_fields=["ends_on"])


def _planned(row: Pattern, at: datetime) -> None:
    planning.replan(planning.people_of(row), at)


def _note(action: str, about: Person | Pattern, by: Person, at: datetime, **data: object) -> None:
    target = f"person:{about.pk}" if isinstance(about, Person) else f"shift:{about.slug}"
    trail.note(at=at, actor=by.actor, action=action, target=target, **data)

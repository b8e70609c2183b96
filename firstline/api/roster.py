"""The roster: the plan of a time, who is here, and what the plan is made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import named
from firstline.api import roster_shapes as shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.lib import clock
from firstline.lib.periods import Period, in_this_age
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.roster import duty, knowing, shifts, skills, strain, swaps, week
from firstline.roster.hours import WrongHours, span
from firstline.roster.models import Absence, Pattern, Swap, Turn
from firstline.roster.refusals import WrongRoster
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Roster"])
LONGEST = timedelta(days=35)


@router.get("", response={200: shapes.Plan, **FOR_READING}, summary="Read the plan")
def plan(request: HttpRequest, since: datetime | None = None, until: datetime | None = None) -> HttpResponse:
    """Shifts, on call, absences and holes of a time; without one, of the next seven days. At most 35 days."""
    demand(caller(request).person, "see roster")
    begin = _aware(since) or clock.now()
    end = _aware(until) or begin + timedelta(days=7)
    if not begin < end <= begin + LONGEST:
        raise WrongValue("until", "after since, at most 35 days")
    within = Period(begin, end)
    return answering.plain(
        {
            "turns": [_turn(one) for one in week.turns(within).select_related("person", "team")],
            "absences": [_absence(one) for one in week.absences(within)],
            "holes": [
                {"kind": one.kind, "team": one.team.slug, "starts_at": one.period.start.isoformat(),
                 "ends_at": one.period.end.isoformat() if one.period.end else None, "least": one.least}
                for one in week.holes_in(within)
            ],
        }
    )  # fmt: skip


@router.get("/here", response={200: shapes.WhoIsHere, **FOR_READING}, summary="Who is here now")
def here(request: HttpRequest) -> HttpResponse:
    """`is_kept` false: no shifts are written, so that everybody who may work counts as here."""
    demand(caller(request).person, "see roster")
    found = duty.standing(clock.now())
    logins = dict(Person.objects.filter(pk__in=found).values_list("pk", "login"))
    items = [_standing(logins[person], one) for person, one in sorted(found.items())]
    return answering.plain({"is_kept": duty.is_kept(), "items": items})


@router.get("/shifts", response={200: shapes.AllShifts, **FOR_READING}, summary="List shifts")
def patterns(request: HttpRequest) -> HttpResponse:
    """Every pattern that is not over, of people and teams."""
    demand(caller(request).person, "see roster")
    rows = Pattern.objects.exclude(ends_on__lt=clock.now().date()).select_related("person", "team")[:2000]
    return answering.plain({"items": [_pattern(one) for one in rows]})


@router.post("/shifts", response={201: shapes.Shifts, **FOR_WRITING}, summary="Write shifts")
def write_shifts(request: HttpRequest, asked: shapes.NewShifts) -> HttpResponse:
    """Of a person or a team, from a day on; `instead_of` (a slug) ends the day before."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "plan roster")
        person = named.colleague(asked.person, "person") if asked.person else None
        before = _pattern_of(asked.instead_of) if asked.instead_of else None
        made = shifts.write_pattern(
            person=person, team=named.team(asked.team) if asked.team else None, name=asked.name,
            time_zone=asked.time_zone or shifts.zone_of(person).key, begins_on=asked.begins_on, length=asked.length,
            days=asked.days, by=by, at=at, instead_of=before,
        )  # fmt: skip
        return 201, _pattern(made)

    return answering.done(request, deed)


@router.post("/shifts/{slug}/end", response={200: shapes.Shifts, **FOR_WRITING}, summary="End shifts")
def end_shifts(request: HttpRequest, slug: str, asked: shapes.LastDay) -> HttpResponse:
    """`on` is the last day on which a shift begins; before the first it takes them away."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "plan roster")
        row = _pattern_of(slug)
        shifts.end_pattern(row, on=asked.on, by=by, at=at)
        return 200, _pattern(row) | {"ends_on": asked.on.isoformat()}

    return answering.done(request, deed)


@router.post("/days", response={200: shapes.Turns, **FOR_WRITING}, summary="Change one day of a person")
def change_day(request: HttpRequest, asked: shapes.ChangedDay) -> HttpResponse:
    """What he works on that day instead of his shifts; answers his plan of the day and the next."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "plan roster")
        person = named.colleague(asked.person, "person")
        try:
            spans = None if asked.spans is None else [span(*one) for one in asked.spans]
        except WrongHours as wrong:
            raise WrongRoster("spans", "hours") from wrong
        shifts.change_day(person, asked.day, spans, note=asked.note, by=by, at=at)
        start = datetime.combine(asked.day, datetime.min.time(), shifts.zone_of(person))
        turns = week.turns(Period(start, start + timedelta(days=2))).filter(person=person)
        return 200, {"turns": [_turn(one) for one in turns.select_related("person", "team")]}

    return answering.done(request, deed)


@router.post("/absences", response={201: shapes.Away, **FOR_WRITING}, summary="Tell an absence")
def tell_absence(request: HttpRequest, asked: shapes.NewAbsence) -> HttpResponse:
    """Everybody his own, the lead his team's, the manager everybody's. No `ends_at`: until he is back."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "see roster")
        row = shifts.tell_absence(
            named.colleague(asked.person, "person"), why=asked.why, starts_at=asked.starts_at, ends_at=asked.ends_at,
            note=asked.note, by=by, at=at,
        )  # fmt: skip
        return 201, _absence(row)

    return answering.done(request, deed)


@router.post("/absences/{int:number}/return", response={200: shapes.Whereabouts, **FOR_WRITING}, summary="Here again")
def come_back(request: HttpRequest, number: int) -> HttpResponse:
    """From now on; an absence that has not begun is taken away. Answers where he is now."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "see roster")
        row = Absence.objects.select_related("person").filter(pk=number).first() if number < 2**63 else None
        if row is None:
            raise NotThere(str(number))
        shifts.come_back(row, by=by, at=at)
        return 200, _stands(row.person, at)

    return answering.done(request, deed)


@router.get("/swaps", response={200: shapes.Swaps, **FOR_READING}, summary="List swaps that wait")
def waiting_swaps(request: HttpRequest) -> HttpResponse:
    """Asked by or of the caller, or for his approval."""
    person = caller(request).person
    demand(person, "see roster")
    return answering.plain({"items": _swaps(list(swaps.open_for(person)[:200]))})


@router.post("/swaps", response={201: shapes.OneSwap, **FOR_WRITING}, summary="Ask for a swap")
def ask_swap(request: HttpRequest, asked: shapes.NewSwap) -> HttpResponse:
    """The caller gives his shifts of a day to a colleague, and takes the other's of another day, if that is named."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "see roster")
        row = swaps.ask(
            by, named.colleague(asked.asked, "asked"), gives_on=asked.gives_on, takes_on=asked.takes_on,
            note=asked.note, at=at,
        )  # fmt: skip
        return 201, _swaps([row])[0]

    return answering.done(request, deed)


@router.post("/swaps/{int:number}/{step}", response={200: shapes.OneSwap, **FOR_WRITING}, summary="Answer a swap")
def move_swap(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """`step`: acceptance, refusal (of who was asked), approval, rejection (of who plans), withdrawal (of who asked)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "see roster")
        row = swaps.open_for(by).filter(pk=number).first() if number < 2**63 else None
        if row is None or step not in swaps.STEPS:
            raise NotThere(str(number))
        return 200, _swaps([swaps.move(row, step, by=by, at=at)])[0]

    return answering.done(request, deed)


@router.get("/people/{login}/skills", response={200: shapes.Knowing, **FOR_READING}, summary="What a person knows")
def known(request: HttpRequest, login: str) -> HttpResponse:
    """Skills by slug, 1 to 3, and the languages in which he can help."""
    demand(caller(request).person, "see roster")
    return answering.plain(_knowing(_colleague(login)))


@router.put("/people/{login}/skills", response={200: shapes.Knowing, **FOR_WRITING}, summary="Write what he knows")
def know(request: HttpRequest, login: str, asked: shapes.Known) -> HttpResponse:
    """All of it: what is not named is taken away."""
    by = caller(request).person
    demand(by, "plan roster")
    person = _colleague(login)
    knowing.know(person, levels=asked.skills, speaks=set(asked.speaks), by=by, at=clock.now())
    return answering.plain(_knowing(person))


def _colleague(login: str) -> Person:
    try:
        return named.colleague(login.replace("\x00", ""))
    except WrongValue as unknown:
        raise NotThere(login) from unknown


def _pattern_of(slug: str) -> Pattern:
    found = Pattern.objects.select_related("person", "team").filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _aware(given: datetime | None) -> datetime | None:
    if given is None:
        return None
    if not in_this_age(given.year) or given.tzinfo is None:
        raise WrongValue("since", "a moment with its offset")
    return given


def _stands(person: Person, at: datetime) -> dict[str, Any]:
    return _standing(person.login, duty.standing(at, [person.pk])[person.pk])


def _standing(login: str, one: duty.Standing) -> dict[str, Any]:
    return {"person": login, "state": one.state, "until": one.until.isoformat() if one.until else None}


def _turn(one: Turn) -> dict[str, Any]:
    return {
        "person": one.person.login, "kind": str(one.kind), "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(), "team": one.team.slug if one.team else None, "position": one.position,
    }  # fmt: skip


def _absence(one: Absence) -> dict[str, Any]:
    return {
        "id": one.pk, "person": one.person.login, "why": str(one.why), "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
    }  # fmt: skip


def _pattern(one: Pattern) -> dict[str, Any]:
    return {
        "slug": one.slug, "person": one.person.login if one.person else None,
        "team": one.team.slug if one.team else None, "name": one.name, "time_zone": one.time_zone,
        "begins_on": one.begins_on.isoformat(), "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "length": one.length, "days": one.days,
    }  # fmt: skip


def _swaps(rows: list[Swap]) -> list[dict[str, Any]]:
    """Each with what it would make of the two's days while it is not decided."""
    strained = strain.of_all([one for one in rows if one.state in swaps.WAITING])
    return [
        {
            "id": one.pk, "asker": one.asker.login, "asked": one.asked.login, "gives_on": one.gives_on.isoformat(),
            "takes_on": one.takes_on.isoformat() if one.takes_on else None, "state": str(one.state),
            "warnings": [_strain(one, found) for found in strained.get(one.pk, ())],
        }
        for one in rows
    ]  # fmt: skip


def _strain(swap: Swap, one: strain.Strain) -> dict[str, Any]:
    who = swap.asker if one.person == swap.asker_id else swap.asked
    end = one.period.end
    return {
        "person": who.login, "kind": one.kind, "starts_at": one.period.start.isoformat(),
        "ends_at": end.isoformat() if end else None,
    }  # fmt: skip


def _knowing(person: Person) -> dict[str, Any]:
    languages = sorted(skills.languages_of([person.pk])[person.pk])
    return {"person": person.login, "skills": skills.of([person.pk]).get(person.pk, {}), "languages": languages}

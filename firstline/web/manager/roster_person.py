"""One person in the roster: his shifts, changed days, absences, skills, swaps, and the address of his calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.lib.language import CODES, LANGUAGES
from firstline.lib.periods import Period
from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE
from firstline.roster import calendars_in, calendars_out, knowing, shifts, skills, strain, swaps, week
from firstline.roster.hours import WrongHours, days_in, shown, typed
from firstline.roster.models import Absence, Pattern, Skill, Swap
from firstline.roster.refusals import WrongRoster
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import here, roster_words
from firstline.web.manager.door import door
from firstline.web.manager.pattern_form import cycle, days_from, lengths, rows_of
from firstline.web.moments import day_of

AHEAD = timedelta(days=14)
LARGEST_FILE = 1024 * 1024


@require_safe
@door("see roster")
def page(request: HttpRequest, person: Person, login: str) -> HttpResponse:
    """GET /desk/roster/people/olga/"""
    about, now = _person(login), clock.now()
    today = timezone.localdate(now)
    within = Period(now, now + AHEAD)
    away = Absence.objects.filter(person=about).exclude(ends_at__lte=now).order_by("starts_at")
    whose = Q(person=about) | Q(team=about.team_id, team__isnull=False)
    patterns = Pattern.objects.filter(whose).select_related("team")
    own = skills.of([about.pk]).get(about.pk, {})
    context: dict[str, Any] = {
        "about": about,
        "is_here": here.of([about.pk], now)[about.pk],
        "zone": shifts.zone_of(about).key,
        "patterns": [
            (one, pattern_rows(one), cycle(one)) for one in patterns.exclude(ends_on__lt=today).select_related("team")
        ],
        "turns": [
            (roster_words.shown(Period(one.starts_at, one.ends_at)), one.kind)
            for one in week.turns(within).filter(person=about)[:30]
        ],
        "absences": [(one, roster_words.days(Period(one.starts_at, one.ends_at))) for one in away],
        "reasons": Absence.Why.choices,
        "skills": [(one, own.get(one.slug, 0)) for one in Skill.objects.all()],
        "languages": [(code, name, code in knowing.spoken_by(about)) for code, name in LANGUAGES],
        "swaps": _swaps(person) if about == person else [],
        "colleagues": Person.objects.filter(role__in=DESK_SIDE, is_active=True).exclude(pk=person.pk),
        "is_me": about == person,
        "may_plan": shifts.may_plan(person, about),
        "may_tell": about == person or shifts.may_plan(person, about),
        "calendar": calendars_out.url(about) if about == person or shifts.may_plan(person, about) else "",
        "today": today.isoformat(),
        "form": rows_of(None),
        "lengths": lengths(),
    }
    return render(request, "web/manager/roster/person.html", context)


@require_POST
@door("see roster")
def write_shifts(request: HttpRequest, person: Person, login: str) -> HttpResponse:
    """POST …/shifts/ begins_on, length, day-0 … day-27, name, instead_of"""
    about = _person(login)
    length, days = days_from(request.POST)
    instead = Pattern.objects.filter(person=about, slug=request.POST.get("instead_of", "")).first()
    shifts.write_pattern(
        person=about, name=request.POST.get("name", ""), time_zone=shifts.zone_of(about).key,
        begins_on=day_of("begins_on", request.POST.get("begins_on", "")), length=length, days=days,
        by=person, at=clock.now(), instead_of=instead,
    )  # fmt: skip
    messages.success(request, _("The shifts are written."))
    return _back(about)


@require_POST
@door("see roster")
def end_shifts(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST /desk/roster/shifts/olga-days/end/ on (the last day)"""
    row = Pattern.objects.select_related("person", "team").filter(slug=slug).first()
    if row is None:
        raise NotThere(slug)
    shifts.end_pattern(row, on=day_of("ends_on", request.POST.get("on", "")), by=person, at=clock.now())
    return _back(row.person) if row.person is not None else HttpResponseRedirect("/desk/roster/")


@require_POST
@door("see roster")
def change_day(request: HttpRequest, person: Person, login: str) -> HttpResponse:
    """POST …/days/ day, hours (empty: a day off), usual"""
    about = _person(login)
    try:
        spans = None if request.POST.get("usual") else typed(request.POST.get("hours", ""))
    except WrongHours as wrong:
        raise WrongRoster("hours", "hours") from wrong
    day = day_of("day", request.POST.get("day", ""))
    shifts.change_day(about, day, spans, note=request.POST.get("note", ""), by=person, at=clock.now())
    messages.success(request, _("The day is changed."))
    return _back(about)


@require_POST
@door("see roster")
def tell_absence(request: HttpRequest, person: Person, login: str) -> HttpResponse:
    """POST …/absences/ why, from, to (days, both inclusive; no `to`: until he is back), note"""
    about, sent, now = _person(login), request.POST, clock.now()
    last = day_of("ends_at", sent["to"]) if sent.get("to") else None
    start, end = shifts.away_on(about, day_of("starts_at", sent.get("from", "")), last, now)
    shifts.tell_absence(
        about, why=sent.get("why", ""), starts_at=start, ends_at=end, note=sent.get("note", ""), by=person, at=now
    )
    messages.success(request, _("It is in the roster: nothing goes to him while he is away."))
    return _back(about)


@require_POST
@door("see roster")
def come_back(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/roster/absences/7/return/"""
    absence = Absence.objects.select_related("person").filter(pk=number).first()
    if absence is None:
        raise NotThere(str(number))
    shifts.come_back(absence, by=person, at=clock.now())
    return _back(absence.person)


@require_POST
@door("see roster")
def take_calendar(request: HttpRequest, person: Person, login: str) -> HttpResponse:
    """POST …/absences/file/ file or text (.ics)"""
    about = _person(login)
    file = request.FILES.get("file")
    if file is not None and (file.size or 0) > LARGEST_FILE:
        raise WrongValue("file", "at most 1 MB a file")
    content = file.read() if file is not None else request.POST.get("text", "").encode()
    taken = calendars_in.take(about, content, by=person, at=clock.now())
    messages.success(request, _("Absences taken from the calendar: %(n)s.") % {"n": len(taken)})
    return _back(about)


@require_POST
@door("see roster")
def know(request: HttpRequest, person: Person, login: str) -> HttpResponse:
    """POST …/skills/ skill-SLUG (0 to 3), speaks"""
    about = _person(login)
    levels = {
        name.removeprefix("skill-"): int(value)
        for name, value in request.POST.items()
        if isinstance(value, str) and name.startswith("skill-") and value in {"0", "1", "2", "3"}
    }
    spoken = set(request.POST.getlist("speaks")) & set(CODES)
    knowing.know(about, levels=levels, speaks=spoken, by=person, at=clock.now())
    messages.success(request, _("Skills and languages are written down."))
    return _back(about)


@require_POST
@door("see roster")
def ask_swap(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/roster/swaps/ asked (login), gives_on, takes_on, note"""
    sent = request.POST
    asked = Person.objects.filter(login=sent.get("asked", ""), is_active=True).first()
    if asked is None:
        raise WrongRoster("asked", "somebody else")
    made = swaps.ask(
        person, asked, gives_on=day_of("gives_on", sent.get("gives_on", "")),
        takes_on=day_of("takes_on", sent["takes_on"]) if sent.get("takes_on") else None, note=sent.get("note", ""),
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("%(name)s is asked.") % {"name": asked.name})
    for words in roster_words.strains(made, strain.of(made)):
        messages.warning(request, words)
    return _back(person)


@require_POST
@door("see roster")
def move_swap(request: HttpRequest, person: Person, number: int, step: str) -> HttpResponse:
    """POST …/swaps/7/STEP/, one of swaps.STEPS"""
    row = swaps.open_for(person).filter(pk=number).first()
    if row is None:
        raise NotThere(str(number))
    swaps.move(row, step, by=person, at=clock.now())
    return _back(person)


def pattern_rows(row: Pattern) -> list[tuple[str, str]]:
    """The days of a pattern with their hours, in words; days off are left out."""
    names = rows_of(row)
    found = days_in(row.days)
    return [(name, shown(found[number])) for number, name, _hours in names if number in found]


def _swaps(person: Person) -> list[tuple[Swap, dict[str, bool], list[str]]]:
    """What waits for somebody, what he may do about each, and what each would make of the two's days."""
    waiting = list(swaps.open_for(person))
    strained = strain.of_all(waiting)
    return [(one, _may(person, one), roster_words.strains(one, strained[one.pk])) for one in waiting]


def _may(person: Person, swap: Swap) -> dict[str, bool]:
    waits = swap.state == Swap.State.ASKED
    plans = shifts.may_plan(person, swap.asker) and shifts.may_plan(person, swap.asked)
    return {
        "answer": waits and swap.asked_id == person.pk,
        "approve": not waits and plans,
        "withdraw": swap.asker_id == person.pk,
    }


def _person(login: str) -> Person:
    found = Person.objects.select_related("team").filter(login=login, is_active=True, role__in=DESK_SIDE).first()
    if found is None:
        raise NotThere(login)
    return found


def _back(about: Person) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/roster/people/{about.login}/")

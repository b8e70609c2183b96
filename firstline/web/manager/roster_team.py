"""One team in the roster: its shifts, who is on call in which layer, and the hours that it must cover."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.people.models import Person, Team
from firstline.people.roles import DESK_SIDE
from firstline.roster import calendars_out, covering, duty, layers, shifts
from firstline.roster.hours import days_in, shown
from firstline.roster.models import Cover, Layer, Pattern
from firstline.roster.refusals import WrongRoster
from firstline.tickets.queries import NotThere
from firstline.web import roster_words
from firstline.web.manager.door import door
from firstline.web.manager.pattern_form import days_from, hours_of, lengths, rows_of
from firstline.web.manager.roster_person import pattern_rows
from firstline.web.moments import day_of, moment_of


@require_safe
@door("see roster")
def page(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """GET /desk/roster/teams/engineers/"""
    team, now = _team(slug), clock.now()
    today = timezone.localdate(now)
    may_plan = shifts.may_plan_team(person, team.pk)
    found = list(team.on_call_layers.prefetch_related("people__person", "stand_ins__person"))
    names = dict(Person.objects.filter(layers__layer__team=team).values_list("pk", "name"))
    cover = Cover.objects.filter(team=team).first()
    context: dict[str, Any] = {
        "team": team,
        "layers": [(one, week_words(one.hours), _stand_ins(one, now)) for one in found],
        "called": [names[pk] for pk in duty.on_call(now, team.pk) if pk in names],
        "patterns": [(one, pattern_rows(one)) for one in Pattern.objects.filter(team=team).exclude(ends_on__lt=today)],
        "cover": cover,
        "cover_words": week_words(cover.hours if cover else []),
        "cover_form": week_form(cover.hours if cover else []),
        "week_form": week_form([]),
        "people": Person.objects.filter(role__in=DESK_SIDE, is_active=True),
        "next": len(found) + 1,
        "may_plan": may_plan,
        "calendar": calendars_out.url(team) if may_plan or person.team_id == team.pk else "",
        "today": today.isoformat(),
        "form": rows_of(None),
        "lengths": lengths(),
    }
    return render(request, "web/manager/roster/team.html", context)


@require_POST
@door("see roster")
def write_shifts(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST …/shifts/ begins_on, length, day-0 …, name"""
    team = _team(slug)
    length, days = days_from(request.POST)
    shifts.write_pattern(
        team=team, name=request.POST.get("name", ""), time_zone=shifts.zone_of(None).key,
        begins_on=day_of("begins_on", request.POST.get("begins_on", "")), length=length, days=days,
        by=person, at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("The shifts are written."))
    return _back(team)


@require_POST
@door("see roster")
def write_layer(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST …/layers/ position, people (logins, in turn), begins_on, changes_at, length, week-0 … week-6"""
    team, sent = _team(slug), request.POST
    people = {
        one.login: one
        for one in Person.objects.filter(login__in=sent.getlist("people"), is_active=True, role__in=DESK_SIDE)
    }
    layers.write_layer(
        team, position=_number(sent, "position"), time_zone=shifts.zone_of(None).key,
        people=[people[login] for login in sent.getlist("people") if login in people],
        begins_on=day_of("begins_on", sent.get("begins_on", "")), changes_at=sent.get("changes_at", "09:00"),
        length=_number(sent, "length"), hours=_week(sent), by=person, at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("Who is on call is written."))
    return _back(team)


@require_POST
@door("see roster")
def remove_layer(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST /desk/roster/layers/engineers-nights/removal/"""
    row = _layer(slug)
    layers.remove_layer(row, by=person, at=clock.now())
    return _back(row.team)


@require_POST
@door("see roster")
def stand_in(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST /desk/roster/layers/engineers-nights/stand-ins/ person, starts_at, ends_at"""
    row, sent = _layer(slug), request.POST
    who = Person.objects.filter(login=sent.get("person", ""), is_active=True, role__in=DESK_SIDE).first()
    if who is None:
        raise WrongRoster("person", "unknown")
    layers.stand_in(
        row, who, starts_at=moment_of("starts_at", sent.get("starts_at", "")),
        ends_at=moment_of("ends_at", sent.get("ends_at", "")), by=person, at=clock.now(),
    )  # fmt: skip
    return _back(row.team)


@require_POST
@door("see roster")
def cover(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST …/cover/ week-0 … week-6, least, free_swaps"""
    team, sent = _team(slug), request.POST
    covering.write_cover(
        team, time_zone=shifts.zone_of(None).key, hours=_week(sent), least=_number(sent, "least"),
        free_swaps=bool(sent.get("free_swaps")), by=person, at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("The hours that the team must cover are written."))
    return _back(team)


def week_words(hours: list[list[object]]) -> list[tuple[str, str]]:
    """The hours of a week, day by day; days without are left out."""
    return [(name, text) for _number_of, name, text in week_form(hours) if text]


def week_form(hours: list[list[object]]) -> list[tuple[int, str, str]]:
    """Each weekday: number, name, hours."""
    found = days_in(hours)
    return [(day, str(WEEKDAYS[day]), shown(found.get(day, ()))) for day in range(7)]


def _week(sent: QueryDict) -> list[list[object]]:
    return hours_of(sent, "week", 7)


def _number(sent: QueryDict, field: str) -> int:
    given = sent.get(field, "")
    if not (given.isascii() and given.isdigit() and len(given) <= 4):
        raise WrongRoster(field, "1 to 366")
    return int(given)


def _stand_ins(row: Layer, now: Any) -> list[tuple[str, str]]:
    return [
        (one.person.name, f"{roster_words.moment(one.starts_at)} – {roster_words.moment(one.ends_at)}")
        for one in row.stand_ins.all()
        if one.ends_at > now
    ]


def _team(slug: str) -> Team:
    found = Team.objects.filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _layer(slug: str) -> Layer:
    found = Layer.objects.select_related("team").filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _back(team: Team) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/roster/teams/{team.slug}/")

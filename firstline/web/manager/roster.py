"""The roster: a week of everybody, with what is missing on top; on a phone day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.lib.periods import Period, in_this_age
from firstline.people.models import Person, Team
from firstline.people.permissions import may
from firstline.people.roles import DESK_SIDE
from firstline.roster import swaps, week
from firstline.roster.models import Absence, Turn
from firstline.roster.pattern import local_day
from firstline.tickets.queries import NotThere
from firstline.web import here, roster_words
from firstline.web.manager.door import door

DAYS = 7


@dataclass(frozen=True)
class Chip:
    """What stands in a cell: `kind` is a shift, a night, reinforcement, on_call or away."""

    kind: str
    words: str
    title: str = ""


@dataclass
class Row:
    person: Person
    cells: list[list[Chip]]
    is_here: here.Here = here.NOTHING_SAID


@dataclass
class Section:
    """The people of one team."""

    team: Team | None
    rows: list[Row] = field(default_factory=list)


@require_safe
@door("see roster")
def grid(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/roster/ week (any day of it), team"""
    now = clock.now()
    zone = timezone.get_current_timezone()
    monday = _monday(request.GET.get("week", ""), timezone.localdate(now))
    team = _team(request.GET.get("team", ""))
    within = week_of(monday, ZoneInfo(str(zone)))
    people = list(week.people_on(team).order_by("team__line", "team", "name", "pk"))
    days = [monday + timedelta(days=number) for number in range(DAYS)]
    sections = _sections(people, days, within, now)
    asked = f"&team={team.slug}" if team else ""
    context: dict[str, Any] = {
        "sections": sections,
        "days": [(day, WEEKDAYS_ABBR[day.weekday()], _short(day), day == timezone.localdate(now)) for day in days],
        "by_day": _by_day(sections, days),
        "holes": [roster_words.hole(one) for one in week.holes_in(within) if team is None or one.team.pk == team.pk],
        "title": _("%(first)s – %(last)s") % {"first": _short(days[0]), "last": _short(days[-1])},
        "before": f"?week={monday - timedelta(days=DAYS)}{asked}",
        "after": f"?week={monday + timedelta(days=DAYS)}{asked}",
        "this": f"?week={timezone.localdate(now)}{asked}",
        "is_this": monday <= timezone.localdate(now) < monday + timedelta(days=DAYS),
        "week": monday.isoformat(),
        "teams": list(Team.objects.all()),
        "team": team,
        "zone": str(zone),
        "swaps": swaps.open_for(person).count(),
        "may_plan": may(person, "plan roster"),
        "desk_side": DESK_SIDE,
        "may_call": may(person, "reinforcement"),
    }
    return render(request, "web/manager/roster/week.html", context)


def week_of(monday: date, zone: ZoneInfo) -> Period:
    """The seven days as moments, in a zone."""
    end = monday + timedelta(days=DAYS)
    return Period(datetime.combine(monday, time(), zone), datetime.combine(end, time(), zone))


def _sections(people: list[Person], days: list[date], within: Period, now: datetime) -> list[Section]:
    cells: dict[int, list[list[Chip]]] = defaultdict(lambda: [[] for _day in days])
    known = {one.pk for one in people}
    for turn in week.turns(within):
        if turn.person_id in known:
            for place, chip in _chips(turn, days):
                cells[turn.person_id][place].append(chip)
    for absence in week.absences(within):
        for place in _days_away(absence, days):
            cells[absence.person_id][place].append(Chip("away", str(absence.get_why_display()), absence.note))
    found = here.of(known, now)
    sections: list[Section] = []
    for one in people:
        if not sections or (sections[-1].team or None) != one.team:
            sections.append(Section(one.team))
        sections[-1].rows.append(Row(one, cells[one.pk], found[one.pk]))
    return sections


def _chips(turn: Turn, days: list[date]) -> Iterable[tuple[int, Chip]]:
    """One in the cell of the day on which it begins; what lasts longer than a day stands in each of its days."""
    start, end = timezone.localtime(turn.starts_at), timezone.localtime(turn.ends_at)
    if end - start <= timedelta(days=1):
        yield min(max(0, (start.date() - days[0]).days), DAYS - 1), _chip(turn)
        return
    title = roster_words.shown(Period(turn.starts_at, turn.ends_at))
    for place, day in enumerate(days):
        first, last = start.date() == day, end.date() == day
        if start.date() <= day <= (end - timedelta(seconds=1)).date():
            begins = f"{start:%H:%M}" if first else "00:00"
            yield place, Chip(str(turn.kind), f"{begins}–{end:%H:%M}" if last else f"{begins}–24:00", title)


def _chip(turn: Turn) -> Chip:
    start, end = timezone.localtime(turn.starts_at), timezone.localtime(turn.ends_at)
    words = f"{start:%H:%M}–{end:%H:%M}"
    kind = str(turn.kind)
    if kind == Turn.Kind.SHIFT and start.date() != (end - timedelta(seconds=1)).date():
        kind = "night"
    return Chip(kind, words, roster_words.shown(Period(turn.starts_at, turn.ends_at)))


def _days_away(absence: Absence, days: list[date]) -> Iterable[int]:
    first = local_day(absence.starts_at, timezone.get_current_timezone())
    last = days[-1]
    if absence.ends_at is not None:
        last = local_day(absence.ends_at - timedelta(seconds=1), timezone.get_current_timezone())
    return [place for place, day in enumerate(days) if first <= day <= last]


def _by_day(sections: list[Section], days: list[date]) -> list[tuple[date, list[tuple[Person, list[Chip]]]]]:
    """The same, the other way round: for a narrow screen."""
    return [
        (day, [(row.person, row.cells[place]) for one in sections for row in one.rows if row.cells[place]])
        for place, day in enumerate(days)
    ]


def _monday(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given) if given else today
    except ValueError:
        day = today
    if not in_this_age(day.year):
        day = today
    return day - timedelta(days=day.weekday())


def _team(slug: str) -> Team | None:
    if not slug:
        return None
    found = Team.objects.filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _short(day: date) -> str:
    return formats.date_format(day, formats.get_format("MONTH_DAY_FORMAT").replace("F", "E"))

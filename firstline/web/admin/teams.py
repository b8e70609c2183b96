"""Teams: their line, who is in them, who leads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.intake.models import Desk
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people import teams
from firstline.people.models import Person, Team
from firstline.people.permissions import may
from firstline.people.roles import DESK_SIDE, Role
from firstline.people.teams import WrongTeam
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.web.admin.fields import Words, in_words
from firstline.web.manager import shown
from firstline.web.manager.door import door

ROOT = "/desk/teams/"
SEES, EDITS = "look up people", "roles"


@require_safe
@door(SEES)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/teams/: line by line, with how many are in each and who leads it."""
    active = Q(people__is_active=True)
    rows = Team.objects.annotate(members=Count("people", filter=active)).order_by("line", "id")
    leads: dict[int, list[str]] = {}
    for team, name in Person.objects.filter(is_active=True, role=Role.LEAD, team__isnull=False).values_list(
        "team_id", "name"
    ):
        leads.setdefault(team or 0, []).append(name)
    context = {"rows": [(one, leads.get(one.pk, [])) for one in rows], "may_edit": may(person, EDITS)}
    return render(request, "web/admin/teams.html", context)


@require_http_methods(["GET", "POST"])
@door(EDITS)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/teams/new/ slug, names-…, line"""
    if request.method != "POST":
        return _page(request, person, None, {})
    try:
        made = teams.keep(
            request.POST.get("slug", "").strip(), _names(request), _line(request), found=None, by=person, at=clock.now()
        ).team
    except WrongTeam as wrong:
        return _page(request, person, None, in_words(wrong.problems))
    return HttpResponseRedirect(f"{ROOT}{made.slug}/")


@require_http_methods(["GET", "POST"])
@door(SEES)
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """A team: everybody of the desk reads, an administrator renames."""
    found = _get(slug)
    if request.method != "POST":
        return _page(request, person, found, {})
    try:
        teams.keep(found.slug, _names(request), found.line, found=found, by=person, at=clock.now())
    except WrongTeam as wrong:
        return _page(request, person, found, in_words(wrong.problems))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{ROOT}{slug}/")


@require_POST
@door(EDITS)
def members(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST member=login for each."""
    found = _get(slug)
    chosen = Person.objects.filter(login__in=request.POST.getlist("member"), role__in=DESK_SIDE)
    teams.set_members(found, list(chosen), by=person, at=clock.now())
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{ROOT}{slug}/")


def _get(slug: str) -> Team:
    found = Team.objects.filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _names(request: HttpRequest) -> dict[str, str]:
    return {code: request.POST.get(f"names-{code}", "") for code, _name in LANGUAGES}


def _line(request: HttpRequest) -> int:
    line = request.POST.get("line", "")
    return int(line) if line in {"1", "2", "3"} else 0


def _page(request: HttpRequest, person: Person, found: Team | None, wrong: Mapping[str, Words]) -> HttpResponse:
    names = _names(request) if wrong else shown.names_of(found)
    context: dict[str, Any] = {
        "team": found, "wrong": wrong, "names": shown.name_fields(names), "may_edit": may(person, EDITS),
        "slug": request.POST.get("slug", ""), "line": request.POST.get("line", "1"),
    }  # fmt: skip
    if found is not None:
        people = Person.objects.filter(is_active=True, role__in=DESK_SIDE).select_related("team").order_by("name", "id")
        context |= {
            "people": list(people), "boxes": Desk.objects.filter(team=found).select_related("account"),
            "members": [one for one in people if one.team_id == found.pk],
            "open_count": Ticket.objects.filter(team=found, is_open__in=[True])[:100].count(),
        }  # fmt: skip
    return render(request, "web/admin/team.html", context, status=422 if wrong else 200)

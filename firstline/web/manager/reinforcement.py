"""Reinforcement as the manager has it: who is asked, who comes, by how much the team has grown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.lib import clock
from firstline.lib.periods import Period
from firstline.notices import to_reserve
from firstline.people.models import Client, Person
from firstline.people.roles import DESK_SIDE, GIVEN, Role
from firstline.roster import duty, reinforcement
from firstline.roster.models import CallUp, Reinforcement
from firstline.roster.refusals import WrongRoster
from firstline.roster.reinforcement import Strength, Wanted
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import here, roster_words
from firstline.web.manager.door import door
from firstline.web.moments import moment_of

SHOWN = 30
USUAL = timedelta(hours=4)


@dataclass(frozen=True)
class Card:
    """One reinforcement as it is drawn."""

    row: Reinforcement
    state: str
    scope: str
    when: str
    people: list[CallUp]
    came: int
    grown: str
    others: list[Person]


@require_http_methods(["GET", "POST"])
@door("reinforcement")
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/reinforcement/ all of it, with the form; POST calls people in."""
    now = clock.now()
    if request.method == "POST":
        row = reinforcement.call(_wanted(request, now), by=person, at=now)
        asked = row.call_ups.count()
        words = ngettext("%(n)s person is asked.", "%(n)s people are asked.", asked) % {"n": asked}
        messages.success(request, words)
        return HttpResponseRedirect("/desk/reinforcement/")
    reserve = list(reinforcement.reserve(now))
    rows = Reinforcement.objects.select_related("made_by").prefetch_related("clients", "call_ups__person__team")
    found = here.of([one.pk for one in reserve], now)
    local = timezone.localtime(now).replace(second=0, microsecond=0)
    desk = Person.objects.filter(role__in=DESK_SIDE, is_active=True, in_reserve=False)
    partners = Person.objects.filter(
        role=Role.REQUESTER, client__isnull=True, is_active=True, in_reserve=False
    ).exclude(email="")[:50]  # fmt: skip
    context: dict[str, Any] = {
        "cards": cards(list(rows[:SHOWN]), now, reserve),
        "reserve": [(one, found[one.pk]) for one in reserve],
        "clients": Client.objects.all(),
        "roles": [(role, role.label) for role in GIVEN],
        "starts_at": f"{local:%Y-%m-%dT%H:%M}",
        "ends_at": f"{local + USUAL:%Y-%m-%dT%H:%M}",
        "outside": [*desk.order_by("name"), *partners],
    }
    return render(request, "web/manager/roster/reinforcement.html", context)


@require_safe
@door("reinforcement")
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/reinforcement/7/ one of them as a fragment: the page asks for it again while people answer."""
    now = clock.now()
    return render(
        request,
        "web/manager/roster/_reinforcement.html",
        {"card": cards([_get(number)], now, reinforcement.reserve(now))[0]},
    )


@require_POST
@door("reinforcement")
def ask_more(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/people/ people"""
    reinforcement.ask_more(_get(number), _people(request), by=person, at=clock.now())
    return HttpResponseRedirect("/desk/reinforcement/")


@require_POST
@door("reinforcement")
def end(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/end/"""
    reinforcement.end(_get(number), by=person, at=clock.now())
    messages.success(request, _("It is over: roles and scopes have ended."))
    return HttpResponseRedirect("/desk/reinforcement/")


@require_POST
@door("reinforcement")
def reserve(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/reinforcement/reserve/ person (login), on"""
    about = Person.objects.filter(login=request.POST.get("person", ""), is_active=True).first()
    if about is None:
        raise WrongValue("person", "unknown")
    reinforcement.mark(about, in_reserve=bool(request.POST.get("on")), by=person, at=clock.now())
    return HttpResponseRedirect("/desk/reinforcement/#reserve")


def cards(rows: Sequence[Reinforcement], now: datetime, reserve: Iterable[Person]) -> list[Card]:
    """With what everybody said, and by how much the team has grown."""
    strength, is_kept = reinforcement.strength_of(rows, now), duty.is_kept()
    return [_card(row, now, list(reserve), _grown(strength[row.pk], is_kept), strength[row.pk].came) for row in rows]


def _card(row: Reinforcement, now: datetime, reserve: list[Person], grown: str, came: int) -> Card:
    people = list(row.call_ups.all())
    state = "over" if row.ends_at <= now else "planned" if row.starts_at > now else "now"
    known = {one.person_id for one in people}
    when = roster_words.shown(Period(row.starts_at, row.ends_at))
    others = [one for one in reserve if one.pk not in known] if state != "over" else []
    return Card(row, state, to_reserve.scope_of(row), when, people, came, grown, others)


def _grown(strength: Strength, is_kept: bool) -> str:
    if strength.came and strength.own:
        times = formats.number_format((strength.own + strength.came) / strength.own, decimal_pos=1)
        said = {"times": times, "own": strength.own, "came": strength.came}
        return _("×%(times)s: %(own)s here, %(came)s came") % said
    if strength.came and is_kept:
        words = ngettext("%(n)s came, nobody else is here", "%(n)s came, nobody else is here", strength.came)
        return words % {"n": strength.came}
    return ""


def _wanted(request: HttpRequest, now: datetime) -> Wanted:
    sent = request.POST
    slugs = sent.getlist("clients")
    whole = slugs == ["all"]  # who ticks some as well means those
    return Wanted(
        reason=sent.get("reason", ""), place=sent.get("place", ""), role=sent.get("role", ""),
        starts_at=moment_of("starts_at", sent.get("starts_at", "")) if sent.get("starts_at") else now,
        ends_at=moment_of("ends_at", sent.get("ends_at", "")),
        all_clients=whole, clients=() if whole else list(Client.objects.filter(slug__in=slugs)),
        lines="".join(sorted(set(sent.getlist("lines")) & {"1", "2", "3"})), tag=sent.get("tag", ""),
        people=_people(request),
    )  # fmt: skip


def _people(request: HttpRequest) -> list[Person]:
    logins = request.POST.getlist("people")
    found = list(Person.objects.filter(login__in=logins, is_active=True))
    if not found:
        raise WrongRoster("people", "nobody")
    return found


def _get(number: int) -> Reinforcement:
    rows = Reinforcement.objects.select_related("made_by").prefetch_related("clients", "call_ups__person__team")
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotThere(str(number))
    return found

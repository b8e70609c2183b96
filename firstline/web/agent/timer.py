"""The timer on every page of the desk, what a page says of its attention, and one's own time of today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock, numbered
from firstline.lines import working
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import queries
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.web import moments
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment
from firstline.worklog import timers, touch
from firstline.worklog.touch_models import Timer, Touch

ON_TICKET = re.compile(r"^/desk/tickets/(\d{1,15})/")
MOST_ROWS = 200


@dataclass(frozen=True)
class Shown:
    """The timer as a page draws it. `seconds` is what it counts for its ticket; `here` the ticket of the page."""

    timer: Timer | None
    seconds: int
    here: str
    at: datetime
    gap: timedelta | None

    @property
    def start_in(self) -> str:
        """The number of the ticket in which the button starts it: the page's, else the last one."""
        return self.here or str(self.timer.ticket_id if self.timer else "")

    @property
    def minutes(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@require_safe
@desk
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/timer/: the part of every page (?at=ADDRESS); opened by itself, one's own time of a day (?day=)."""
    _demand(person)
    if is_fragment(request):
        return _part(request, person)
    day = _day(request)
    begin = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows = Touch.objects.filter(person=person, ended_at__gt=begin, started_at__lt=begin + timedelta(days=1))
    rows = (
        rows.exclude(started_at=F("ended_at"), timer=None)
        .select_related("ticket", "timer")
        .prefetch_related("corrections__by")
        .order_by("-started_at")
    )
    context = {
        "shown": shown(person, "", clock.now()), "day": day, "before": day - timedelta(days=1),
        "after": day + timedelta(days=1), "is_today": day == timezone.localdate(clock.now()),
        "rows": list(rows[:MOST_ROWS]),
    }  # fmt: skip
    return render(request, "web/agent/timer/page.html", context)


@require_POST
@desk
def start(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/timer/start/ ticket"""
    _demand(person)
    working.start(person, _ticket(request, person), at=clock.now())
    return _done(request, person)


@require_POST
@desk
def stop(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/timer/stop/"""
    _demand(person)
    timers.stop(person, at=clock.now())
    return _done(request, person)


@require_POST
@desk
def beat(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/timer/beats/ ticket: the page of the ticket has his attention. Answers the part of the page."""
    _demand(person)
    working.beat(person, _ticket(request, person), at=clock.now())
    return _part(request, person)


@require_POST
@desk
def leave(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/timer/leaving/ ticket: he left its page."""
    _demand(person)
    timers.leave(person, _ticket(request, person), at=clock.now())
    return HttpResponse(status=204)


@require_POST
@desk
def gap(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/timer/gap/ was=this|other|break, ticket: what he did while the page saw nothing."""
    _demand(person)
    was = request.POST.get("was", "")
    other = _ticket(request, person) if was == "other" else None
    working.answer_gap(person, was=was, other=other, at=clock.now())
    return _done(request, person)


@require_POST
@desk
def correct(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/timer/periods/17/ started_at, ended_at (where the person is), reason"""
    _demand(person)
    row = touch.get_for(person, number)
    touch.correct(
        row, started_at=_moment(request, "started_at", row.started_at),
        ended_at=_moment(request, "ended_at", row.ended_at),
        reason=request.POST.get("reason", ""), by=person, at=clock.now(),
    )  # fmt: skip
    return go(request, "/desk/timer/")


def shown(person: Person, here: str, at: datetime) -> Shown:
    """Four statements where a timer runs."""
    timer = timers.of(person)
    seconds = 0
    if timer is not None and timer.ticket is not None:
        seconds = int(touch.total(person, timer.ticket, at).total_seconds())
    asks = timer.gap_until - timer.gap_from if timer and timer.gap_from and timer.gap_until else None
    return Shown(timer, seconds, here, at, asks)


def _demand(person: Person) -> None:
    if not person.solves:
        raise NotAllowed("log time")


def _part(request: HttpRequest, person: Person) -> HttpResponse:
    address = request.GET.get("at") or request.POST.get("next") or ""
    found = ON_TICKET.match(address)
    here = found[1] if found else request.POST.get("ticket", "")
    context: dict[str, Any] = {"shown": shown(person, here, clock.now()), "here": address}
    return render(request, "web/agent/timer/_timer.html", context)


def _done(request: HttpRequest, person: Person) -> HttpResponse:
    return _part(request, person) if is_fragment(request) else go(request, "/desk/timer/")


def _ticket(request: HttpRequest, person: Person) -> Ticket:
    given = numbered.bare(request.POST.get("ticket", ""))
    if not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise WrongValue("ticket", "a number")
    return queries.get_for(person, given)


def _moment(request: HttpRequest, field: str, unchanged: datetime) -> datetime:
    """A moment of a form, where the person is; to the second, so that what was not touched stays as it is."""
    given = request.POST.get(field, "")
    if not given or given == timezone.localtime(unchanged).strftime("%Y-%m-%dT%H:%M:%S"):
        return unchanged
    return moments.moment_of(field, given)


def _day(request: HttpRequest) -> Any:
    try:
        day = datetime.strptime(request.GET.get("day", ""), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return timezone.localdate(clock.now())
    return day if 1971 <= day.year <= 8999 else timezone.localdate(clock.now())

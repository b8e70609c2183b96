"""The box of the line beside the ticket: how long one worked, what is left, who could take it, who works along; and
what one does about it: five minutes more, return, call in, leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from firstline.knowledge import suggest
from firstline.lib import clock
from firstline.lines import box, box_watch
from firstline.lines.box import State
from firstline.lines.box_watch import Reading
from firstline.people.models import Person
from firstline.tickets import handover, queries, swarm
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import may
from firstline.tickets.refusals import WrongValue
from firstline.web import line_words
from firstline.web.agent import people_to_choose
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM, sheet, words_about
from firstline.web.asked import go, is_fragment, seen_version
from firstline.worklog import timers

MOST_FREE = 3
MOST_ARTICLES = 3


@dataclass(frozen=True)
class Shown:
    """The panel's numbers, ready to be drawn. `until`: the running timer's, of who looks."""

    reading: Reading
    at: datetime
    until: datetime | None
    runs: bool

    @property
    def state(self) -> str:
        """Of the one who looks: another's minutes are another's box."""
        return box.state(self.reading.own, self.reading.limit, self.reading.marks, self.at).value

    @property
    def tone(self) -> str:
        return {State.HINT: "warn", State.FULL: "bad", State.OVER: "bad"}.get(State(self.state), "")

    @property
    def seconds(self) -> int:
        return int(self.reading.own.total_seconds())

    @property
    def whole(self) -> int:
        return int(self.reading.size.total_seconds()) if self.reading.size else 0

    @property
    def size(self) -> timedelta | None:
        return self.reading.size

    @property
    def beyond(self) -> timedelta:
        return max(timedelta(), self.reading.own - (self.reading.size or timedelta()))

    @property
    def decides_until(self) -> datetime | None:
        """When the policy acts, while there is still time to decide."""
        full_at = self.reading.marks.full_at
        return full_at + box.GRACE if full_at and not self.reading.marks.over else None

    @property
    def policy(self) -> str:
        return str(line_words.POLICIES[self.reading.limit.policy])


@require_safe
@desk
def panel(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/box/"""
    ticket = queries.get_for(person, number)
    template = "web/agent/ticket/_box.html" if is_fragment(request) else "web/agent/ticket/box.html"
    return render(request, template, _known(person, ticket, clock.now()))


@require_POST
@desk
def extend(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/box-extension/ reason"""
    ticket = queries.get_for(person, number)
    box_watch.extend(ticket, reason=request.POST.get("reason", ""), by=person, at=clock.now())
    return go(request, address(ticket))


@FORM
@desk
def send_back(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/return/ why"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "return", {"card": handover.open_card(ticket)})
    why, seen = request.POST.get("why", ""), seen_version(request)
    handover.send_back(ticket, why=why, by=person, at=clock.now(), seen=seen)
    return go(request, address(ticket))


@FORM
@desk
def invite(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/invitations/ person (a login), why"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        there = set(swarm.members(ticket).values_list("person_id", flat=True))
        people = [one for one in people_to_choose.free(ticket, clock.now()) if one.person.pk not in there]
        return sheet(request, ticket, "invitations", {"people": people})
    swarm.invite(
        ticket, _colleague(request), why=request.POST.get("why", ""), by=person, at=clock.now()
    )  # fmt: skip
    return go(request, address(ticket))


@require_POST
@desk
def leave(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/invitations/leaving/ person (a login; empty: oneself)"""
    ticket = queries.get_for(person, number)
    who = _colleague(request) if request.POST.get("person") else person
    swarm.leave(ticket, who, by=person, at=clock.now())
    return go(request, address(ticket))


def _known(person: Person, ticket: Ticket, at: datetime) -> dict[str, Any]:
    reading = box_watch.read(ticket, at, person=person)
    timer = timers.of(person) if person.solves else None
    runs = timer is not None and timer.is_running and timer.ticket_id == ticket.pk
    shown = Shown(reading, at, timer.pause_at if timer and runs else None, runs)
    known: dict[str, Any] = {
        "ticket": ticket, "shown": shown, "may_work": person.solves and ticket.is_open,
        "may_extend": shown.whole > 0 and may(person, "hand over", ticket) and ticket.is_open,
        "members": list(swarm.members(ticket)), "may_invite": may(person, "invite", ticket) and ticket.is_open,
        "card": _card(person, ticket),
    }  # fmt: skip
    if shown.tone and ticket.is_open:
        known["articles"] = suggest.for_text(person, words_about(ticket), limit=MOST_ARTICLES)
        if ticket.line < 3:
            people = people_to_choose.free(ticket, at, line=ticket.line + 1)
            known["free"] = [one.person.name for one in people if one.is_free][:MOST_FREE]
    return known


def _card(person: Person, ticket: Ticket) -> Any:
    """The hand-over that still waits to be accepted or returned by somebody of the line."""
    if not ticket.is_open or ticket.contact_owner_id is None or not may(person, "hand over", ticket):
        return None
    return handover.open_card(ticket)


def _colleague(request: HttpRequest) -> Person:
    found = Person.objects.select_related("team").filter(login=request.POST.get("person", "")).first()
    if found is None:
        raise WrongValue("person", "unknown")
    return found

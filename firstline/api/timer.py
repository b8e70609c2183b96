"""The caller's timer by API, and the periods of touch that it and calls leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers, bodies, named
from firstline.api import lines_shapes as shapes
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.shapes import moment
from firstline.lines import working
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import queries
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.worklog import timers, touch
from firstline.worklog.touch_models import Timer, Touch

router = Router(tags=["Time"])
touches = Router(tags=["Time"])
MOST = 200


class InTicket(Body):
    ticket: bodies.TicketNumber


class GapAnswer(Body):
    was: Literal["this", "other", "break"]
    ticket: bodies.TicketNumber | None = None


class Correction(Body):
    started_at: bodies.Moment | None = None
    ended_at: bodies.Moment | None = None
    reason: bodies.Sentence


@router.get("", response={200: shapes.TimerState, **FOR_READING}, summary="Read one's timer")
def read(request: HttpRequest) -> HttpResponse:
    """`state`: running, paused (it follows the caller), stopped."""
    return answers.plain(_timer(timers.of(_solver(request))))


@router.post("", response={200: shapes.TimerState, **FOR_WRITING}, summary="Start one's timer")
def start(request: HttpRequest, asked: InTicket) -> HttpResponse:
    """In an open ticket that the caller may work on; it was in another one no longer."""
    _solver(request)
    return answers.done(request, lambda by, at: (200, _timer(working.start(by, _ticket(by, asked.ticket), at=at))))


@router.delete("", response={200: shapes.TimerState, **FOR_WRITING}, summary="Stop one's timer")
def stop(request: HttpRequest) -> HttpResponse:
    """It follows the caller no more, until he takes something or starts it again."""
    _solver(request)
    return answers.done(request, lambda by, at: (200, _timer(timers.stop(by, at=at))))


@router.post("/beats", response={200: shapes.TimerState, **FOR_WRITING}, summary="Say that one works")
def beat(request: HttpRequest, asked: InTicket) -> HttpResponse:
    """The caller works in this ticket now: the timer goes on there, or moves there where it is his work. Without one
    for three minutes it pauses."""
    _solver(request)
    return answers.done(request, lambda by, at: (200, _timer(working.beat(by, _ticket(by, asked.ticket), at=at))))


@router.post("/gap", response={200: shapes.TimerState, **FOR_WRITING}, summary="Say what a gap was")
def gap(request: HttpRequest, asked: GapAnswer) -> HttpResponse:
    """What the caller did between `gap_from` and `gap_until`: worked on the ticket of the timer, on another one, or had
    a break."""
    _solver(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        other = _ticket(by, asked.ticket) if asked.was == "other" and asked.ticket is not None else None
        working.answer_gap(by, was=asked.was, other=other, at=at)
        return 200, _timer(timers.of(by))

    return answers.done(request, deed)


@touches.get("", response={200: shapes.TouchPeriods, **FOR_READING}, summary="List periods of touch")
def listed(request: HttpRequest, ticket: str = "") -> HttpResponse:
    """When who worked in `ticket` (without it: when the caller worked in which), the newest first; at most 200."""
    person = _solver(request)
    rows = Touch.objects.filter(ticket=_ticket(person, ticket)) if ticket else Touch.objects.filter(person=person)
    found = rows.select_related("person").prefetch_related("corrections__by").order_by("-started_at", "-id")[:MOST]
    return answers.plain({"items": [_touch(one) for one in found]})


@touches.post("/{int:number}/correction", response={200: shapes.TouchPeriod, **FOR_WRITING}, summary="Correct a period")
def correct(request: HttpRequest, number: int, asked: Correction) -> HttpResponse:
    """Another start or end, with a reason; what it was is kept in `corrections`."""
    _solver(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        row = touch.get_for(by, number)
        touch.correct(
            row, started_at=asked.started_at or row.started_at, ended_at=asked.ended_at or row.ended_at,
            reason=asked.reason, by=by, at=at,
        )  # fmt: skip
        return 200, _touch(touch.get_for(by, number))

    return answers.done(request, deed)


def _solver(request: HttpRequest) -> Person:
    person = caller(request).person
    if not person.is_agent:
        raise NotAllowed("desk")
    if not person.solves:
        raise NotAllowed("log time")
    return person


def _ticket(person: Person, number: object) -> Ticket:
    try:
        return queries.get_for(person, str(number))
    except NotThere as unknown:
        raise WrongValue("ticket", named.UNKNOWN) from unknown


def _timer(row: Timer | None) -> dict[str, Any]:
    state = "stopped" if row is None or not row.is_on else "running" if row.is_running else "paused"
    return {
        "state": state,
        "ticket": str(row.ticket_id) if row and row.ticket_id else None,
        "since": moment(row.touch.started_at if row and row.touch else None),
        "gap_from": moment(row.gap_from if row else None),
        "gap_until": moment(row.gap_until if row else None),
    }


def _touch(row: Touch) -> dict[str, Any]:
    return {
        "id": row.pk, "ticket": str(row.ticket_id), "person": row.person.login, "line": row.line, "how": row.how,
        "started_at": moment(row.started_at), "ended_at": moment(row.ended_at),
        "corrections": [
            {"by": one.by.login, "at": moment(one.at), "reason": one.reason,
             "started_at": moment(one.was_started_at), "ended_at": moment(one.was_ended_at)}
            for one in row.corrections.all()
        ],
    }  # fmt: skip

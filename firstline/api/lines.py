"""The lines' work by API: the box of a ticket, five minutes more, return, calling in; the caller's timer and touch;
what the boxes are and how they were kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body as Given
from pydantic import Field

from firstline.api import answers, bodies, named, schemas, shapes
from firstline.api.answers import on_ticket
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.contracts.models import Category
from firstline.lib import clock
from firstline.lines import box, box_report, box_watch, limits, working
from firstline.lines.box_models import BoxLimit
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed, demand
from firstline.tickets import handover, queries, swarm
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import demand as demand_on
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.worklog import timers, touch
from firstline.worklog.touch_models import Timer, Touch

verbs = Router(tags=["Verbs"])
timer = Router(tags=["Time"])
touches = Router(tags=["Time"])
boxes = Router(tags=["Time-boxes"])
NO_BODY: Any = Given(None)
TICKET = {200: schemas.Ticket, **FOR_WRITING}
MOST = 200


class Reason(Body):
    reason: bodies.Sentence


class Invitation(Body):
    person: bodies.Named = Field(description="login or e-mail address")
    why: bodies.Sentence = ""


class Leaving(Body):
    person: bodies.Named | None = Field(None, description="login or e-mail address; the caller where it is absent")


class InTicket(Body):
    ticket: bodies.TicketNumber


class GapAnswer(Body):
    was: Literal["this", "other", "break"]
    ticket: bodies.TicketNumber | None = None


class Correction(Body):
    started_at: bodies.Moment | None = None
    ended_at: bodies.Moment | None = None
    reason: bodies.Sentence


class BoxSet(Body):
    """`minutes` 0: no box; null: nothing of its own any more. Without `category` it holds for every other."""

    line: bodies.SupportLine
    category: bodies.Slug | None = None
    minutes: int | None = Field(None, strict=True, ge=0, le=1440)
    policy: Literal["remind", "tell_lead", "hand_over"] = "remind"


@verbs.post("/{number}/box-extension", response=TICKET, summary="Take five minutes more")
def extend(request: HttpRequest, number: str, asked: Reason) -> HttpResponse:
    """The box of the line gets five minutes longer, with a reason, counted."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: box_watch.extend(ticket, reason=asked.reason, by=by, at=at, seen=seen),
    )  # fmt: skip


@verbs.post("/{number}/return", response=TICKET, summary="Return a hand-over")
def send_back(request: HttpRequest, number: str, asked: bodies.Why) -> HttpResponse:
    """To the line and the person it came from, with a reason."""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: handover.send_back(ticket, why=asked.why, by=by, at=at, seen=seen)
    )


@verbs.post("/{number}/invitations", response=TICKET, summary="Call in a colleague")
def invite(request: HttpRequest, number: str, asked: Invitation) -> HttpResponse:
    """He works along; the ticket stays where it is and whose it is."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand_on(by, "invite", ticket)
        return swarm.invite(ticket, _person(asked.person), why=asked.why, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.post("/{number}/leaving", response=TICKET, summary="Work along no more")
def leave(request: HttpRequest, number: str, asked: Leaving | None = NO_BODY) -> HttpResponse:
    """The caller, or whom he called in."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand_on(by, "invite", ticket)
        who = _person(asked.person) if asked is not None and asked.person else by
        return swarm.leave(ticket, who, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.get("/{number}/box", response={200: dict[str, Any], **FOR_READING}, summary="Read the box of the line")
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """What is set, how long the caller and whoever worked longest worked, `state`: none, calm, hint, full, over; who
    works along."""
    person, at = _agent(request), clock.now()
    ticket = queries.get_for(person, number)
    reading = box_watch.read(ticket, at, person=person)
    full_at = reading.marks.full_at
    return answers.plain(
        {
            "line": ticket.line, "minutes": reading.limit.minutes, "policy": reading.limit.policy.value,
            "extensions": reading.marks.extensions, "state": reading.state.value,
            "touched_seconds": int(reading.touched.total_seconds()), "own_seconds": int(reading.own.total_seconds()),
            "full_at": shapes.moment(full_at), "decide_until": shapes.moment(full_at + box.GRACE if full_at else None),
            "works_along": [one.person.login for one in swarm.members(ticket)],
            "to_log_minutes": touch.proposal(person, ticket, at),
        }
    )  # fmt: skip


@timer.get("", response={200: dict[str, Any], **FOR_READING}, summary="Read one's timer")
def read(request: HttpRequest) -> HttpResponse:
    """`state`: running, paused (it follows the caller), stopped."""
    return answers.plain(_timer(timers.of(_solver(request))))


@timer.post("", response={200: dict[str, Any], **FOR_WRITING}, summary="Start one's timer")
def start(request: HttpRequest, asked: InTicket) -> HttpResponse:
    """In an open ticket that the caller may work on; it was in another one no longer."""
    person = _solver(request)
    return answers.plain(_timer(working.start(person, _ticket(person, asked.ticket), at=clock.now())))


@timer.delete("", response={200: dict[str, Any], **FOR_WRITING}, summary="Stop one's timer")
def stop(request: HttpRequest) -> HttpResponse:
    """It follows the caller no more, until he takes something or starts it again."""
    return answers.plain(_timer(timers.stop(_solver(request), at=clock.now())))


@timer.post("/beats", response={200: dict[str, Any], **FOR_WRITING}, summary="Say that one works")
def beat(request: HttpRequest, asked: InTicket) -> HttpResponse:
    """The caller works in this ticket now: the timer goes on there, or moves there where it is his work. Without one
    for three minutes it pauses."""
    person = _solver(request)
    return answers.plain(_timer(working.beat(person, _ticket(person, asked.ticket), at=clock.now())))


@timer.post("/gap", response={200: dict[str, Any], **FOR_WRITING}, summary="Say what a gap was")
def gap(request: HttpRequest, asked: GapAnswer) -> HttpResponse:
    """What the caller did between `gap_from` and `gap_until`: worked on the ticket of the timer, on another one, or had
    a break."""
    person, at = _solver(request), clock.now()
    known = timers.of(person)
    ticket: Ticket | None = None
    if asked.was == "this" and known is not None and known.ticket is not None:
        ticket = _ticket(person, known.ticket_id)
    elif asked.was == "other":
        if asked.ticket is None:
            raise WrongValue("ticket", "empty")
        ticket = _ticket(person, asked.ticket)
    working.answer_gap(person, ticket=ticket, at=at)
    return answers.plain(_timer(timers.of(person)))


@touches.get("", response={200: dict[str, Any], **FOR_READING}, summary="List periods of touch")
def listed(request: HttpRequest, ticket: str = "") -> HttpResponse:
    """When who worked in `ticket` (without it: when the caller worked in which), the newest first; at most 200."""
    person = _solver(request)
    rows = Touch.objects.filter(ticket=_ticket(person, ticket)) if ticket else Touch.objects.filter(person=person)
    found = rows.select_related("person").prefetch_related("corrections__by").order_by("-started_at", "-id")[:MOST]
    return answers.plain({"items": [_touch(one) for one in found]})


@touches.post("/{int:number}/correction", response={200: dict[str, Any], **FOR_WRITING}, summary="Correct a period")
def correct(request: HttpRequest, number: int, asked: Correction) -> HttpResponse:
    """Another start or end, with a reason; what it was is kept in `corrections`."""
    person = _solver(request)
    row = touch.get_for(person, number)
    touch.correct(
        row, started_at=asked.started_at or row.started_at, ended_at=asked.ended_at or row.ended_at,
        reason=asked.reason, by=person, at=clock.now(),
    )  # fmt: skip
    return answers.plain(_touch(touch.get_for(person, number)))


@boxes.get("", response={200: dict[str, Any], **FOR_READING}, summary="Read what the boxes are")
def set_boxes(request: HttpRequest) -> HttpResponse:
    """Where nothing is set, line 1 has 20 minutes, and the others have none."""
    _agent(request)
    rows = BoxLimit.objects.select_related("category").order_by("line", "category__slug")
    straight = Category.objects.filter(line__isnull=False).values_list("slug", "line")
    return answers.plain({"items": [_box(row) for row in rows], "straight_to": dict(straight)})


@boxes.put("", response={200: dict[str, Any], **FOR_WRITING}, summary="Set a box")
def put_box(request: HttpRequest, asked: BoxSet) -> HttpResponse:
    """For a category on a line, or for every other one on it."""
    person = _agent(request)
    demand(person, "edit catalogue")
    category = named.category(asked.category) if asked.category else None
    limits.put(asked.line, asked.minutes, asked.policy, category=category, by=person, at=clock.now())
    return set_boxes(request)


@boxes.get("/over", response={200: dict[str, Any], **FOR_READING}, summary="List what is over its box")
def over(request: HttpRequest) -> HttpResponse:
    """Now, and not decided: for the manager, and for a lead on his line and below."""
    rows = box_report.over_now(_agent(request))
    return answers.plain(
        {
            "items": [
                {"ticket": row.ticket.number, "line": row.line, "minutes": row.minutes, "extensions": row.extensions,
                 "full_at": shapes.moment(row.full_at), "over_at": shapes.moment(row.over_at)}
                for row in rows
            ]
        }
    )  # fmt: skip


@boxes.get("/figures", response={200: dict[str, Any], **FOR_READING}, summary="Read how boxes were kept")
def figures(request: HttpRequest, days: int = 30) -> HttpResponse:
    """By category and line, never by person, over the last days."""
    at = clock.now()
    rows = box_report.figures(_agent(request), at - timedelta(days=min(max(days, 1), 366)), at)
    names = ("line", "category", *box_report.COUNTED)
    return answers.plain({"items": [{name: getattr(row, name) for name in names} for row in rows]})


def _agent(request: HttpRequest) -> Person:
    person = caller(request).person
    if not person.is_agent:
        raise NotAllowed("desk")
    return person


def _solver(request: HttpRequest) -> Person:
    person = _agent(request)
    if not person.solves:
        raise NotAllowed("log time")
    return person


def _person(name: str) -> Person:
    return named.colleague(name)


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
        "since": shapes.moment(row.touch.started_at if row and row.touch else None),
        "gap_from": shapes.moment(row.gap_from if row else None),
        "gap_until": shapes.moment(row.gap_until if row else None),
    }


def _touch(row: Touch) -> dict[str, Any]:
    return {
        "id": row.pk, "ticket": str(row.ticket_id), "person": row.person.login, "line": row.line, "how": row.how,
        "started_at": shapes.moment(row.started_at), "ended_at": shapes.moment(row.ended_at),
        "corrections": [
            {"by": one.by.login, "at": shapes.moment(one.at), "reason": one.reason,
             "started_at": shapes.moment(one.was_started_at), "ended_at": shapes.moment(one.was_ended_at)}
            for one in row.corrections.select_related("by").all()
        ],
    }  # fmt: skip


def _box(row: BoxLimit) -> dict[str, Any]:
    slug = row.category.slug if row.category else None
    return {"line": row.line, "category": slug, "minutes": row.minutes, "policy": row.policy}

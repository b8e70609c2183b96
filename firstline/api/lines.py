"""The lines' work by API: the box of a ticket, five minutes more, return, calling in; what the boxes are and how they
were kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body as Given
from pydantic import Field

from firstline.api import answers, bodies, named, schemas
from firstline.api import lines_shapes as shapes
from firstline.api.answers import on_ticket
from firstline.api.auth import agent
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.shapes import moment
from firstline.contracts import catalogue
from firstline.contracts.models import Category
from firstline.lib import clock
from firstline.lines import box, box_report, box_watch, limits
from firstline.lines.box_models import BoxLimit
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import handover, queries, swarm
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import demand as demand_on
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.worklog import touch

verbs = Router(tags=["Verbs"])
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


class BoxSet(Body):
    """`minutes` 0: no box; null: nothing of its own any more. Without `category` it holds for every other."""

    line: bodies.SupportLine
    category: bodies.Slug | None = None
    minutes: int | None = Field(None, strict=True, ge=0, le=1440)
    policy: Literal["remind", "tell_lead", "hand_over"] = "remind"


class Begins(Body):
    line: bodies.SupportLine | None


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
        return swarm.invite(ticket, named.colleague(asked.person, "person"), why=asked.why, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.post("/{number}/leaving", response=TICKET, summary="Work along no more")
def leave(request: HttpRequest, number: str, asked: Leaving | None = NO_BODY) -> HttpResponse:
    """The caller, or whom he called in."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand_on(by, "invite", ticket)
        who = named.colleague(asked.person, "person") if asked is not None and asked.person else by
        return swarm.leave(ticket, who, by=by, at=at)

    return on_ticket(request, number, deed)


@verbs.get("/{number}/box", response={200: shapes.BoxOfTicket, **FOR_READING}, summary="Read the box of the line")
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """What is set, how long the caller and whoever worked longest worked, `state`: none, calm, hint, full, over; who
    works along."""
    person, at = agent(request, "desk"), clock.now()
    ticket = queries.get_for(person, number)
    reading = box_watch.read(ticket, at, person=person)
    full_at = reading.marks.full_at
    return answers.plain(
        {
            "line": ticket.line, "minutes": reading.limit.minutes, "policy": reading.limit.policy.value,
            "extensions": reading.marks.extensions, "state": reading.state.value,
            "touched_seconds": int(reading.touched.total_seconds()), "own_seconds": int(reading.own.total_seconds()),
            "full_at": moment(full_at), "decide_until": moment(full_at + box.GRACE if full_at else None),
            "works_along": [one.person.login for one in swarm.members(ticket)],
            "to_log_minutes": touch.proposal(person, ticket, at),
        }
    )  # fmt: skip


@boxes.get("", response={200: shapes.Boxes, **FOR_READING}, summary="Read what the boxes are")
def set_boxes(request: HttpRequest) -> HttpResponse:
    """Where nothing is set, line 1 has 20 minutes, and the others have none."""
    agent(request, "desk")
    rows = BoxLimit.objects.select_related("category").order_by("line", "category__slug")
    straight = Category.objects.filter(line__isnull=False).values_list("slug", "line")
    return answers.plain({"items": [_box(row) for row in rows], "straight_to": dict(straight)})


@boxes.put("", response={200: shapes.Boxes, **FOR_WRITING}, summary="Set a box")
def put_box(request: HttpRequest, asked: BoxSet) -> HttpResponse:
    """For a category on a line, or for every other one on it."""
    person = agent(request, "desk")
    demand(person, "edit catalogue")
    category = named.category(asked.category) if asked.category else None
    limits.put(asked.line, asked.minutes, asked.policy, category=category, by=person, at=clock.now())
    return set_boxes(request)


@boxes.put("/straight-to/{category}", response={200: shapes.Boxes, **FOR_WRITING}, summary="Send a category to a line")
def put_straight(request: HttpRequest, category: str, asked: Begins) -> HttpResponse:
    """Its tickets begin on that line; null: where those of the service do."""
    person = agent(request, "desk")
    catalogue.begin_on(_category(category), asked.line, by=person, at=clock.now())
    return set_boxes(request)


@boxes.get("/over", response={200: shapes.AllOverTheirBox, **FOR_READING}, summary="List what is over its box")
def over(request: HttpRequest) -> HttpResponse:
    """Now, and not decided: for the manager, and for a lead on his line and below."""
    rows = box_report.over_now(agent(request, "desk"))
    return answers.plain(
        {
            "items": [
                {"ticket": row.ticket.number, "line": row.line, "minutes": row.minutes, "extensions": row.extensions,
                 "full_at": moment(row.full_at), "over_at": moment(row.over_at)}
                for row in rows
            ]
        }
    )  # fmt: skip


@boxes.get("/figures", response={200: shapes.HowBoxesWereKept, **FOR_READING}, summary="Read how boxes were kept")
def figures(request: HttpRequest, days: int = 30) -> HttpResponse:
    """By category and line, never by person, over the last days."""
    at = clock.now()
    rows = box_report.figures(agent(request, "desk"), at - timedelta(days=min(max(days, 1), 366)), at)
    names = ("line", "category", *box_report.COUNTED)
    return answers.plain({"items": [{name: getattr(row, name) for name in names} for row in rows]})


def _category(slug: str) -> Category:
    try:
        return named.category(slug.replace("\x00", ""))
    except WrongValue as unknown:
        raise NotThere(slug) from unknown


def _box(row: BoxLimit) -> dict[str, Any]:
    slug = row.category.slug if row.category else None
    return {"line": row.line, "category": slug, "minutes": row.minutes, "policy": row.policy}

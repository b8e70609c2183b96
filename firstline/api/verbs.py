"""The verbs: `POST /tickets/{number}/…`, each one call of the domain, each answering the ticket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body

from firstline.api import bodies, named, schemas
from firstline.api.answers import on_ticket
from firstline.api.outcomes import FOR_WRITING
from firstline.intake.channels import uploaded, values
from firstline.knowledge import solutions
from firstline.people import permissions
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.sla import breaches, visits
from firstline.tickets import (
    assignment,
    conversation,
    handover,
    lifecycle,
    progress,
    queries,
    ratings,
    relations,
    remote_sessions,
    sending,
    undoing,
)
from firstline.tickets.models import Channel, LinkKind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.worklog import entries

router = Router(tags=["Verbs"])
NO_BODY: Any = Body(None)
TICKET = {200: schemas.Ticket, **FOR_WRITING}


@router.post("/{number}/take", response=TICKET, summary="Take")
def take(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """In progress, and the caller's."""
    return on_ticket(request, number, lambda ticket, by, at, seen: lifecycle.take(ticket, by=by, at=at, seen=seen))


@router.post("/{number}/assignment", response=TICKET, summary="Assign")
def assign(request: HttpRequest, number: str, asked: bodies.Assignment) -> HttpResponse:
    """To a person, or to a team's queue."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        if not by.is_agent:  # before any name is looked up: the client's side must not learn which logins exist
            raise NotAllowed("assign others")
        assignee = named.colleague(asked.assignee) if asked.assignee else None
        team = named.team(asked.team) if asked.team else None
        return assignment.assign(ticket, by=by, at=at, assignee=assignee, team=team, seen=seen)

    return on_ticket(request, number, deed)


@router.post("/{number}/hand-over", response=TICKET, summary="Hand over")
def hand_over(request: HttpRequest, number: str, asked: bodies.HandOver) -> HttpResponse:
    """To another line, up or down, with the card."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        demand(by, "hand over", ticket)
        return handover.hand_over(
            ticket, to_line=asked.to_line, symptom=asked.symptom, tried=asked.tried, impact=asked.impact,
            reason=asked.reason, articles=asked.articles, by=by, at=at, seen=seen,
            team=named.team(asked.team) if asked.team else None, to=named.colleague(asked.to) if asked.to else None,
        )  # fmt: skip

    return on_ticket(request, number, deed)


@router.post("/{number}/wait", response=TICKET, summary="Wait for client or vendor")
def wait(request: HttpRequest, number: str, asked: bodies.Wait) -> HttpResponse:
    """`reason` is what is waited for; the client reads it where he is the one."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: lifecycle.wait(
            ticket, on=asked.for_, reason=asked.reason, pause=asked.pause, by=by, at=at, seen=seen
        ),
    )  # fmt: skip


@router.post("/{number}/hold", response=TICKET, summary="Put on hold")
def hold(request: HttpRequest, number: str, asked: bodies.Hold) -> HttpResponse:
    """Until a moment ahead; then it resumes by itself."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: lifecycle.hold(
            ticket, until=asked.until, reason=asked.reason, pause=asked.pause, by=by, at=at, seen=seen
        ),
    )  # fmt: skip


@router.post("/{number}/resume", response=TICKET, summary="Resume")
def resume(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Back to work from waiting or hold."""
    return on_ticket(request, number, lambda ticket, by, at, seen: lifecycle.resume(ticket, by=by, at=at))


@router.post("/{number}/undo", response=TICKET, summary="Undo one's last deed")
def undo(request: HttpRequest, number: str, asked: bodies.Undo) -> HttpResponse:
    """Taken, assigned, handed over, changed, set to waiting, put on hold, merged: undone by another event, as long as
    nobody has gone on from there (409)."""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: undoing.undo(ticket, event=asked.event, by=by, at=at)
    )


@router.post("/{number}/resolution", response=TICKET, summary="Resolve")
def resolve(request: HttpRequest, number: str, asked: bodies.Resolution) -> HttpResponse:
    """`how` goes to the requester, who is asked to confirm; `article` is the slug of what helped."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        try:
            return solutions.resolve_with(
                ticket,
                how=asked.how,
                remote=asked.remote,
                article_slug=asked.article or None,
                minutes=asked.minutes or 0,
                by=by,
                at=at,
                seen=seen,
            )
        except NotThere as unknown:
            raise WrongValue("article", named.UNKNOWN) from unknown

    return on_ticket(request, number, deed)


@router.post("/{number}/calls", response=TICKET, summary="Log a call")
def call(request: HttpRequest, number: str, asked: bodies.Call) -> HttpResponse:
    """With the requester: it counts as a response. `seconds` is how long it was."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: conversation.call(ticket, asked.text, by=by, at=at, seconds=asked.seconds),
    )  # fmt: skip


@router.post("/{number}/workaround", response=TICKET, summary="Give a workaround")
def give_workaround(request: HttpRequest, number: str, asked: bodies.Workaround) -> HttpResponse:
    """`how` goes to the requester; the ticket stays open, its workaround clock is kept."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: progress.give_workaround(ticket, how=asked.how, by=by, at=at, seen=seen),
    )  # fmt: skip


@router.post("/{number}/arrival", response=TICKET, summary="Record an arrival on site")
def arrive(request: HttpRequest, number: str, asked: bodies.Arrival | None = NO_BODY) -> HttpResponse:
    """Somebody of the desk is there: now, or `since` an earlier moment of the ticket's life."""
    since = asked.since if asked else None
    return on_ticket(request, number, lambda ticket, by, at, seen: progress.arrive(ticket, by=by, at=at, since=since))


@router.post("/{number}/no-visit", response=TICKET, summary="End the clock of a visit")
def no_visit(request: HttpRequest, number: str, asked: bodies.Why) -> HttpResponse:
    """Nobody has to come on site: the clock ends without a verdict, and the history says why."""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: visits.not_needed(ticket, why=asked.why, by=by, at=at, seen=seen)
    )


@router.post("/{number}/excuse", response=TICKET, summary="Excuse a breach")
def excuse(request: HttpRequest, number: str, asked: bodies.Excuse) -> HttpResponse:
    """A recorded breach is not held against us; its verdict stays. Without `since` the newest broken time."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        permissions.demand(by, "excuse breaches")
        rows = ticket.clocks.filter(metric=asked.metric, recorded_at__isnull=False)
        if asked.since is not None:
            rows = rows.filter(opened_by=asked.since)
        row = rows.order_by("-started_at").first()
        if row is None:
            raise WrongValue("metric", "not broken")
        return breaches.excuse(ticket, row, reason=asked.reason, by=by, at=at)

    return on_ticket(request, number, deed)


@router.post("/{number}/confirmation", response=TICKET, summary="Confirm")
def confirm(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """The client's side says that it is solved: closed."""
    return on_ticket(request, number, lambda ticket, by, at, seen: lifecycle.confirm(ticket, by=by, at=at, seen=seen))


@router.post("/{number}/reopening", response=TICKET, summary="Reopen")
def reopen(request: HttpRequest, number: str, asked: bodies.Why) -> HttpResponse:
    """The client's side says that it is not."""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: lifecycle.reopen(ticket, why=asked.why, by=by, at=at, seen=seen)
    )


@router.post("/{number}/cancellation", response=TICKET, summary="Cancel")
def cancel(request: HttpRequest, number: str, asked: bodies.Why) -> HttpResponse:
    """Not to be done."""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: lifecycle.cancel(ticket, why=asked.why, by=by, at=at, seen=seen)
    )


@router.post("/{number}/rating", response=TICKET, summary="Rate")
def rate(request: HttpRequest, number: str, asked: bodies.Rating) -> HttpResponse:
    """How content the client's side is, from 1 (bad) to 5 (excellent), with what was solved."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: ratings.rate(
            ticket, score=asked.score, comment=asked.comment, by=by, at=at, seen=seen
        ),
    )  # fmt: skip


@router.post("/{number}/link", response=TICKET, summary="Link")
def link(request: HttpRequest, number: str, asked: bodies.LinkTo) -> HttpResponse:
    """The ticket is the `kind` of the other: its duplicate, its parent, its child, a follow-up of it; with `gates` the
    parent is not solved before the child."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        try:
            other = queries.get_for(by, asked.to)
        except NotThere as unknown:
            raise WrongValue("to", named.UNKNOWN) from unknown
        return relations.link(ticket, other, LinkKind(asked.kind), by=by, at=at, gates=asked.gates)

    return on_ticket(request, number, deed)


@router.post("/{number}/link-removal", response=TICKET, summary="Take a link away")
def unlink(request: HttpRequest, number: str, asked: bodies.NoLinkTo) -> HttpResponse:
    """The ticket is the `kind` of the other no more. What is left of a merge is taken apart by `separation`."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        try:
            other = queries.get_for(by, asked.to)
        except NotThere as unknown:
            raise WrongValue("to", named.UNKNOWN) from unknown
        return relations.unlink(ticket, other, LinkKind(asked.kind), by=by, at=at)

    return on_ticket(request, number, deed)


@router.post("/{number}/messages", response=TICKET, summary="Say something")
def say(request: HttpRequest, number: str, asked: bodies.NewMessage) -> HttpResponse:
    """The desk answers (`public`) or leaves an internal note; the client's side replies. A reply to what is closed for
    good makes a new ticket that follows up, and that one is answered. `send_in` seconds an answer of the desk can be
    taken back (/outgoing); without it, it goes at once."""

    def deed(ticket: Ticket, by: Person, at: datetime, seen: int | None) -> Ticket:
        files = values.files_of(uploaded.kept_of(asked.files, by=by))
        words = Words(text=asked.body, files=files)
        if by.is_agent and asked.public and asked.send_in:
            wait = timedelta(seconds=asked.send_in)
            return sending.put_off(
                by, ticket, asked.body, how="public", wait=wait, files=files, at=at, seen=seen
            ).ticket
        if by.is_agent and asked.public:
            return conversation.answer(ticket, words, by=by, at=at, channel=Channel.API, seen=seen)
        if by.is_agent:
            return conversation.note(ticket, words, by=by, at=at, seen=seen)
        if not asked.public:
            raise NotAllowed("note")
        return conversation.reply(ticket, words, by=by, at=at, channel=Channel.API, seen=seen)

    return on_ticket(request, number, deed)


@router.post("/{number}/worklogs", response=TICKET, summary="Log time")
def log_time(request: HttpRequest, number: str, asked: bodies.Worklog) -> HttpResponse:
    """Whole minutes, at most a day at once."""
    return on_ticket(
        request, number,
        lambda ticket, by, at, seen: entries.log_time(
            ticket, minutes=asked.minutes, kind=asked.kind, note=asked.note, by=by, at=at
        ),
    )  # fmt: skip


@router.post("/{number}/remote-sessions", response=TICKET, summary="Begin a remote session")
def begin_session(request: HttpRequest, number: str, asked: bodies.RemoteSession) -> HttpResponse:
    """By a program whose number stands at the ticket's equipment; the caller's earlier session on this ticket ends."""
    return on_ticket(
        request, number, lambda ticket, by, at, seen: remote_sessions.start(ticket, asked.program, by=by, at=at)
    )


@router.post("/{number}/remote-sessions/end", response=TICKET, summary="End the remote session")
def end_session(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """That the caller has begun: the timeline says how long it was."""
    return on_ticket(request, number, lambda ticket, by, at, seen: remote_sessions.end(ticket, by=by, at=at))

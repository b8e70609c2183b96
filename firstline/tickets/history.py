"""The one place where a ticket's history is written: every verb ends in `record`.

`record` adds the event, moves the ticket's version, leaves an audit row, runs the reactions and saves the ticket, all
in the caller's transaction. Reactions may record events themselves (they settle:
tests/tickets/test_reactions_settle.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from firstline.audit import trail
from firstline.lib import failpoints, left, one_row
from firstline.people.models import Person
from firstline.tickets import statuses
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import ChangedSince, WrongStatus

Reaction = Callable[[Event], None]
_reactions: Sequence[Reaction] = ()


_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """What is recorded inside is history from elsewhere (an import, the demo): clocks follow it, nobody is told."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


_cause: ContextVar[dict[str, Any]] = ContextVar("cause", default={})  # noqa: B039 - read only


@contextmanager
def because(**facts: Any) -> Iterator[None]:
    """What a person does inside has a cause beside him (a macro that he ran): each of his events says it."""
    token = _cause.set(facts)
    try:
        yield
    finally:
        _cause.reset(token)


def is_quiet() -> bool:
    """Whether nobody is to be told of what is recorded now: asked by the reactions that tell."""
    return _quiet.get()


def react_with(reactions: Sequence[Reaction]) -> None:
    """Called once, at start, with THE list (firstline.reactions)."""
    global _reactions
    _reactions = reactions


def locked(
    ticket: Ticket, *, deed: str = "", verb: str = "", by: Person | None = None, seen: int | None = None
) -> Ticket:
    """The ticket as it is now, held until the transaction ends. Must be called inside one.

    `deed`: raises NotAllowed where it is not for `by`, before anything else is said. `seen`: the version that he looked
    at; raises ChangedSince where others added something since that he can see. `verb`: raises WrongStatus where the
    status does not allow it.
    """
    fresh = Ticket.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Ticket.objects
    held = fresh.get(pk=ticket.pk)
    if deed:
        demand(by, deed, held)
    if seen is not None and seen < held.version:
        others = Event.objects.filter(ticket=held, id__gt=seen).exclude(kind__in=QUIET)
        if by is not None:
            others = others.exclude(by=by) if by.is_agent else others.exclude(by=by).filter(public=True)
        if newer := list(others.select_related("by", "message")[:20]):
            raise ChangedSince(held, newer)
    if verb and not statuses.allows(verb, held.status):
        raise WrongStatus(verb, held.status)
    return held


def locked_together(numbers: Iterable[int]) -> dict[int, Ticket]:
    """Several tickets as they are now, held until the transaction ends, by their numbers and in their order."""
    fresh = Ticket.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Ticket.objects
    return {ticket.pk: ticket for ticket in fresh.filter(pk__in=set(numbers)).order_by("pk")}


# Events of the program itself that never make a person's word out of date.
QUIET = (
    Kind.SLA_WARNING, Kind.SLA_BREACH, Kind.SLA_EXCUSED, Kind.INNER_TERM, Kind.RULED, Kind.TROUBLE, Kind.WORKED,
    Kind.ACCEPTED, Kind.BOX_HINT, Kind.BOX_FULL, Kind.BOX_OVER, Kind.ESCALATED, Kind.ACKNOWLEDGED,
    Kind.REMOTE_STARTED, Kind.REMOTE_ENDED, Kind.TICKED, Kind.UNTICKED,
)  # fmt: skip


def whose(held: Ticket) -> dict[str, Any]:
    """Whose a ticket is, as an event keeps it before somebody else gets it: `undoing` reads it."""
    return {
        "assignee": held.assignee.login if held.assignee else None,
        "team": held.team.slug if held.team else None,
        "line": held.line,
        "contact": held.contact_owner.login if held.contact_owner else None,
    }


FOLLOWING = ("version", "updated_at", "is_open", "due_at", "queue_at")
SAID_BY_CLOCKS = frozenset({Kind.SLA_WARNING, Kind.SLA_BREACH, Kind.INNER_TERM, Kind.ESCALATED})
# Events beside which no verb changes the ticket: it has just been opened, and is in its row already, or a clock spoke.
CHANGES_NOTHING_ELSE = SAID_BY_CLOCKS | {Kind.CREATED}


def record(
    ticket: Ticket,
    kind: Kind,
    /,  # so that an event's data may have a `kind` of its own (the work entry's has)
    *,
    by: Person | None,
    at: datetime,
    learnt_at: datetime | None = None,
    public: bool = False,
    then: Callable[[Event], None] | None = None,
    **data: Any,
) -> Event:
    """Adds one event to a ticket whose changed fields the verb has set, and saves both.

    `at` is when it happened, `learnt_at` when we learnt it (the same, if not given). `then` adds what belongs to the
    event (its message, its work entry) before the reactions see it. The ticket's row is written once, after the
    reactions, which may set its place in the queue: they read the ticket that the event carries, not its row.
    """
    if is_quiet():
        data["elsewhere"] = True  # it happened elsewhere: no item of our journal stands behind it
    if by is not None:
        data |= _cause.get()
    with left.together():
        event = one_row.add(
            Event(ticket=ticket, kind=kind, by=by, happened_at=at, learnt_at=learnt_at or at, public=public, data=data)
        )
        ticket.version = event.pk
        ticket.updated_at = event.learnt_at
        ticket.is_open = ticket.status in statuses.OPEN
        trail.note(
            at=event.learnt_at,
            actor=by.actor if by else "system",
            action=kind.value,
            target=f"ticket:{ticket.pk}",
            event=event.pk,
        )
        if then is not None:
            then(event)
        event.ticket = ticket
        for reaction in _reactions:
            reaction(event)
        if kind in CHANGES_NOTHING_ELSE:
            one_row.change(ticket, FOLLOWING)
        else:
            ticket.save()
    failpoints.reach("web.before_commit")
    return event


def trouble(ticket: Ticket, *, at: datetime, what: str, error: str) -> None:
    """Something that an administrator wrote (rule, template) failed: said on the ticket, the request goes on."""
    with transaction.atomic():
        record(ticket, Kind.TROUBLE, by=None, at=at, what=what, error=error[:500])

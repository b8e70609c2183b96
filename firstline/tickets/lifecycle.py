"""The verbs that move a ticket's status (product.md, "Which verb from which status"): one transaction, one event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from firstline.calendars import working_days
from firstline.people.models import Person
from firstline.tickets import checklist, gates, pausing, statuses
from firstline.tickets.history import locked, record, whose
from firstline.tickets.models import Event, Kind, Status, Ticket
from firstline.tickets.refusals import WrongStatus, WrongValue

UNANSWERED = "unanswered"  # why a ticket was closed whose client did not answer
# Beyond it a year was mistyped; and near the last year that there is, no page could say the moment in another zone.
LONGEST_HOLD = timedelta(days=10 * 366)


def take(
    ticket: Ticket, *, by: Person, at: datetime, learnt_at: datetime | None = None, seen: int | None = None
) -> Ticket:
    """In progress, assignee = me."""
    with transaction.atomic():
        held = locked(ticket, deed="take", verb="take", by=by, seen=seen)
        before, was = held.assignee_id, whose(held)
        held.assignee, held.status, held.hold_until = by, Status.IN_PROGRESS, None
        if by.team and by.team.line == held.line:  # who helps out from another line takes it there, its queue keeps it
            held.team = by.team
        record(
            held,
            Kind.TAKEN,
            by=by,
            at=at,
            learnt_at=learnt_at,
            public=True,
            assignee=by.login,
            before=before,
            line=held.line,
            team=held.team.slug if held.team else None,
            was=was,
        )
        return held


def wait(
    ticket: Ticket,
    *,
    on: str,
    reason: str,
    by: Person,
    at: datetime,
    pause: str = "",
    learnt_at: datetime | None = None,
    seen: int | None = None,
) -> Ticket:
    """Waiting for "client" or "vendor"; the reason is what is waited for, in words, `pause` one of the contract's list
    (its slug), which says whose time it is, and with an empty `on` whom to wait for."""
    if on not in {"client", "vendor"} and not (pause and not on):
        raise WrongValue("for", "client or vendor")
    with transaction.atomic():
        held = locked(ticket, deed="wait", verb="wait", by=by, seen=seen)
        on = on or pausing.whom_to_wait_for(held, pause)
        held.status = Status.WAITING_FOR_CLIENT if on == "client" else Status.WAITING_FOR_VENDOR
        what: dict[str, Any] = {"for": on} | pausing.said(held, status=held.status, pause=pause, words=reason, at=at)
        record(held, Kind.WAITING, by=by, at=at, learnt_at=learnt_at, public=on == "client", **what)
        return held


def hold(
    ticket: Ticket, *, until: datetime, reason: str, by: Person, at: datetime, pause: str = "", seen: int | None = None
) -> Ticket:
    """On hold until a moment ahead; then it resumes by itself. `pause` as in `wait`."""
    if until <= at:
        raise WrongValue("until", "in the past")
    if until - at > LONGEST_HOLD:
        raise WrongValue("until", "a moment")
    with transaction.atomic():
        held = locked(ticket, deed="hold", verb="hold", by=by, seen=seen)
        held.status, held.hold_until = Status.ON_HOLD, until
        why = pausing.said(held, status=held.status, pause=pause, words=reason, at=at)
        record(held, Kind.HELD, by=by, at=at, public=True, until=until.isoformat(), **why)
        return held


def resume(
    ticket: Ticket, *, by: Person | None, at: datetime, learnt_at: datetime | None = None, why: str = ""
) -> Ticket:
    """Back to work, by a person, or by time (`by` None)."""
    with transaction.atomic():
        held = locked(ticket, deed="resume", verb="resume", by=by)
        _resume(held, by=by, at=at, learnt_at=learnt_at, why=why)
        return held


def resume_by_vendor(held: Ticket, *, at: datetime, learnt_at: datetime | None) -> None:
    """The vendor said something, or is needed no more. Called by vendor_requests in its transaction."""
    _resume(held, by=None, at=at, learnt_at=learnt_at, why="vendor")


def resume_by_answer(held: Ticket, *, by: Person, at: datetime, learnt_at: datetime | None) -> None:
    """The requester answered: part of `conversation.reply`, on a ticket that it holds."""
    _resume(held, by=by, at=at, learnt_at=learnt_at, why="answer")


def resolve(
    ticket: Ticket,
    *,
    how: str,
    remote: bool,
    by: Person,
    at: datetime,
    article: str | None = None,
    learnt_at: datetime | None = None,
    seen: int | None = None,
) -> tuple[Ticket, Event]:
    """Solved: how (the requester reads it), remotely or not, by which article. Asks the requester to confirm. Raises
    WrongValue where children that gate it are open, or an item of the checklist that must be ticked is not."""
    with transaction.atomic():
        held = locked(ticket, deed="resolve", verb="resolution", by=by, seen=seen)
        gates.demand_open(held)
        checklist.demand_ticked(held)
        if held.assignee_id is None:
            held.assignee = by
        held.status, held.resolved_at, held.hold_until, held.closed_at = Status.RESOLVED, at, None, None
        held.window_ends_at = _window_end(held, at)
        event = record(
            held, Kind.RESOLVED, by=by, at=at, learnt_at=learnt_at, public=True,
            how=_words("how", how), remote=remote, article=article, line=held.line, by_line=by.line,
        )  # fmt: skip
        return held, event


def confirm(ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """The client's side says that it is solved: closed."""
    with transaction.atomic():
        held = locked(ticket, deed="confirm", verb="confirmation", by=by, seen=seen)
        held.status, held.closed_at = Status.CLOSED, at
        record(held, Kind.CONFIRMED, by=by, at=at, public=True)
        return held


def close(ticket: Ticket, *, at: datetime, learnt_at: datetime | None = None) -> Ticket:
    """The window is over and nobody objected: closed by itself."""
    with transaction.atomic():
        held = locked(ticket, verb="closing")
        held.status, held.closed_at = Status.CLOSED, at
        record(held, Kind.CLOSED, by=None, at=at, learnt_at=learnt_at, public=True)
        return held


def close_unanswered(ticket: Ticket, *, at: datetime) -> Ticket:
    """The client was reminded and warned, and did not answer: closed by itself. An answer within the window reopens."""
    with transaction.atomic():
        held = locked(ticket, verb="closing unanswered")
        held.status, held.closed_at = Status.CLOSED, at
        held.window_ends_at = _window_end(held, at)
        record(held, Kind.CLOSED, by=None, at=at, public=True, why=UNANSWERED)
        return held


def reopen(ticket: Ticket, *, why: str, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """Not solved after all. Raises WrongStatus where it was closed for longer than the window."""
    with transaction.atomic():
        held = locked(ticket, deed="reopen", verb="reopening", by=by, seen=seen)
        if held.status == statuses.CLOSED and not in_window(held, at):
            raise WrongStatus("reopening", held.status)
        _reopen(held, by=by, at=at, learnt_at=None, why=_words("why", why))
        return held


def reopen_by_answer(held: Ticket, *, by: Person, at: datetime, learnt_at: datetime | None) -> None:
    """The requester wrote on a solved ticket: part of `conversation.reply`, on a ticket that it holds."""
    _reopen(held, by=by, at=at, learnt_at=learnt_at, why="")


def cancel(ticket: Ticket, *, why: str, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """Not to be done."""
    with transaction.atomic():
        held = locked(ticket, deed="cancel", verb="cancellation", by=by, seen=seen)
        held.status, held.closed_at, held.hold_until = Status.CANCELLED, at, None
        record(held, Kind.CANCELLED, by=by, at=at, public=True, why=_words("why", why))
        return held


def in_window(ticket: Ticket, at: datetime) -> bool:
    """Whether an answer still reopens (product.md: N working days from *resolved*)."""
    return ticket.window_ends_at is not None and at <= ticket.window_ends_at


def _resume(held: Ticket, *, by: Person | None, at: datetime, learnt_at: datetime | None, why: str) -> None:
    was = held.status
    held.status, held.hold_until = Status.IN_PROGRESS, None
    record(held, Kind.RESUMED, by=by, at=at, learnt_at=learnt_at, public=True, why=why, was=was)


def _reopen(held: Ticket, *, by: Person, at: datetime, learnt_at: datetime | None, why: str) -> None:
    was = held.status
    held.status = Status.IN_PROGRESS
    held.resolved_at = held.closed_at = held.window_ends_at = None
    record(held, Kind.REOPENED, by=by, at=at, learnt_at=learnt_at, public=True, why=why, was=was)


def _window_end(held: Ticket, at: datetime) -> datetime:
    calendar = held.contract.calendar if held.contract else None
    return working_days.after(at, days=settings.FIRSTLINE_REOPEN_DAYS, calendar=calendar)


def _words(field: str, given: str) -> str:
    words = given.replace("\x00", "").strip()
    if not words:
        raise WrongValue(field, "empty")
    return words[:5000]

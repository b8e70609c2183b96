"""Giving a ticket to somebody, or to a team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person, Team
from firstline.tickets import queries
from firstline.tickets.history import locked, record, whose
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.permissions import NotAllowed, lines_directed
from firstline.tickets.refusals import WrongValue


def assign(
    ticket: Ticket,
    *,
    by: Person,
    at: datetime,
    assignee: Person | None = None,
    team: Team | None = None,
    seen: int | None = None,
) -> Ticket:
    """The status is kept. To a person (who must solve tickets and see this one) or to a team's queue.

    Raises NotAllowed where `by` does not direct the line that it would go to.
    """
    if (assignee is None) == (team is None):
        raise WrongValue("assignee", "one of assignee and team")
    with transaction.atomic():
        own = assignee is not None and assignee.pk == by.pk
        held = locked(ticket, deed="take" if own else "assign others", verb="assignment", by=by, seen=seen)
        if assignee is not None and not (assignee.is_active and assignee.solves):
            raise WrongValue("assignee", "not somebody who solves tickets")
        if assignee is not None and not queries.sees(assignee, held):
            raise WrongValue("assignee", "does not see tickets of this client")
        queue = team or (assignee.team if assignee else None)
        if queue is not None and queue.line != held.line and not own and queue.line not in lines_directed(by):
            raise NotAllowed("assign others")  # across lines it is handed over, with the card
        was = whose(held)
        held.assignee = assignee
        if queue is not None and (queue.line == held.line or not own):
            held.team, held.line = queue, queue.line
        record(
            held, Kind.ASSIGNED, by=by, at=at,
            assignee=assignee.login if assignee else None, before=was["assignee"],
            team=held.team.slug if held.team else None, line=held.line, was=was,
        )  # fmt: skip
        return held

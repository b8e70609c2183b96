"""Logging time on a ticket."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets.history import is_quiet, locked, record
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongValue
from firstline.worklog import touch
from firstline.worklog.models import Entry, WorkKind

LONGEST_MINUTES = 24 * 60


def log_time(ticket: Ticket, *, minutes: int, kind: str, by: Person, at: datetime, note: str = "") -> Ticket:
    """Whole minutes, at most a day at once. Any status: work may be written down after the fact."""
    if kind not in WorkKind.values:
        raise WrongValue("kind", f"one of {', '.join(WorkKind.values)}")
    if not 0 < minutes <= LONGEST_MINUTES:
        raise WrongValue("minutes", f"1 to {LONGEST_MINUTES}")
    with transaction.atomic():
        held = locked(ticket, deed="log time", by=by)

        def with_entry(event: Event) -> None:
            Entry.objects.create(
                event=event, ticket=held, person=by, kind=kind, minutes=minutes,
                line=held.line, note=note.strip(), at=at,
            )  # fmt: skip

        if kind in touch.IN_THE_TICKET and not is_quiet():
            touch.add_logged(by, held, minutes=minutes, before=touch.proposal(by, held, at), at=at)
        record(held, Kind.WORKED, by=by, at=at, then=with_entry, minutes=minutes, kind=kind, note=note.strip())
        return held

"""What a person did last to a ticket is undone by another event: nothing is taken out of the history.

Only what nobody has gone on from: the deed must be the newest that a person did. What a letter told somebody (resolved,
cancelled, answered) is not undone but answered: reopen, write again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.contracts.models import Category, Service
from firstline.people.models import Client, Person, Team
from firstline.tickets import lifecycle, merging, properties
from firstline.tickets.history import QUIET, locked, record
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongStatus

# A property whose value stands in the history as a slug or a login.
NAMED: dict[str, tuple[Any, str]] = {
    "service": (Service, "slug"),
    "category": (Category, "slug"),
    "client": (Client, "slug"),
    "requester": (Person, "login"),
}


def undo(ticket: Ticket, *, event: int, by: Person, at: datetime) -> Ticket:
    """Undoes the person's last deed, which must not be newer than `event` (the version that he was shown after it).

    Raises WrongStatus where another's deed is the last one, a newer one came, or it is of a kind that is not undone.
    """
    with transaction.atomic():
        held = locked(ticket, deed="note", by=by)
        last = Event.objects.filter(ticket=held).exclude(kind__in=QUIET).order_by("-id").first()
        inverse = INVERSES.get(last.kind) if last else None
        if last is None or inverse is None or last.pk > event or last.by_id != by.pk:
            raise WrongStatus("undo", held.status)
        return inverse(held, last, by, at)


def _give_back(held: Ticket, last: Event, by: Person, at: datetime) -> Ticket:
    """Taken, assigned, handed over: it is again whose it was, where it was. A pause that ended then stays ended."""
    was = last.data.get("was")
    if not was:
        raise WrongStatus("undo", held.status)
    held.assignee = Person.objects.filter(login=was["assignee"]).first() if was["assignee"] else None
    held.team = Team.objects.filter(slug=was["team"]).first() if was["team"] else None
    held.line = was["line"]
    held.contact_owner = Person.objects.filter(login=was["contact"]).first() if was["contact"] else None
    record(
        held, Kind.ASSIGNED, by=by, at=at,
        assignee=was["assignee"], before=last.data.get("assignee"), team=was["team"], line=held.line,
        contact=was["contact"], undoes=last.pk,
    )  # fmt: skip
    return held


def _change_back(held: Ticket, last: Event, by: Person, at: datetime) -> Ticket:
    changed = last.data["changed"]
    before = {name: _value(name, step["from"]) for name, step in changed.items() if name != "contract"}
    return properties.change(held, by=by, at=at, **before)


def _value(name: str, plain: Any) -> Any:
    if name not in NAMED or plain is None:
        return plain
    model, key = NAMED[name]
    return model.objects.filter(**{key: plain}).first()


def _go_on(held: Ticket, last: Event, by: Person, at: datetime) -> Ticket:
    return lifecycle.resume(held, by=by, at=at)


def _part(held: Ticket, last: Event, by: Person, at: datetime) -> Ticket:
    return merging.unmerge(held, by=by, at=at)


INVERSES: dict[str, Callable[[Ticket, Event, Person, datetime], Ticket]] = {
    Kind.TAKEN: _give_back,
    Kind.ASSIGNED: _give_back,
    Kind.HANDED_OVER: _give_back,
    Kind.RETURNED: _give_back,
    Kind.CHANGED: _change_back,
    Kind.WAITING: _go_on,
    Kind.HELD: _go_on,
    Kind.MERGED: _part,
}

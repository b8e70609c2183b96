"""What a person did last to a ticket is undone by another event: nothing is taken out of the history.

Only what nobody has gone on from: the deed must be the newest that a person did. What a letter told somebody (resolved,
cancelled, answered) is not undone but answered: reopen, write again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from firstline.contracts.models import Category, Service
from firstline.people.models import Client, Person, Team
from firstline.tickets import lifecycle, merging, properties, relations
from firstline.tickets.history import QUIET, locked, locked_together, record
from firstline.tickets.models import Event, Kind, LinkKind, Ticket
from firstline.tickets.refusals import WrongStatus

MOST_OF_A_RUN = 200
# A property whose value stands in the history as a slug or a login.
NAMED: dict[str, tuple[Any, str]] = {
    "service": (Service, "slug"),
    "category": (Category, "slug"),
    "client": (Client, "slug"),
    "requester": (Person, "login"),
}
# What is done with two tickets, and where the other stands.
WITH_ANOTHER: dict[str, str] = {Kind.LINKED: "to", Kind.UNLINKED: "to", Kind.MERGED: "into"}


def undo(ticket: Ticket, *, event: int, by: Person, at: datetime) -> Ticket:
    """Undoes the person's last deed, which must not be newer than `event` (the version that he was shown after it);
    where it was done by a macro, all that this run did, the last first. A note that it left stays.

    Raises WrongStatus where another's deed is the last one, a newer one came, or it is of a kind that is not undone.
    """
    with transaction.atomic():
        _hold_all(ticket)
        held = locked(ticket, deed="note", by=by)
        newest_first = _newest_first(held)
        last = newest_first.first()
        if last is None or last.pk > event or last.by_id != by.pk:
            raise WrongStatus("undo", held.status)
        run = last.data.get("macro", {}).get("run")
        deeds = _of_run(newest_first, run, held) if run else [last]
        for deed in deeds:
            if deed.kind not in INVERSES:
                raise WrongStatus("undo", held.status)
        for deed in deeds:
            held = INVERSES[deed.kind](held, deed, by, at)
        return held


def _newest_first(ticket: Ticket) -> QuerySet[Event]:
    return Event.objects.filter(ticket=ticket).exclude(kind__in=QUIET).order_by("-id")


def _hold_all(ticket: Ticket) -> None:
    """The ticket and the one that its last deed was done with, the lower number first as everybody holds them. What is
    newer by then stands in the way of undoing anyhow. No macro links or merges."""
    last = _newest_first(ticket).first()
    if last is not None and last.kind in WITH_ANOTHER:
        if last.kind != Kind.MERGED:
            relations.in_turn()
        locked_together({ticket.pk, last.data[WITH_ANOTHER[last.kind]]})


def _of_run(newest_first: QuerySet[Event], run: str, held: Ticket) -> list[Event]:
    """What one run of a macro did, the last first, without its notes. What somebody did in between stands in the
    way."""
    rows = list(newest_first[:MOST_OF_A_RUN])
    of_run = [place for place, one in enumerate(rows) if one.data.get("macro", {}).get("run") == run]
    meanwhile = [one for place, one in enumerate(rows) if place < of_run[-1] and place not in of_run]
    found = [rows[place] for place in of_run if rows[place].kind != Kind.MESSAGE or rows[place].public]
    if not found or any(one.by_id is not None for one in meanwhile):  # what is nobody's is the program's own answer
        raise WrongStatus("undo", held.status)
    return found


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


def _link_again(held: Ticket, last: Event, by: Person, at: datetime) -> Ticket:
    other, kind, outwards = _other_end(last)
    pair = (held, other) if outwards else (other, held)
    relations.link(*pair, kind, by=by, at=at, gates=last.data.get("gates", False))
    return _as_it_is(held)


def _link_as_before(held: Ticket, last: Event, by: Person, at: datetime) -> Ticket:
    """Not linked, or linked as it was where the deed only said anew whether the parent waits."""
    other, kind, outwards = _other_end(last)
    pair = (held, other) if outwards else (other, held)
    if "gates_before" in last.data:
        relations.link(*pair, kind, by=by, at=at, gates=last.data["gates_before"])
    else:
        relations.unlink(*pair, kind, by=by, at=at)
    return _as_it_is(held)


def _other_end(last: Event) -> tuple[Ticket, LinkKind, bool]:
    """The other ticket of a link, what kind it is, and whether it was said from here."""
    said, outwards = last.data["link"], last.data["link"] in LinkKind.values
    kind = LinkKind(said) if outwards else next(one for one, word in relations.INVERSE.items() if word == said)
    return Ticket.objects.get(pk=last.data["to"]), kind, outwards


def _as_it_is(held: Ticket) -> Ticket:
    return Ticket.objects.get(pk=held.pk)


INVERSES: dict[str, Callable[[Ticket, Event, Person, datetime], Ticket]] = {
    Kind.TAKEN: _give_back,
    Kind.ASSIGNED: _give_back,
    Kind.HANDED_OVER: _give_back,
    Kind.RETURNED: _give_back,
    Kind.CHANGED: _change_back,
    Kind.WAITING: _go_on,
    Kind.HELD: _go_on,
    Kind.MERGED: _part,
    Kind.LINKED: _link_as_before,
    Kind.UNLINKED: _link_again,
}

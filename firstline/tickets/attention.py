"""Who else is here: looking at the ticket, or writing; and what has happened since somebody looked.

Pages of the desk say it of themselves every half minute. Who is not heard of fades away; nothing is said of clients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from firstline.lib.asked_often import GivenMoment
from firstline.people.models import Person
from firstline.tickets import screens
from firstline.tickets.attention_models import Look
from firstline.tickets.models import Ticket

FADES = timedelta(seconds=75)  # a page that was not heard of for so long is closed
WRITES = timedelta(seconds=20)  # how long one counts as writing after the last key
MOST = 10


@dataclass(frozen=True)
class Beside:
    """Somebody else at the same ticket."""

    person: Person
    writes: bool


def look(person: Person, ticket: Ticket, *, seen: int, writes: bool | None = False, at: datetime) -> None:
    """His page shows the ticket up to the event `seen`; None of `writes` leaves that to another window of his.

    The others hear of it when he comes, begins or stops to write; not of each beat.
    """
    with transaction.atomic():
        before = Look.objects.filter(person=person, ticket=ticket).first()
        until = before.writes_until if before and writes is None else at + WRITES if writes else None
        now = Look(
            person=person, ticket=ticket, at=at, writes_until=until,
            seen=max(min(seen, ticket.version), before.seen if before else 0),
        )  # fmt: skip
        Look.objects.bulk_create(
            [now], update_conflicts=True, unique_fields=["person", "ticket"],
            update_fields=["seen", "at", "writes_until"],
        )  # fmt: skip
        if _state(before, at) != _state(now, at):
            screens.tell_who_is_beside(ticket)


def leave(person: Person, ticket: Ticket, *, at: datetime) -> None:
    """His page is closed. What he has read stays read."""
    with transaction.atomic():
        here = Look.objects.filter(person=person, ticket=ticket, at__gt=at - FADES)
        if here.update(at=at - FADES, writes_until=None):
            screens.tell_who_is_beside(ticket)


def beside(person: Person, ticket: Ticket, at: datetime) -> list[Beside]:
    """Who else looks at it, who writes first: one statement."""
    rows = Look.objects.filter(ticket=ticket, at__gt=at - FADES, person__is_active=True).exclude(person=person)
    found = [Beside(row.person, _writes(row, at)) for row in rows.select_related("person").order_by("person__name")]
    return sorted(found, key=lambda one: not one.writes)[:MOST]


def has_seen(person: Person, tickets: Iterable[int]) -> None:
    """What he just did to these himself is no news to him, where he had read them before: one statement."""
    newest = Ticket.objects.filter(pk=OuterRef("ticket")).values("version")
    Look.objects.filter(person=person, ticket__in=list(tickets)).update(seen=Subquery(newest))


def seen_by(person: Person) -> Subquery:
    """For a list of tickets: the newest event that he has seen of each, or None where he never looked."""
    return Subquery(Look.objects.filter(person=person, ticket=OuterRef("pk")).values("seen")[:1])


def written_by_another(person: Person, at: datetime | GivenMoment) -> Subquery:
    """For a list of tickets: the name of somebody else who is writing there now."""
    rows = Look.objects.filter(ticket=OuterRef("pk"), at__gt=at - FADES, writes_until__gt=at).exclude(person=person)
    return Subquery(rows.order_by("-writes_until").values("person__name")[:1])


def is_news(version: int, seen: int | None, *, is_his: bool) -> bool:
    """Whether something happened that he has not seen: since he last looked, or in what is his and he never opened."""
    return version > seen if seen is not None else is_his


def _state(row: Look | None, at: datetime) -> tuple[bool, bool]:
    return (False, False) if row is None else (row.at > at - FADES, _writes(row, at))


def _writes(row: Look, at: datetime) -> bool:
    return row.writes_until is not None and row.writes_until > at

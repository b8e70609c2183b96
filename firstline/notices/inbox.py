"""The inbox: what somebody was told and has not read, ticket by ticket; reading the ticket reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from firstline.live.publish import publish
from firstline.notices.models import Notice
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.tickets.models import Ticket

PAGE = 30
MOST_OF_ONE = 5
BATCH = 2_000


@dataclass
class Group:
    """What he was told of one ticket, newest first; `more` beyond what is named."""

    ticket: Ticket
    notices: list[Notice] = field(default_factory=list)
    unread: int = 0
    more: int = 0


@dataclass(frozen=True)
class Page:
    groups: list[Group]
    following: str


def unread_tickets(person: Person) -> QuerySet[Notice]:
    """One row for each ticket that has something unread: what the sidebar counts, within its own statement."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True, in_inbox=True)
    newer = unread.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("pk"))
    return unread.filter(~Exists(newer), queries.on_visible(person))


def unread_of(person: Person, ticket: int | Combinable) -> QuerySet[Notice]:
    """What he has not read of one ticket."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True, in_inbox=True)
    return unread.filter(ticket_id=ticket)  # type: ignore[misc]


def page(person: Person, cursor: str = "", *, everything: bool = False) -> Page:
    """A page of the inbox: tickets with something unread, or with anything that is kept; the newest first. Only of
    tickets that he may see now. Three statements."""
    mine = Notice.objects.filter(queries.on_visible(person), person=person, in_inbox=True)
    if not everything:
        mine = mine.filter(read_at__isnull=True)
    newest = mine.order_by().values("ticket").annotate(newest=Max("pk")).order_by("-newest")
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        newest = newest.filter(newest__lt=int(cursor))
    found = list(newest[: PAGE + 1])
    numbers = [row["ticket"] for row in found[:PAGE]]
    rows = mine.filter(ticket__in=numbers).select_related("event__by", "event__message").order_by("-pk")
    tickets = queries.visible_to(person).filter(pk__in=numbers).select_related("client", "requester")
    groups = {ticket.pk: Group(ticket) for ticket in tickets}
    for row in rows[: PAGE * 40]:
        group = groups.get(row.ticket_id)
        if group is not None:
            group.unread += row.read_at is None
            if len(group.notices) < MOST_OF_ONE:
                group.notices.append(row)
            else:
                group.more += 1
    following = str(found[PAGE - 1]["newest"]) if len(found) > PAGE else ""
    return Page([groups[number] for number in numbers if number in groups], following)


def read(person: Person, ticket: int, *, at: datetime) -> int:
    """He has seen what he was told of this ticket; his other screens hear of it."""
    return _read(unread_of(person, ticket), person, at)


def read_all(person: Person, *, at: datetime) -> int:
    """He has seen everything."""
    return _read(Notice.objects.filter(person=person, read_at__isnull=True, in_inbox=True), person, at)


def _read(rows: QuerySet[Notice], person: Person, at: datetime) -> int:
    with transaction.atomic():
        count = rows.update(read_at=at)
        if count:
            publish("inbox", int(at.timestamp()), [f"person:{person.pk}"])
    return count


def forget_old(at: datetime) -> int:
    """Deletes what is older than it is kept, read or not; returns how many. What waits for a digest stays."""
    old = Notice.objects.filter(at__lt=at - timedelta(days=settings.FIRSTLINE_INBOX_DAYS), awaits=False)
    numbers = list(old.order_by("at").values_list("pk", flat=True)[:BATCH])
    return Notice.objects.filter(pk__in=numbers).delete()[0]

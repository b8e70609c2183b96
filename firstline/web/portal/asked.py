"""Lists of requests: one's own, or a company's for its coordinator."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.tickets import queries
from firstline.tickets.models import Status, Ticket

PAGE = 20
COUNTED = 100  # up to 99+


@dataclass(frozen=True)
class Page:
    """A page of a list: `next` is where the following one begins, 0 at the end; `count` at most 100."""

    tickets: list[Ticket]
    count: int
    next: int


def own(person: Person) -> QuerySet[Ticket]:
    """What he asked himself or takes part in."""
    mine = Q(requester=person) | Q(pk__in=person.takes_part.values("ticket_id"))
    return queries.visible_to(person).filter(mine)


def sees_company(person: Person) -> bool:
    return person.acts_as == Role.COORDINATOR and person.client_id is not None


def alive(person: Person) -> QuerySet[Ticket]:
    """What is open or waits to be confirmed: what waits for him first, then the newest."""
    place = Case(
        When(status=Status.WAITING_FOR_CLIENT, then=Value(0)),
        When(status=Status.RESOLVED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return queries.with_public_moment(
        own(person).filter(Q(is_open=True) | Q(status=Status.RESOLVED)).annotate(place=place).order_by("place", "-id")
    )


def waiting_for_him(person: Person) -> int:
    """How many of his own wait for an answer or a confirmation; at most 100."""
    waits = own(person).filter(status__in=(Status.WAITING_FOR_CLIENT, Status.RESOLVED))
    return len(waits.values_list("pk", flat=True)[:COUNTED])


def listed(person: Person, *, whose: str, state: str, words: str, before: int) -> Page:
    """A page of 20, newest first, from before the ticket with number `before` (0: from the newest)."""
    tickets = queries.visible_to(person) if whose == "company" and sees_company(person) else own(person)
    if state == "open":
        tickets = tickets.filter(Q(is_open=True) | Q(status=Status.RESOLVED))
    elif state == "done":
        tickets = tickets.filter(status__in=(Status.CLOSED, Status.CANCELLED))
    elif state == "yours":
        tickets = tickets.filter(status__in=(Status.WAITING_FOR_CLIENT, Status.RESOLVED))
    if words:
        tickets = tickets.filter(matching(words))
    count = len(tickets.order_by().values_list("pk", flat=True)[:COUNTED])
    if before:
        tickets = tickets.filter(pk__lt=before)
    shown = queries.with_public_moment(tickets).select_related("requester", "service")
    rows = list(shown.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], count, rows[PAGE - 1].pk if len(rows) > PAGE else 0)


def matching(words: str) -> Q:
    """By number, or by words of the subject. SQLite knows the case of Latin letters only, so both cases are tried."""
    words = words.strip().lstrip("#")[:100].replace("\x00", "")
    found = Q(subject__icontains=words) | Q(subject__icontains=words.lower()) | Q(subject__icontains=words.capitalize())
    return found | Q(pk=int(words)) if words.isascii() and words.isdigit() and len(words) <= 15 else found

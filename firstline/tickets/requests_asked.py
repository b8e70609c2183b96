"""Lists of requests: one's own, or a company's for its coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from firstline.lib.spelling import spellings
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
    return queries.visible_to(person).filter(pk__in=queries.concerning(person).values("pk"))


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


@dataclass(frozen=True)
class Question:
    """What of the requests is asked for. `since` and `until` are moments of their creation, [since, until)."""

    whose: str = "own"
    state: str = "open"
    words: str = ""
    person: int | None = None
    site: str = ""
    service: str = ""
    since: datetime | None = None
    until: datetime | None = None


STATES: dict[str, Q] = {
    "open": Q(is_open=True) | Q(status=Status.RESOLVED),
    "yours": Q(status__in=(Status.WAITING_FOR_CLIENT, Status.RESOLVED)),
    "done": Q(status__in=(Status.CLOSED, Status.CANCELLED)),
    "all": Q(),
}


def asked_for(person: Person, question: Question, state: str = "") -> QuerySet[Ticket]:
    """What fits, whatever page; `state` instead of the question's own."""
    company = question.whose == "company" and sees_company(person)
    tickets = queries.visible_to(person) if company else own(person)
    tickets = tickets.filter(STATES[state or question.state])
    if question.words:
        tickets = tickets.filter(matching(question.words))
    if question.service:
        tickets = tickets.filter(service__slug=question.service)
    if question.since is not None:
        tickets = tickets.filter(created_at__gte=question.since)
    if question.until is not None:
        tickets = tickets.filter(created_at__lt=question.until)
    if company and question.person is not None:
        tickets = tickets.filter(requester=question.person)
    if company and question.site:
        tickets = tickets.filter(equipment__site__slug=question.site)
    return tickets


def totals(person: Person, question: Question) -> dict[str, int]:
    """How many there are of each state, each at most 100."""
    counted = {
        state: asked_for(person, question, state).order_by().values_list("pk", flat=True)[:COUNTED]
        for state in ("open", "yours", "done")
    }
    return {state: len(rows) for state, rows in counted.items()}


def listed(person: Person, question: Question, before: int) -> Page:
    """A page of 20, newest first, from before the ticket with number `before` (0: from the newest)."""
    tickets = asked_for(person, question)
    count = len(tickets.order_by().values_list("pk", flat=True)[:COUNTED])
    if before:
        tickets = tickets.filter(pk__lt=before)
    shown = queries.with_public_moment(tickets).select_related("requester", "service")
    rows = list(shown.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], count, rows[PAGE - 1].pk if len(rows) > PAGE else 0)


def matching(words: str) -> Q:
    """By number, or by words of the subject."""
    words = words.strip().lstrip("#")[:100].replace("\x00", "")
    found = Q(*[("subject__icontains", spelling) for spelling in spellings(words)], _connector=Q.OR)
    return found | Q(pk=int(words)) if words.isascii() and words.isdigit() and len(words) <= 15 else found

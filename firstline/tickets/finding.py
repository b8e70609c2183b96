"""Tickets found by words: only among what the person may see, in what he may read of it, in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Substr

from firstline.people.models import Client, Person
from firstline.search import index, ranked, snippets
from firstline.search.asking import Asked
from firstline.search.question import ALL, PUBLIC
from firstline.search.ranked import Place
from firstline.search.snippets import Part
from firstline.tickets import findable, queries, statuses
from firstline.tickets.lists import WAITING
from firstline.tickets.models import Attachment, Message, Ticket

COUNTED_BY = ("status", "client_id", "line", "priority", "assignee_id")
_STATUSES = {
    "open": statuses.OPEN, "открыта": statuses.OPEN, "открытые": statuses.OPEN, "отворена": statuses.OPEN,
    "отворени": statuses.OPEN, "done": statuses.DONE, "завершённые": statuses.DONE, "приключени": statuses.DONE,
    "waiting": frozenset(WAITING), "ждёт": frozenset(WAITING), "чака": frozenset(WAITING),
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What was found, in order; `more` where there is more than was counted. `facets` counts it by its properties."""

    places: list[Place] = field(default_factory=list)
    more: bool = False
    facets: Mapping[str, Counter[Any]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.places)


def find(person: Person, asked: Asked, *, some: bool = False) -> Found:
    """Three statements at most, whatever is found. `some`: one of the words is enough."""
    rows, facts = _narrowed(queries.visible_to(person), person, asked)
    fields = ALL if person.is_agent else PUBLIC
    got: dict[int, tuple[Any, ...]] = {}
    if asked.words:
        matching = index.matching(findable.KIND, rows, asked.question(fields, facts, some=some))
        got = {row[0]: row for row in matching.values_list("pk", *COUNTED_BY)[: ranked.MOST + 1]}
    elif asked.filters:
        got = {row[0]: row for row in rows.order_by("-pk").values_list("pk", *COUNTED_BY)[: ranked.MOST + 1]}
    numbered: list[int] = []
    if asked.number is not None:
        for row in queries.visible_to(person).filter(pk=asked.number).values_list("pk", *COUNTED_BY):
            numbered, got = [row[0]], {row[0]: row, **got}
    more = len(got) > ranked.MOST
    numbers = list(got)[: ranked.MOST]
    facets = {name: Counter(got[one][place] for one in numbers) for place, name in enumerate(COUNTED_BY, 1)}
    places = ranked.order(findable.KIND, rows, asked, numbers, fields=fields, facts=facts, first=numbered)
    return Found(places, more, facets)


def is_there(person: Person, asked: Asked) -> bool:
    """Whether the person may read all of these words in any one ticket."""
    rows, facts = _narrowed(queries.visible_to(person), person, asked)
    question = asked.question(ALL if person.is_agent else PUBLIC, facts)
    return bool(index.matching(findable.KIND, rows, question).values_list("pk", flat=True)[:1])


def shown(person: Person, places: Sequence[Place], asked: Asked) -> list[tuple[Ticket, list[Part], list[Part]]]:
    """The tickets of a page, each with its subject and a few of its words, marked; two statements."""
    numbers = [place.number for place in places]
    tickets = {
        ticket.pk: ticket
        for ticket in queries.visible_to(person)
        .filter(pk__in=numbers)
        .select_related("client", "requester", "assignee", "service")
    }
    texts = _texts(person, list(tickets))
    return [
        (
            tickets[number],
            snippets.marked(tickets[number].subject, asked.terms, asked.beginning),
            snippets.around(texts.get(number, []), asked.terms, asked.beginning),
        )
        for number in numbers
        if number in tickets
    ]


def _texts(person: Person, numbers: Sequence[int]) -> dict[int, list[str]]:
    """What was said on each, newest last, as far as the person may read it; names of files after the words."""
    messages = Message.objects.filter(ticket__in=numbers).order_by("pk")
    files = Attachment.objects.filter(message__ticket__in=numbers, inline=False).order_by("pk")
    if not person.is_agent:
        messages, files = messages.filter(public=True), files.filter(message__public=True)
    found: dict[int, list[str]] = {}
    cut = messages.annotate(cut=Substr("text", Value(1), Value(snippets.READ)))
    for number, text in cut.values_list("ticket_id", "cut"):
        found.setdefault(number, []).append(text)
    for number, name in files.values_list("message__ticket_id", "name"):
        found.setdefault(number, []).append(name)
    return found


def _narrowed(
    rows: QuerySet[Ticket], person: Person, asked: Asked
) -> tuple[QuerySet[Ticket], tuple[frozenset[str], ...]]:
    """By whose they are and by the filters: in the rows, which decide, and in the facts, which spare the way."""
    facts = [whose] if (whose := findable.facts_of(person)) is not None else []
    for name, value in asked.filters.items():
        if name == "in":
            continue
        condition = _condition(name, value.lower(), person)
        rows = rows.filter(condition) if condition is not None else rows.none()
        fact = _fact(name, value.lower(), person)
        if fact:
            facts.append(frozenset({fact}))
    return rows, tuple(facts)


def _fact(name: str, value: str, person: Person) -> str:
    """The fact that a filter stands for, if there is one: without it a rare client's tickets are looked for among all
    that have a common word."""
    if name == "status":
        if value in ("open", "done"):
            return f"o{int(value == 'open')}"
        return f"s:{value}" if value in statuses.OPEN | statuses.DONE else ""
    if name in ("line", "priority"):
        return f"{'l' if name == 'line' else 'y'}{value}" if value in {"1", "2", "3", "4"} else ""
    if name == "client":
        return _numbered("c", Client.objects.filter(slug=value))
    if name == "from":
        return _numbered("r", Person.objects.filter(Q(email=value) | Q(login=value)))
    return f"u{person.pk}" if name == "assignee" and value == "me" else ""


def _numbered(letter: str, one: QuerySet[Any]) -> str:
    found = list(one.order_by("pk").values_list("pk", flat=True)[:2])
    return f"{letter}{found[0]}" if len(found) == 1 else ""


def _condition(name: str, value: str, person: Person) -> Q | None:
    """One filter; None where it names nothing that there is. Names are slugs, logins or addresses."""
    if name == "status":
        wanted = _STATUSES.get(value, frozenset({value}))
        return Q(status__in=sorted(wanted)) if wanted <= statuses.OPEN | statuses.DONE else None
    if name in ("line", "priority"):
        return Q(**{name: int(value)}) if value in {"1", "2", "3", "4"} else None
    if name == "assignee":
        if value in ("me", "я", "аз", "мен"):
            return Q(assignee=person)
        return Q(assignee__isnull=True) if value in ("none", "никто", "никой") else Q(assignee__login=value)
    if name == "from":
        return Q(requester__email=value) | Q(requester__login=value)
    return Q(**{f"{name}__slug": value})

"""A ticket as it is looked for: its words, and whose it is. The client's side is never shown `internal`."""

from __future__ import annotations

from collections.abc import Sequence

from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.search import indexing
from firstline.search.question import Document
from firstline.search.words import all_terms, plain_words
from firstline.tickets import answers
from firstline.tickets.history import SAID_BY_CLOCKS
from firstline.tickets.models import Attachment, Event, Message, Participant, Ticket

KIND = "ticket"
LONGEST_TEXT = 200_000


def follow(event: Event) -> None:
    """A reaction: whatever happens to a ticket may change what it is found by, but for what its clocks say."""
    if event.kind not in SAID_BY_CLOCKS:
        indexing.mark(KIND, event.ticket_id)


def read(numbers: Sequence[int]) -> list[Document]:
    """The tickets with these numbers as documents: five statements."""
    words: dict[int, dict[bool, list[str]]] = {number: {True: [], False: []} for number in numbers}
    messages = Message.objects.filter(ticket__in=numbers).order_by("pk")
    for ticket, public, text in messages.values_list("ticket_id", "public", "text"):
        words[ticket][public].append(text[:LONGEST_TEXT])
    files = Attachment.objects.filter(message__ticket__in=numbers, inline=False).order_by("pk")
    for ticket, public, name in files.values_list("message__ticket_id", "message__public", "name"):
        words[ticket][public].append(name)
    for number, said in answers.words(numbers).items():
        words[number][True] += said
    beside: dict[int, list[tuple[int, str]]] = {}
    taking_part = Participant.objects.filter(ticket__in=numbers).order_by("pk")
    for ticket, person, name in taking_part.values_list("ticket_id", "person_id", "person__name"):
        beside.setdefault(ticket, []).append((person, name))
    tickets = Ticket.objects.filter(pk__in=numbers).select_related("requester", "client").order_by("pk")
    return [_document(ticket, words[ticket.pk], beside.get(ticket.pk, [])) for ticket in tickets]


def _document(ticket: Ticket, words: dict[bool, list[str]], beside: list[tuple[int, str]]) -> Document:
    asks = ticket.requester
    whose = [asks.name, asks.email, asks.phone, asks.phone_e164]
    if ticket.client is not None:
        whose += [ticket.client.name, *map(str, ticket.client.names.values())]
    public = "\n".join([*whose, *words[True]])
    internal = "\n".join([*map(str, ticket.tags), *(name for _pk, name in beside), *words[False]])
    return Document(
        number=ticket.pk,
        subject=frozenset(all_terms(ticket.subject)),
        public=frozenset(all_terms(public)),
        internal=frozenset(all_terms(internal)),
        facts=frozenset(_facts(ticket, [person for person, _name in beside])),
        words=frozenset(plain_words("\n".join([ticket.subject, public, internal]))),
    )


def _facts(ticket: Ticket, beside: Sequence[int]) -> set[str]:
    return {
        f"c{ticket.client_id or 0}",
        f"r{ticket.requester_id}",
        f"p{ticket.requester_id}",
        *(f"p{person}" for person in beside),
        f"s:{ticket.status}",
        f"o{int(ticket.is_open)}",
        f"l{ticket.line}",
        f"y{ticket.priority}",
        f"u{ticket.assignee_id or 0}",
        f"g{ticket.team_id or 0}",
    }


def facts_of(person: Person) -> frozenset[str] | None:
    """The counterpart of queries.visible_to: one of these facts is on every ticket that the person may see; None where
    he sees all."""
    if person.granted:
        return None  # the rows decide, as long as it lasts
    if person.acts_as == Role.REQUESTER:
        return frozenset({f"p{person.pk}"})
    if person.acts_as == Role.COORDINATOR:
        return frozenset({f"p{person.pk}", *([f"c{person.client_id}"] if person.client_id else [])})
    if person.sees_all_clients:
        return None
    return frozenset({"c0", *(f"c{pk}" for pk in person.scope.values_list("pk", flat=True))})

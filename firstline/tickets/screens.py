"""Telling the screens that a ticket changed: to whom, never what."""

from __future__ import annotations

from collections.abc import Iterable

from firstline.live.publish import publish
from firstline.people.models import Person
from firstline.people.permissions import may
from firstline.people.roles import Role
from firstline.tickets.models import Event, Kind, Ticket

WHOLE_DESK, EVERY_AGENT, AT_THE_BOARD = "desk:*", "desk:0", "board:*"


def refresh(event: Event) -> None:
    """A reaction: one signal to all who may see the ticket; to the client's side only for what is public."""
    ticket = event.ticket
    audience = _desk_of(ticket)
    if event.public:
        audience.append(f"person:{ticket.requester_id}")
        audience += [f"person:{pk}" for pk in _beside(event)]
        if ticket.client_id:
            audience.append(f"client:{ticket.client_id}")
    publish(f"ticket:{ticket.pk}", event.pk, audience)


def tell_who_is_beside(ticket: Ticket) -> None:
    """Somebody of the desk came to a ticket, or left it, or writes: pages that show it ask again who is beside."""
    publish(f"beside:{ticket.pk}", ticket.version, _desk_of(ticket))


def _desk_of(ticket: Ticket) -> list[str]:
    return [WHOLE_DESK, f"desk:{ticket.client_id}" if ticket.client_id else EVERY_AGENT]


def refresh_counts(version: int) -> None:
    """Something that is no ticket (yet) came or was decided: lists and counts of the desk are asked for again."""
    publish("tickets", version, [WHOLE_DESK, EVERY_AGENT])


def _beside(event: Event) -> Iterable[int]:
    """Who takes part beside the requester. The first event says it itself."""
    if event.kind == Kind.CREATED:
        numbers: list[int] = event.data.get("participants", [])
        return numbers
    return event.ticket.participants.values_list("person_id", flat=True)


def listens_to(person: Person) -> list[str]:
    """The audiences that a person belongs to: the counterpart of `refresh`, same rules as queries.visible_to."""
    if person.acts_as == Role.REQUESTER:
        return [f"person:{person.pk}"]
    if person.acts_as == Role.COORDINATOR:
        return [f"person:{person.pk}", *([f"client:{person.client_id}"] if person.client_id else [])]
    at_the_board = [AT_THE_BOARD] if may(person, "board") else []
    if person.sees_all_clients:
        return [WHOLE_DESK, f"person:{person.pk}", *at_the_board]
    whole = [client.pk for one in person.granted if one.is_whole for client in one.clients.all()]
    own = person.scope.values_list("pk", flat=True)
    return [EVERY_AGENT, f"person:{person.pk}", *(f"desk:{pk}" for pk in sorted({*own, *whole})), *at_the_board]

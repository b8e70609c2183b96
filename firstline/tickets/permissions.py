"""Who may do what to a ticket he sees: product.md's table. Sees he it at all? tickets.queries says."""

from __future__ import annotations

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.tickets.models import Ticket

__all__ = ["NotAllowed", "demand", "lines_directed", "may", "may_create_for", "may_direct"]

# What a solver does to any ticket in his scope.
SOLVING = frozenset(
    {
        "take",
        "answer",
        "hand over",
        "invite",
        "wait",
        "hold",
        "resume",
        "resolve",
        "call",
        "arrive",
        "remote session",
        "link",
        "tick",
        "merge",
        "log time",
        "ask vendor",
        "acknowledge",
    }
)
# What the client's side does to its own.
CLIENTS = frozenset({"reply", "confirm", "reopen", "rate"})


def may(person: Person | None, deed: str, ticket: Ticket) -> bool:
    """`person` None is the program itself, which may everything. An unknown deed is refused."""
    if person is None:
        return True
    if not person.is_active:
        return False
    if deed in SOLVING:
        return person.solves
    if deed in CLIENTS:
        return _is_clients_side(person, ticket, deed)
    if deed == "cancel":
        return person.solves or _is_clients_side(person, ticket, deed)
    if deed in {"assign others", "direct"}:
        return may_direct(person, ticket)
    if deed in {"internal", "note"}:
        return person.is_agent
    return False


def demand(person: Person | None, deed: str, ticket: Ticket) -> None:
    """Raises NotAllowed."""
    if not may(person, deed, ticket):
        raise NotAllowed(deed)


def may_direct(person: Person, ticket: Ticket) -> bool:
    """Assigns others, changes line, priority and other properties of tickets that are not his own work."""
    if person.acts_as in {Role.MANAGER, Role.ADMINISTRATOR}:
        return True
    if person.acts_as in {Role.OPERATOR, Role.ENGINEER, Role.LEAD}:
        return ticket.assignee_id == person.pk or ticket.line in lines_directed(person)
    return False


def lines_directed(person: Person) -> frozenset[int]:
    """Between whose queues he moves tickets without a card: his line, the lead's also below, the manager's all."""
    if person.acts_as in {Role.MANAGER, Role.ADMINISTRATOR}:
        return frozenset({1, 2, 3})
    if person.line is None or person.acts_as not in {Role.OPERATOR, Role.ENGINEER, Role.LEAD}:
        return frozenset()
    return frozenset(range(1, person.line + 1)) if person.acts_as == Role.LEAD else frozenset({person.line})


def may_create_for(person: Person, client_id: int | None, requester: Person) -> bool:
    """Who may make a ticket for whom. `client_id` None: a caller whose company is not known."""
    if person.acts_as == Role.REQUESTER:
        return requester.pk == person.pk
    if person.acts_as == Role.COORDINATOR:
        return client_id is not None and client_id == person.client_id and requester.client_id == client_id
    if person.sees_all_clients or client_id is None:
        return True
    return person.clients_in_scope.filter(pk=client_id).exists()


def _is_clients_side(person: Person, ticket: Ticket, deed: str) -> bool:
    if person.acts_as == Role.REQUESTER:
        if ticket.requester_id == person.pk:
            return True
        return deed == "reply" and ticket.participants.filter(person=person).exists()
    if person.acts_as == Role.COORDINATOR:
        return ticket.client_id is not None and ticket.client_id == person.client_id
    return False

"""Things by their names (slug, login, e-mail address), as far as the caller may know that they exist (always-true 4).

What is not there and what is not his to know are refused with the same words.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from firstline.assets.models import Equipment
from firstline.contracts.models import Category, Service
from firstline.people.models import Client, Person, Team
from firstline.people.roles import DESK_SIDE
from firstline.tickets.permissions import may_create_for
from firstline.tickets.refusals import WrongValue

UNKNOWN = "unknown"


def client(by: Person, slug: str) -> Client:
    """One of the clients in his scope. Raises WrongValue."""
    found = clients_of(by).filter(slug=slug).first()
    if found is None:
        raise WrongValue("client", UNKNOWN)
    return found


def clients_of(by: Person) -> QuerySet[Client]:
    """The clients that a person may name."""
    if by.is_agent and by.sees_all_clients:
        return Client.objects.all()
    if by.is_agent:
        return by.clients_in_scope
    return Client.objects.filter(pk__in=[by.client_id] if by.client_id else [])


def service(slug: str) -> Service:
    """From the catalogue, which everybody may read. Raises WrongValue."""
    found = Service.objects.select_related("team").filter(slug=slug).first()
    if found is None:
        raise WrongValue("service", UNKNOWN)
    return found


def category(slug: str) -> Category:
    """From the catalogue. Raises WrongValue."""
    found = Category.objects.filter(slug=slug).first()
    if found is None:
        raise WrongValue("category", UNKNOWN)
    return found


def equipment(client: Client | None, slug: str) -> Equipment:
    """A thing of this client's. Raises WrongValue."""
    found = Equipment.objects.filter(slug=slug, client=client).first() if client else None
    if found is None:
        raise WrongValue("equipment", UNKNOWN)
    return found


def team(slug: str) -> Team:
    """Raises WrongValue."""
    found = Team.objects.filter(slug=slug).first()
    if found is None:
        raise WrongValue("team", UNKNOWN)
    return found


def colleague(name: str, field: str = "assignee") -> Person:
    """Somebody of the desk, by login or e-mail address. Raises WrongValue, which names the field."""
    found = _person(name).filter(role__in=DESK_SIDE).select_related("team").first()
    if found is None:
        raise WrongValue(field, UNKNOWN)
    return found


def requester(by: Person, name: str) -> Person:
    """Somebody for whom `by` may make tickets, by login or e-mail address. Raises WrongValue."""
    found = _person(name).select_related("client").first()
    if found is None or not may_create_for(by, found.client_id, found):
        raise WrongValue("requester", UNKNOWN)
    return found


def _person(name: str) -> QuerySet[Person]:
    if not name:
        return Person.objects.none()
    return Person.objects.filter(Q(login__iexact=name) | Q(email__iexact=name), is_active=True)

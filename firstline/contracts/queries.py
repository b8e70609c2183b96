"""Which contracts a person sees: those of the clients in his scope."""

from __future__ import annotations

from django.db.models import QuerySet

from firstline.contracts.models import Contract
from firstline.people.models import Client, Person
from firstline.people.permissions import may
from firstline.people.roles import SEES_ALL


def contracts_for(person: Person) -> QuerySet[Contract]:
    """Nobody's who may not see contracts at all; a lead's clients; for the rest of them all."""
    return Contract.objects.filter(client__in=clients_for(person))


def clients_for(person: Person) -> QuerySet[Client]:
    if not may(person, "see contracts"):
        return Client.objects.none()
    if person.role in SEES_ALL or person.scope_all:
        return Client.objects.all()
    return Client.objects.filter(pk__in=person.scope.values("pk"))

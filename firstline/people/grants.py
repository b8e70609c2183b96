"""Roles and scopes for a time, asked the other way round: whom they let see something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from firstline.people.models import Grant, Person


def in_force(at: datetime) -> QuerySet[Grant]:
    """Every grant that holds at the moment, of people who are in the reserve."""
    return Grant.objects.filter(starts_at__lte=at, ends_at__gt=at, person__in_reserve=True)


def reaching(at: datetime, client_id: int | None, line: int, tags: Sequence[str]) -> QuerySet[Grant]:
    """The grants in force that reach a ticket of this client, on this line, with these tags."""
    found = in_force(at).filter(Q(tag="") | Q(tag__in=list(tags)), lines__contains=str(line))
    if client_id is None:
        return found.filter(all_clients=True)
    return found.filter(Q(all_clients=True) | Q(clients=client_id))


def end(grants: QuerySet[Grant], at: datetime) -> None:
    """They hold no longer; what had not begun never does."""
    grants.filter(starts_at__gte=at).update(starts_at=at, ends_at=at)
    grants.filter(ends_at__gt=at).update(ends_at=at)


def forget(person: Person) -> None:
    """What was read of his grants before: it is read again."""
    person.__dict__.pop("grants", None)

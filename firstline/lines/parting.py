"""Somebody works here no more: he comes in no more, and every ticket that he holds is given back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from firstline.lines import dealing
from firstline.people import upkeep
from firstline.people.models import Person
from firstline.tickets.models import Ticket

WHY = "left"


def held_by(person: Person) -> QuerySet[Ticket]:
    """The open tickets that would be given back, the most urgent first."""
    return Ticket.objects.filter(assignee=person, is_open__in=[True]).order_by("due_at", "pk")


def part_with(person: Person, *, by: Person, at: datetime) -> int:
    """He is deactivated, then gives back, ticket by ticket: nothing new reaches him meanwhile. Asked again it goes on
    where it was broken off. Returns how many tickets went. Raises NotAllowed, WrongPerson."""
    upkeep.deactivate(person, by=by, at=at)
    return take_from(person, by=by, at=at)


def take_from(person: Person, *, by: Person, at: datetime) -> int:
    """Every open ticket of somebody who is not active, or solves none any more, is nobody's again."""
    numbers = list(held_by(person).values_list("pk", flat=True))
    return sum(
        dealing.give_back(Ticket(pk=number), person=person.pk, at=at, why=WHY, back=None, by=by) for number in numbers
    )

"""Somebody works here no more: he comes in no more, the roster counts on him no more, and every ticket that he holds is
given back. Or he works here again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from firstline.lines import dealing
from firstline.people import upkeep
from firstline.people.models import Person
from firstline.people.upkeep import WrongPerson
from firstline.roster import planning
from firstline.tickets.models import Ticket

WHY = "left"


def held_by(person: Person) -> QuerySet[Ticket]:
    """The open tickets that would be given back, the most urgent first."""
    return Ticket.objects.filter(assignee=person, is_open__in=[True]).order_by("due_at", "pk")


def part_with(person: Person, *, by: Person, at: datetime) -> int:
    """He is deactivated, then gives back, ticket by ticket: nothing new reaches him meanwhile. Asked again it goes on
    where it was broken off. Returns how many tickets went. Raises NotAllowed, WrongPerson."""
    with transaction.atomic():
        upkeep.deactivate(person, by=by, at=at)
        planning.replan_person(person, at)
    return take_from(person, by=by, at=at)


def give_back(person: Person, *, by: Person, at: datetime) -> int:
    """What somebody holds who solves no tickets any more. Returns how many went. Raises NotAllowed, WrongPerson where
    he works here."""
    upkeep.demand_for(by, upkeep.is_of_the_desk(person), person)
    if person.is_active and person.solves:
        raise WrongPerson([("person", "works here")])
    return take_from(person, by=by, at=at)


def part_quietly(person: Person, *, actor: str, at: datetime) -> bool:
    """The same by the program itself, for an apply file; says whether anything changed by it. Raises WrongPerson."""
    with transaction.atomic():
        left = upkeep.deactivate_quietly(person, actor=actor, at=at)
        if left:
            planning.replan_person(person, at)
    return bool(take_from(person, by=None, at=at)) or left


@transaction.atomic
def bring_back(person: Person, *, by: Person, at: datetime) -> Person:
    """He may come in again, and the roster counts on him. Raises NotAllowed, WrongPerson."""
    back = upkeep.bring_back(person, by=by, at=at)
    planning.replan_person(back, at)
    return back


def take_from(person: Person, *, by: Person | None, at: datetime) -> int:
    """Every open ticket of somebody who is not active, or solves none any more, is nobody's again."""
    numbers = list(held_by(person).values_list("pk", flat=True))
    return sum(
        dealing.give_back(Ticket(pk=number), person=person.pk, at=at, why=WHY, back=None, by=by) for number in numbers
    )

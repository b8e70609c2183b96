"""When reinforcement ends, what its people still hold goes back to the queue, visibly."""

from __future__ import annotations

from datetime import datetime

from firstline.lines import choose, dealing
from firstline.people import grants
from firstline.people.models import Grant, Person
from firstline.tickets import queries
from firstline.tickets.models import Ticket

BATCH, MOST = 50, 500
WHY = "reinforcement_over"


def give_back_due(at: datetime) -> int:
    """Each minute: what he does not see any more cannot stay his; what he still sees goes back if it is due before he
    is here again. Returns how many tickets went."""
    over = Grant.objects.filter(ends_at__lte=at, given_back_at__isnull=True).select_related("person")
    return sum(_give_back(one, at) for one in over.order_by("ends_at", "pk")[:BATCH])


def _give_back(grant: Grant, at: datetime) -> int:
    """Each ticket in a transaction of its own (ticket, then line, is everybody's order); the mark comes last, so that
    whoever is stopped in the middle goes on."""
    person = grant.person
    grants.forget(person)
    held = list(Ticket.objects.filter(assignee=person, is_open=True).values_list("pk", flat=True)[:MOST])
    seen = set(_still_seen(person, held))
    back = dealing.back_at(person.pk, at)
    went = sum(
        dealing.give_back(Ticket(pk=number), person=person.pk, at=at, why=WHY, back=back)
        for number in held
        if number not in seen
    )
    if person.pk not in choose.who_is_here(at):  # else his own shift goes on
        went += dealing.leave_behind(person.pk, at=at, why=WHY)
    Grant.objects.filter(pk=grant.pk, given_back_at=None).update(given_back_at=at)
    return went


def _still_seen(person: Person, numbers: list[int]) -> list[int]:
    if not person.solves:
        return []
    return list(queries.visible_to(person).filter(pk__in=numbers).values_list("pk", flat=True))
